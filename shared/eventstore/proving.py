"""The rules that one stored event must hold, and the memory that checking them in order needs."""

import json
import re
import zoneinfo
from collections.abc import Mapping
from functools import lru_cache

from shared.eventstore import leaf, sections
from shared.eventstore.keyring import Keyring
from shared.eventstore.port import LaneInfo, LedgerError, Row, StoredCommand
from shared.eventstore.recorded import part_class
from shared.eventstore.registry import Registry

Finding = str
RULES: Mapping[Finding, tuple[str, str]] = {
    "leaf-form": ("the leaf is not canonical", "叶子不是规范格式"),
    "leaf-columns": ("the columns do not say what the leaf says", "列内容与叶子不一致"),
    "leaf-chain": ("the leaf does not follow the stream's previous leaf", "叶子未接续该流的上一片叶子"),
    "leaf-origin": ("the leaf names another log", "叶子所属的日志名称不符"),
    "leaf-zone": ("the leaf names a time zone that does not exist", "叶子中的时区不存在"),
    "section-list": ("the body's sections are not those the leaf lists", "正文的分节与叶子所列不符"),
    "section-commitment": ("a section does not match its commitment", "分节内容与其承诺值不符"),
    "section-sealed": ("a section does not open under its key", "分节无法用其密钥打开"),
    "section-missing": ("a section is gone and no erasure order says so", "分节缺失，且没有删除令"),
    "key-missing": ("a section's key is gone and no erasure order says so", "分节的密钥缺失，且没有删除令"),
    "body-form": ("the body is not a list of sections", "正文不是分节列表"),
    "type-unknown": ("no registered type has this name", "没有登记该名称的事件类型"),
    "payload-shape": ("a section does not fit the registered type", "分节内容与登记的类型不符"),
    "version-gap": ("the stream's versions have a gap", "流的版本号不连续"),
    "position-gap": ("the lane's positions have a gap", "通道的位置号不连续"),
    "time-order": ("recorded earlier than the event before it", "记录时间早于前一事件"),
    "lane-wrong": ("the stream does not belong in this lane", "该流不属于此通道"),
    "correlation": ("the correlation is not that of its command or cause", "关联编号与命令或起因不符"),
    "command-answer": ("its command's stored answer points elsewhere", "命令的存档答复未指向其最后事件"),
    "tail-missing": ("events are missing before the lane's head", "通道末尾缺少事件"),
    "beyond-head": ("events stand beyond the lane's head", "有事件超出通道末尾"),
    "store-damaged": ("the store's file cannot be read from here on", "存储文件自此处起无法读取"),
}  # fmt: skip
"""code -> (English, 中文)."""

FOREIGN_TENANT = "library:"
"""Lanes of the eventsourcing library: types outside our registry, versions from 0 or 1, correlation its own."""
_ZONE = re.compile(rb'"zone":"([^"]*)"\}$')


class Chain:
    """What is remembered of a lane while its events pass in order."""

    def __init__(self, lane: LaneInfo, shards: int, origin: str) -> None:
        self.lane, self.shards, self.origin = lane, shards, origin
        self.foreign = lane.tenant.startswith(FOREIGN_TENANT)
        self.sections_opened = 0
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._last: Row | None = None
        self._ended: dict[bytes, Row] = {}

    def before(self, row: Row) -> tuple[int, bytes | None]:
        """(version, leaf hash) of the stream before this event."""
        return self._heads.get(row.stream_id) or ((row.version - 1 if self.foreign else 0), None)

    def passed(self, row: Row) -> None:
        """Remember the event as the head of its stream and the last of its command."""
        self._heads[row.stream_id] = (row.version, leaf.leaf_hash(row.leaf))
        if self._last is not None and self._last.command_id != row.command_id:
            self._ended[self._last.command_id] = self._last
        self._last = row

    def earlier(self, row: Row) -> bool:
        """Whether it claims to have been recorded before its predecessor."""
        return self._last is not None and row.recorded_at < self._last.recorded_at

    def ended_commands(self) -> dict[bytes, Row]:
        """The last events of commands that are over; each is told once. At the end of a lane, all."""
        ended, self._ended = self._ended, {}
        if self._last is not None and self._last.position >= self.lane.head:
            ended[self._last.command_id] = self._last
        return ended


def findings(row: Row, chain: Chain, keyring: Keyring, registry: Registry) -> list[Finding]:
    """The rules this event breaks, none for nearly all. The chain then stands behind it."""
    found: list[Finding] = []
    version, prev = chain.before(row)
    if row.version != version + 1:
        found.append("version-gap")
    if chain.earlier(row):
        found.append("time-order")
    if not chain.foreign and not _lives_in(chain, row.stream_id):
        found.append("lane-wrong")
    if not chain.foreign and row.causation_id is None and row.correlation_id != row.command_id:
        found.append("correlation")
    committed = _sections(row, chain, keyring, registry, found)
    zone = _ZONE.search(row.leaf)
    zone_name = zone[1].decode("ascii", "replace") if zone else None
    if zone_name is not None and zone_name not in _zones():
        found.append("leaf-zone")
    if committed is None or _expected(row, chain.origin, prev, committed, zone_name) != row.leaf:
        found += _differences(row, chain.origin, prev, committed)
    chain.passed(row)
    return found


