"""A party as its stream tells it, whatever of it was erased."""

from datetime import date

import pytest

from services.case.domain.privacy.party_sheet import FIELDS, fold
from shared.eventstore.registry import ERASED, Erased
from shared.kernel.privacy.limits import PrivacyLimits
from tests.kit import parties
from tests.kit.parties import Person

PARTY = "party-6f1c0d1e-0000-8000-8000-000000000003"


def test_what_was_corrected_and_what_ended() -> None:
    sheet = fold(
        PARTY,
        [
            parties.registered(Person()), parties.point("PHONE", "+8613812345678"), parties.point("EMAIL", "a@b.cn"),
            parties.ended("PHONE", "+8613812345678"), parties.point("PHONE", "+8613912345678"),
            parties.corrected(Person(name="张无忌", birth_on=None), 1),
        ],
    )  # fmt: skip
    assert sheet.revealed(FIELDS) == {
        "NAME": ["张无忌"], "IDENTITY_NO": ["110101199003071234"], "BIRTH_ON": [], "PHONE": ["+8613912345678"],
        "EMAIL": ["a@b.cn"], "ADDRESS": [], "WECHAT": [],
    }  # fmt: skip
    assert sheet.fields == ("NAME", "IDENTITY_NO", "PHONE", "EMAIL")
    assert [one.ended_on for one in sheet.points.values()] == [date(2026, 11, 5), None, None]
    assert (sheet.masked("BIRTH_ON"), sheet.party_ref) == (None, "P-4711")


def test_what_was_erased_is_nothing() -> None:
    gone = parties.registered(Person())
    blank = type(gone)(
        **{name: getattr(gone, name) for name in ("kind", "on", "language", "identity_kind")},
        party_ref=ERASED, name=ERASED, identity_no=ERASED, birth_on=ERASED,  # type: ignore[arg-type]
    )  # fmt: skip
    point = parties.point("PHONE", "+8613812345678")
    hidden = type(point)(
        **{n: getattr(point, n) for n in point.__struct_fields__ if n != "value"},
        value=ERASED,  # type: ignore[arg-type]
    )
    for events in ([blank, hidden], [Erased("case.PartyRegistered/v1")], []):
        sheet = fold(PARTY, events)
        assert (sheet.known, sheet.fields) == (False, ())
        assert all(value == [] for value in sheet.revealed(FIELDS).values())


def test_a_limit_is_one_or_more() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        PrivacyLimits(reveals_per_hour=0, searches_per_hour=1, shown_s=1)
