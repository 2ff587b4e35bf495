"""What the tests of suits share: parties, a suit up to its hearing, steps by time."""

from __future__ import annotations

from typing import Any

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import suit as s
from services.legal.domain.tracks.all_tracks import status_of
from shared.kernel.money import Money
from tests.legal.deadlines.story import OF, OWED, Story, day, track

SUIT = "suit"
WIFE = "prs_" + "aa" * 16
NOTHING = Money(0, "CNY")


def status(story: Story, of: str = SUIT) -> str | None:
    return status_of(story.matter, track(of))


def party(story: Story, name: str, role: str, person: str | None, guarantee: str | None = None) -> str:
    """Name a party; its id."""
    made = f"pty_{OF}{name.encode().hex():0>16}"
    named = m.PartyNamed(
        party=made, person=person, role=role, debts=(), guarantee=guarantee, until=None, on=day("2026-01-05"),
        reference=None,
    )  # fmt: skip
    story.do(c.Record(fact=named), "2026-01-05")
    return made


def both(story: Story) -> tuple[str, str]:
    """The debtor and his wife, who owes with him."""
    return party(story, "debtor", "DEBTOR", None), party(story, "wife", "JOINT_DEBTOR", WIFE)


def heard(story: Story, on: str) -> None:
    """From acceptance to the hearing, all on one day."""
    story.take(s.SuitAccepted, on, SUIT)
    story.take(s.SuitServed, on, SUIT)
    story.take(s.HearingSet, on, SUIT, hearing_on=day(on))
    story.take(s.SuitHeard, on, SUIT)


def by_time(story: Story, step: Any) -> None:
    story.do(c.TakeStep(step=step, by="system:sweep", by_time=True), step.on.isoformat())


def effective(story: Story, on: str, **how: Any) -> Any:
    given = {"amount": OWED, "perform_until": day("2026-12-31"), "because": "NOT_APPEALED", **how}
    return story.build(s.JudgmentEffective, on, SUIT, **given)


def in_force(story: Story, as_of: str) -> list[Any]:
    """The judgments that a sweep finds to be in force."""
    return [one for one in story.sweep(as_of) if isinstance(one, s.JudgmentEffective)]
