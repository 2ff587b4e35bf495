"""One command writes a matter and the proofs it stands on; a repetition is answered as before."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.refusals import CaseUnheard, MatterAlreadyOpen, MatterUnknown
from shared.kernel.clock import FixedClock
from tests.legal.kit import CASE, DEBTS, Legal, backends, legal_in, place_for

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def paper(legal: Legal, matter: str, name: str) -> m.DocumentFiled:
    return m.DocumentFiled(
        document=legal.thing("doc", matter, name), kind="MANDATE", sha256=(name * 64)[:64], on=legal.today, pages=1,
        location=None, by="user:lin",
    )  # fmt: skip


@backends
async def test_a_matter_is_opened_once_and_told_of(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        with pytest.raises(CaseUnheard):
            await legal.matter()
        matter = await legal.opened(referral="ref_1")
        again = await legal.matter(referral="ref_1")
        with pytest.raises(MatterAlreadyOpen):
            await legal.matter()
        found, claims = await legal.of(matter), await legal.claims()
    assert again == matter
    assert [told.what for told in found.told] == ["OPENED"]
    assert claims.of_case.matters == (matter,)
    assert claims.debts == DEBTS


@backends
async def test_many_at_once_each_get_their_turn(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        matter = await legal.opened()
        names = "0123456789abcdef"
        await asyncio.gather(*(legal.record(matter, paper(legal, matter, one)) for one in names))
        found = await legal.of(matter)
    assert {one.sha256[0] for one in found.all(m.DocumentFiled)} == set(names)


@backends
async def test_a_repetition_is_answered_as_before(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        matter = await legal.opened()
        close = c.CloseMatter(outcome="PAID", on=legal.today, by="user:lin")
        first = await legal.do(matter, close, key="once")
        again = await legal.do(matter, close, key="once")
        with pytest.raises(MatterUnknown):
            await legal.do(CASE.replace("case", "matter"), close)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.position == first.position


async def test_two_matters_of_a_case_never_both_go_on(tmp_path: Path) -> None:
    async with legal_in(tmp_path, FixedClock(NOON)) as legal:
        first = await legal.opened()
        await legal.do(first, c.CloseMatter(outcome="WITHDRAWN", on=legal.today, by="user:lin"))
        second = await legal.matter()
        reopen = c.ReopenMatter(reason="CLOSED_IN_ERROR", on=legal.today, by="user:lin")
        with pytest.raises(MatterAlreadyOpen):
            await legal.do(first, reopen)
        await legal.do(second, c.CloseMatter(outcome="ENTERED_IN_ERROR", on=legal.today, by="user:lin"))
        await legal.do(first, reopen)
        with pytest.raises(MatterAlreadyOpen):
            await legal.do(second, reopen)
        assert (await legal.of(first)).closed is None


@backends
async def test_of_many_who_open_at_once_one_does(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        first = await legal.opened()
        await legal.do(first, c.CloseMatter(outcome="WITHDRAWN", on=legal.today, by="user:lin"))
        done = await asyncio.gather(*(legal.matter() for _ in range(8)), return_exceptions=True)
        open_now = [one for one in done if isinstance(one, str)]
        refused = [one for one in done if isinstance(one, MatterAlreadyOpen)]
        linked = (await legal.claims()).of_case.matters
    assert (len(open_now), len(refused)) == (1, 7), done
    assert linked == (first, *open_now)