def _lives_in(chain: Chain, stream: str) -> bool:
    """Is this the lane that the stream's id names?"""
    try:
        return int(stream[-2:], 16) % chain.shards == chain.lane.shard
    except ValueError:
        return False


def _expected(row: Row, origin: str, prev: bytes | None, committed: str, zone: str | None) -> bytes:
    shared = leaf.command_part(actor=row.actor, command_id=row.command_id, log=origin, policy=row.policy)
    try:
        return leaf.build(
            shared, at=leaf.instant(row.recorded_at), cause=row.causation_id,
            effective=leaf.instant(row.effective_at), event_id=row.event_id, prev=prev, schema=row.schema,
            sections=committed, stream=row.stream_id, type_=row.type, version=row.version, zone=zone,
        )  # fmt: skip
    except (UnicodeEncodeError, LedgerError):
        return b""


def _sections(
    row: Row, chain: Chain, keyring: Keyring, registry: Registry, found: list[Finding]
) -> str | None:
    """The leaf's `sec` text as the body says it should be; None if the body does not say."""
    try:
        frames = sections.unframe(row.body)
    except sections.BoxBroken:
        found.append("body-form")
        return None
    event = leaf.uuid_text(row.event_id)
    committed: list[tuple[str, bytes, bytes]] = []
    opened: dict[str, bytes] = {}
    for frame in frames:
        cipher = keyring.reading(frame.subject, part_class(frame.name), frame.kid)
        if cipher is None:
            found.append("key-missing")
            return None
        try:
            salted = sections.open_box(
                frame.box, key=cipher, kid=frame.kid, tenant=chain.lane.tenant, event=event, name=frame.name
            )
        except sections.BoxBroken:
            found.append("section-sealed")
            return None
        committed.append((frame.name, frame.subject, sections.commitment(row.event_id, frame.name, salted)))
        opened[frame.name] = salted[sections.SALT_BYTES :]
        chain.sections_opened += 1
    if not chain.foreign:
        _shape(row, opened, registry, found)
    return leaf.section_list(committed)


def _shape(row: Row, opened: Mapping[str, bytes], registry: Registry, found: list[Finding]) -> None:
    try:
        event_type = registry.named(row.type, row.schema)
    except LedgerError:
        found.append("type-unknown")
        return
    if {section.name for section in event_type.sections} != opened.keys():
        found.append("section-missing")
        return
    try:
        registry.decode(row.type, row.schema, opened)
    except LedgerError:
        found.append("payload-shape")


def _differences(row: Row, origin: str, prev: bytes | None, committed: str | None) -> list[Finding]:
    """Which part of the leaf does not hold."""
    try:
        says = leaf.parse(row.leaf)
    except (ValueError, RecursionError):
        return ["leaf-form"]
    found: list[Finding] = []
    if says.get("prev") != (leaf.base64(prev) if prev else None):
        found.append("leaf-chain")
    if says["log"] != origin:
        found.append("leaf-origin")
    columns = {
        "actor": row.actor, "at": leaf.instant(row.recorded_at), "cmd": leaf.uuid_text(row.command_id),
        "cause": leaf.uuid_text(row.causation_id) if row.causation_id else None,
        "eff": leaf.instant(row.effective_at), "eid": leaf.uuid_text(row.event_id), "policy": row.policy,
        "schema": row.schema, "stream": row.stream_id, "type": row.type, "ver": row.version,
    }  # fmt: skip
    if any(says.get(key) != value for key, value in columns.items()):
        found.append("leaf-columns")
    if committed is not None:
        found += _section_differences(says["sec"], json.loads(committed))
    elif not found:
        return []
    return found or ["leaf-form"]


def _section_differences(says: object, body: list[dict[str, str]]) -> list[Finding]:
    if not isinstance(says, list) or not all(isinstance(one, dict) for one in says):
        return ["leaf-form"]
    if [(one.get("n"), one.get("k")) for one in says] != [(one["n"], one["k"]) for one in body]:
        return ["section-list"]
    return ["section-commitment"] if says != body else []


def command_findings(ended: Mapping[bytes, Row], stored: Mapping[bytes, StoredCommand]) -> list[Row]:
    """The last events of the commands whose stored answer is missing or points elsewhere."""
    return [
        row
        for command_id, row in ended.items()
        if command_id not in stored or stored[command_id].position != row.position
    ]


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
