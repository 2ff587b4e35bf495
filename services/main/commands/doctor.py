"""`quittance doctor`: is everything as it must be? Each check says what it found and what to do."""

import os
import stat
import sys
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

import typer

from services.main.clocks import warning
from services.main.console import Console
from services.main.failures import told
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.settings import Settings
from services.main.stores import SqliteFolder
from services.main.usage import Exit

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from services.main.session import AnyService
    from shared.messaging.place import Place

FREE_BYTES_MIN = 256 << 20
PYTHON_MIN = (3, 11)
OUR_NAMES = ("services", "shared")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `says` is in English, `zh` in Chinese."""

    name: str
    ok: bool
    says: str
    zh: str


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "doctor", "quittance doctor", "quittance doctor --store sqlite:///./.quittance/ --json")
    def doctor(store: Store = None, json: Json = False) -> None:
        """Look at Python, names, disk, keys, store, lanes, views and parked streams; exit code 1 if one needs care."""
        session = Session.begin(store=store, as_json=json)
        checks = [_python(), _names(), *_disk(session.settings), _keys(session.settings)]
        checks += [*_test_clock(session), *_store(session)]
        _tell(session.console, checks)
        if not all(check.ok for check in checks):
            raise typer.Exit(Exit.FAILED)


def _tell(console: Console, checks: list[Check]) -> None:
    if console.as_json:
        console.answer([{"check": c.name, "ok": c.ok, "says": console.pick(c.says, c.zh)} for c in checks])
        return
    for check in checks:
        mark = console.pick("ok", "正常") if check.ok else console.pick("CARE", "注意")
        console.say(f"{mark:<5} {check.name:<8} {console.pick(check.says, check.zh)}")


def _python() -> Check:
    shown = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= PYTHON_MIN, f"Python {shown}", f"Python {shown}")


def _names() -> Check:
    """The index has packages called `services` and `shared`; installing one overwrites or shadows ours."""
    owners = metadata.packages_distributions()
    foreign = sorted({one for name in OUR_NAMES for one in owners.get(name, ())} - {"quittance"})
    if foreign:
        return Check(
            "names",
            False,
            f"{', '.join(foreign)} brings packages of our names: make the environment anew without it",
            f"{'、'.join(foreign)} 含有与本平台同名的包：请在没有它的新环境中重新安装",
        )
    return Check("names", True, "nobody else brings `services` or `shared`", "没有其他软件包占用同名包")


def _disk(settings: Settings) -> list[Check]:
    if not isinstance(settings.store, SqliteFolder):
        return []
    folder = settings.store.folder.absolute()
    while not folder.exists():
        folder = folder.parent
    room = os.statvfs(folder)
    free = room.f_bavail * room.f_frsize
    return [
        Check(
            "disk",
            free >= FREE_BYTES_MIN,
            f"{free >> 20:,} MiB free for the store",
            f"账本可用空间 {free >> 20:,} MiB",
        )
    ]


def _keys(settings: Settings) -> Check:
    try:
        mode = stat.S_IMODE(settings.key_file.stat().st_mode)
    except FileNotFoundError:
        return Check(
            "keys", True, "no key file yet; the first import makes one", "尚无密钥文件；首次导入时生成"
        )
    if mode & 0o077:
        return Check(
            "keys",
            False,
            f"others may read the key file (mode {mode:04o}): chmod 600 it",
            f"其他用户可以读取密钥文件（权限 {mode:04o}）：请执行 chmod 600",
        )
    return Check("keys", True, "the key file is its owner's alone", "密钥文件仅所有者可读")


def _test_clock(session: Session) -> list[Check]:
    """A test clock is nothing wrong, and never to be overlooked."""
    said = warning(session.settings, session.clock)
    return [Check("testing", True, *said)] if said else []


def _store(session: Session) -> list[Check]:
    """What the store and its views say; the first fault ends it."""
    try:
        return [check for found in session.with_each(_looked_at).values() for check in found]
    except Exception as problem:
        telling = told(problem)
        if telling is None:
            raise
        return [Check("store", False, telling[1], telling[2])]


async def _looked_at(service: "AnyService") -> list[Check]:
    from services.case.wiring import CaseService

    lanes = await service.ledger.lanes(service.tenant)
    events, name = sum(lane.head for lane in lanes), service.ledger.service
    now = service.clock.now()
    ahead = [lane.lane for lane in lanes if lane.last_recorded_at and lane.last_recorded_at > now]
    checks = [
        Check(
            "store",
            True,
            f"{name}: {events:,} events in {len(lanes)} lane(s)",
            f"{name}：{len(lanes)} 条通道，{events:,} 个事件",
        ),
        Check(
            "clock",
            not ahead,
            "the clock is behind the last recorded event: set it right" if ahead else "not behind the ledger",
            "系统时钟早于最后记录的事件：请校准" if ahead else "时钟不早于账本",
        ),
    ]
    if isinstance(service, CaseService):
        checks.append(await _days(service))
    for view in await service.projections.status():
        behind = f"{view.name}: {view.lag:,} events behind"
        checks.append(
            Check(
                "view",
                not view.parked,
                f"{behind}, {view.parked} parked: see `quittance parked ls`" if view.parked else behind,
                f"{view.name}：落后 {view.lag:,} 个事件"
                + (f"，搁置 {view.parked} 个流" if view.parked else ""),
            )
        )
    return [*checks, *await _hears(service)]


async def _hears(service: "AnyService") -> list[Check]:
    """Does it hear the other services, and could it take what it heard? Who never heard one may stand alone."""
    from services.main.hearing import places_of

    return [await _hears_one(place) for place in places_of(service)]


async def _hears_one(place: "Place") -> Check:
    standing = await place.standing()
    heard, parked = sum(lane.position for lane in standing), sum(lane.parked for lane in standing)
    if not standing:
        return Check(
            "feed", True, f"{place.name}: nothing was heard yet", f"{place.name}：尚未接收过另一服务的事件"
        )
    said, zh = f"{place.name}: heard up to {heard:,}", f"{place.name}：已接收至 {heard:,}"
    if parked:
        said, zh = f"{said}, {parked} parked: see `quittance parked ls`", f"{zh}，搁置 {parked} 个流"
    return Check("feed", not parked, said, zh)


async def _days(case: "CaseService") -> Check:
    """Is what fell due judged? A store that no worker ever swept is none to worry about."""
    last = await case.days.last_swept()
    if last is None:
        return Check(
            "days",
            True,
            "no day was swept yet; `quittance work case` does it",
            "尚未处理过任何一天；`quittance work case` 会逐日处理",
        )
    behind = (case.days.yesterday - last).days
    if behind > 1:
        return Check(
            "days",
            False,
            f"swept up to {last}, {behind} days are missing: run `quittance work case`, or `quittance sweep`",
            f"已处理至 {last}，缺 {behind} 天：请运行 `quittance work case` 或 `quittance sweep`",
        )
    return Check("days", True, f"swept up to {last}", f"已处理至 {last}")
