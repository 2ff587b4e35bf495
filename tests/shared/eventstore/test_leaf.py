"""The leaf is DESIGN.md's, byte for byte, and nothing else parses as one."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.eventstore import leaf
from shared.eventstore.port import Malformed, Oversize

EVENT = UUID("0190f3a1-0000-8000-8000-000000000001").bytes
COMMAND = UUID("0190f3a1-0000-8000-8000-000000000002").bytes
CAUSE = UUID("0190f3a1-0000-8000-8000-000000000003").bytes
PERSON = UUID("0190f3a1-0000-8000-8000-000000000004").bytes


def a_leaf(**change: object) -> bytes:
    shared = leaf.command_part(
        actor="user:5b0e", command_id=COMMAND, log="quittance.test/default/case", policy="cn-retail/7"
    )
    said = {
        "at": "2026-11-22T00:31:00.123456Z", "cause": CAUSE, "effective": "2026-11-21T16:00:00.000000Z",
        "event_id": EVENT, "prev": b"\x01" * 32, "schema": 1,
        "sections": leaf.section_list([("facts", PERSON, b"\x02" * 32)]),
        "stream": "case-0190f3a1-0000-8000-8000-000000000005", "type_": "case.PromiseToPay", "version": 17,
        "zone": "Asia/Shanghai",
    }  # fmt: skip
    return leaf.build(shared, **{**said, **change})  # type: ignore[arg-type]


def test_a_leaf_is_the_designs_bytes() -> None:
    assert a_leaf() == (
        b'{"actor":"user:5b0e","at":"2026-11-22T00:31:00.123456Z","cause":"0190f3a1-0000-8000-8000-000000000003",'
        b'"cmd":"0190f3a1-0000-8000-8000-000000000002","eff":"2026-11-21T16:00:00.000000Z",'
        b'"eid":"0190f3a1-0000-8000-8000-000000000001","log":"quittance.test/default/case","policy":"cn-retail/7",'
        b'"prev":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=","schema":1,'
        b'"sec":[{"c":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","k":"0190f3a1-0000-8000-8000-000000000004",'
        b'"n":"facts"}],"stream":"case-0190f3a1-0000-8000-8000-000000000005","type":"case.PromiseToPay",'
        b'"v":"quittance-leaf/1","ver":17,"zone":"Asia/Shanghai"}'
    )


def test_absent_values_leave_no_key() -> None:
    keys = json.loads(a_leaf(cause=None, prev=None, zone=None)).keys()
    assert not keys & {"cause", "prev", "zone"}


def test_a_leaf_parses_as_itself() -> None:
    assert leaf.parse(a_leaf())["ver"] == 17


@pytest.mark.parametrize(
    "altered",
    [
        a_leaf() + b" ",
        a_leaf().replace(b'"schema":1,', b'"schema": 1,'),
        a_leaf().replace(b'"schema":1,', b""),
        a_leaf().replace(b'"ver":17', b'"ver":17,"vex":1'),
        a_leaf().replace(b"quittance-leaf/1", b"quittance-leaf/2"),
        b"[]",
        b"not json",
        b'{"a":1,"a":2}',
    ],
)
def test_anything_else_is_refused(altered: bytes) -> None:
    with pytest.raises(ValueError):
        leaf.parse(altered)


def test_the_hash_is_rfc_6962s() -> None:
    assert leaf.leaf_hash(b"x") == hashlib.sha256(b"\x00x").digest()


@pytest.mark.parametrize("value", ["", 'a"b', "a b", "张三", "a\nb", "-a", "a" * 301])
def test_a_name_that_would_need_escaping_is_refused_and_not_echoed(value: str) -> None:
    with pytest.raises(Malformed) as refusal:
        leaf.named("actor", value)
    assert not value or value not in str(refusal.value)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(Malformed):
        leaf.instant(datetime(2026, 1, 1))


def test_an_instant_has_six_digits_whatever_it_holds() -> None:
    assert leaf.instant(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000Z"


def test_a_leaf_above_the_tile_limit_is_refused() -> None:
    with pytest.raises(Oversize):
        a_leaf(sections=leaf.section_list([("facts", PERSON, b"\x02" * 32)] * 700))
