"""Contact figures once an attempt is known better: restated from then on, and as they were for who asks of then."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from services.case.domain import case_commands as c
from tests.case.projections.figures.asking import Case, bridged, sides
from tests.case.projections.lives import march
from tests.case.projections.portfolio import desk
from tests.kit.ledgers import backends

CALLED = march(5)


def revised(revision: int, outcome: str, *, day: int = 5, retracted: bool = False) -> c.ReviseAttempt:
    """The call of the case by what is known later."""
    on = march(day)
    return c.ReviseAttempt(
        attempt_ref="cat_1", revision=revision, at=datetime(on.year, on.month, on.day, 4, tzinfo=UTC), on=on,
        outcome=outcome, permit=None, rules=(), retracted=retracted,
    )  # fmt: skip


@backends
async def test_a_correction_and_its_correction_restate_right_party_contacts(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case, other = await Case(it.ledger, "A-1").open(), await Case(it.ledger, "A-2").open()
        await other.attempt("cat_9", CALLED, "RIGHT_PARTY")
        await case.attempt("cat_1", CALLED, "NO_ANSWER")
        asked = {"from_": march(1), "to": march(31)}
        told = [(case.known[-1], (1, 2))]
        steps = ((3, "RIGHT_PARTY", (2, 2)), (2, "NO_ANSWER", (2, 2)), (4, "NO_ANSWER", (1, 2)))
        for number, outcome, right in steps:
            await case.do(revised(number, outcome))
            told.append((case.known[-1], right))
        await case.do(revised(5, "NO_ANSWER", retracted=True))
        told.append((case.known[-1], (1, 1)))
        for known, right in told:
            found = await sides(it, "contact", march(31), known_at=known, **asked)
            assert found["right_party_per_attempt",] == right
            assert found["right_party_per_account",] == right
        by = await sides(it, "contact", march(31), known_at=told[1][0], by="channel", **asked)
        assert by["right_party_per_attempt", "VOICE"] == (2, 2)
        taken = await sides(it, "promise", march(31), known_at=told[1][0], **asked)
        assert taken["promise_to_pay",] == (0, 2)

        found_ = await bridged(it, "contact", told[0][0], told[1][0], as_of=march(31), **asked)
        assert found_.restated()["right_party_per_attempt", ""] == Fraction(1, 1)
        causes = {cause.type for one in found_.changes for cause in one.because}
        assert causes == {"case.ContactRevised"}


@backends
async def test_an_attempt_that_was_on_another_day_counts_in_its_month(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "A-1").open()
        await case.attempt("cat_1", CALLED, "RIGHT_PARTY")
        known = case.known[-1]
        await case.do(revised(2, "RIGHT_PARTY", day=9))
        first, second = {"from_": march(1), "to": march(7)}, {"from_": march(8), "to": march(31)}
        assert await sides(it, "contact", march(31), **first) == {}
        assert (await sides(it, "contact", march(31), **second))["connect",] == (1, 1)
        assert (await sides(it, "contact", march(31), known_at=known, **first))["connect",] == (1, 1)
