"""What a suit does to limitation, through its steps: filed, served, withdrawn, retracted."""

from services.legal.domain.facts import suit as s
from services.legal.domain.limitation.reading import DebtReading, limitation
from tests.legal.deadlines.story import Story, day
from tests.legal.tracks.test_suit import SUIT, WIFE, both


def read(story: Story, as_of: str) -> DebtReading:
    [found] = limitation(story.claims, story.ground.law, as_of=day(as_of))
    return found


def test_of_a_suit_taken_back_only_its_service_is_left() -> None:
    """The debt fell due on 30 June 2025; the papers were served on 3 September 2026."""
    story = Story.opened()
    story.filed("2026-09-01")
    story.take(s.SuitAccepted, "2026-09-02", SUIT)
    story.take(s.SuitServed, "2026-09-03", SUIT)
    assert read(story, "2026-09-09").state == "IN_PROCEDURE"
    story.take(s.SuitWithdrawn, "2026-09-10", SUIT, reason="PAID", settlement=None)
    found = read(story, "2026-09-10")
    assert found.raw_on == day("2029-09-03")
    assert [link.effect for link in found.chain] == ["START", "UNDONE", "RESTART", "UNDONE"]


def test_of_a_suit_that_nobody_was_served_with_nothing_is_left() -> None:
    story = Story.opened()
    story.filed("2026-09-01")
    story.take(s.SuitNotAccepted, "2026-09-04", SUIT, reason="PAPERS")
    assert read(story, "2026-09-04").raw_on == day("2028-06-30")


def test_papers_are_a_demand_of_whom_they_were_served_on_and_of_nobody_else() -> None:
    story = Story.opened()
    against = both(story)
    story.filed("2026-09-01", against=against)
    story.take(s.SuitAccepted, "2026-09-02", SUIT)
    story.take(s.SuitServed, "2026-09-03", SUIT, person=WIFE)
    [served] = [one for one in story.claims.of_case.proofs.values() if one.kind == "demand_delivered"]
    assert (served.person, served.others, served.medium, served.thing) == (WIFE, (), "SERVICE", None)
