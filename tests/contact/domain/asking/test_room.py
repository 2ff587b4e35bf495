"""What is left in every cap, and the counts behind it: the same contacts that a refusal would name."""

from services.contact.adapters.pack_files import shipped
from services.contact.domain.asking.room import caps, windows
from services.contact.domain.decide import decide
from tests.contact.questions import asked

PACKS = shipped(house=True)


def _called(at: str, outcome: str, **more: object) -> dict[str, object]:
    return {"t": at, "ev": "call", "outcome": outcome, "debts": ["D"], "address": "p", **more}


MADE = [
    _called("2026-02-27T09:00:00+08:00", "conversation"),
    _called("2026-03-02T08:00:00+08:00", "conversation"),
    _called("2026-03-02T08:30:00+08:00", "busy"),
    _called("2026-03-02T09:00:00+08:00", "ring_no_answer", address="q"),
    _called("2026-03-02T09:10:00+08:00", "conversation", direction="in"),
    _called("2026-03-02T09:20:00+08:00", "conversation", person="prs_1"),
]


def test_every_cap_says_what_is_used_of_it_and_by_which_contacts() -> None:
    found = {one.rule: one for one in caps(asked(*MADE, address="p"), PACKS)}
    effective = found["CN-GBT45251-CALLS"]
    assert (effective.used, effective.limit, effective.left, effective.days) == (1, 3, 2, 1)
    missed = found["CN-CBA2026-ATTEMPTS"]
    assert (missed.used, missed.limit) == (1, 6)
    assert all(
        one.rule not in decide(asked(*MADE, address="p"), PACKS).rules for one in found.values() if one.left
    )


def test_what_is_used_up_is_what_refuses_with_the_same_contacts() -> None:
    question = asked(*(_called(f"2026-03-02T08:0{minute}:00+08:00", "conversation") for minute in range(5)))
    full = [one for one in caps(question, PACKS) if not one.left]
    assert full
    refused = {one.rule: one for one in decide(question, PACKS).findings}
    for one in full:
        assert refused[one.rule].counted == one.counted
        assert (refused[one.rule].observed, refused[one.rule].limit) == (one.used, one.limit)


def test_windows_count_today_and_seven_days_as_the_rules_do() -> None:
    found = {
        (one.kind, one.days): (one.person, one.point) for one in windows(asked(*MADE, address="p"), PACKS)
    }
    assert found == {
        ("any", 1): (3, 2), ("connected", 1): (2, 1), ("conversation", 1): (1, 1), ("not_reached", 1): (2, 1),
        ("any", 7): (4, 3), ("connected", 7): (3, 2), ("conversation", 7): (2, 2), ("not_reached", 7): (2, 1),
    }  # fmt: skip


def test_a_text_is_sent_and_neither_connected_nor_not() -> None:
    sent = [{"t": "2026-03-02T09:00:00+08:00", "ev": "sms", "address": "p"}]
    found = {
        (one.kind, one.days): one.person for one in windows(asked(*sent, channel="sms", address="p"), PACKS)
    }
    assert found["any", 1] == 1
    assert found["connected", 7] == 0


def test_a_contact_to_a_number_that_was_another_persons_is_none_to_this_one() -> None:
    disproved = {"t": "2026-03-02T09:30:00+08:00", "ev": "number_disproved", "address": "p"}
    found = {(one.kind, one.days): one.person for one in windows(asked(*MADE, disproved, address="q"), PACKS)}
    assert found["any", 7] == 1


def test_without_a_pack_there_is_nothing_to_count() -> None:
    assert caps(asked(jurisdictions=("ZZ",)), PACKS) == ()
    assert windows(asked(jurisdictions=("ZZ",)), PACKS) == ()
