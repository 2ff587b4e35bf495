"""Who has a role on the accounts of a case, on both stores; the debtor is told once, however often the book says it."""

from datetime import date
from pathlib import Path

import pytest

from services.case.domain.events import CaseOpened, RoleEnded
from services.case.projections.privacy import party_roles
from shared.eventstore.projection.status import digest
from shared.kernel.money import Money
from tests.case.projections.privacy.test_party_index import FRIEND, searched
from tests.kit import parties
from tests.kit.ledgers import backends
from tests.kit.parties import Person


@backends
async def test_the_parties_of_a_case_and_the_cases_of_a_party(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shards = 1 if backend == "sqlite" else 3
    async with searched(backend, tmp_path, request, shards=shards) as it:
        debtor = await parties.book(it.ledger, Person(), account="A-1")
        friend = await parties.book(it.ledger, FRIEND, account="A-1", role="GUARANTOR")
        await parties.link(it.ledger, debtor, "A-1", role="JOINT_DEBTOR")
        account = it.ledger.stream_id("account", "A-1", debtor_ref="A-1")
        case = it.ledger.stream_id("case", "A-1", "1", debtor_ref="A-1")
        opened = CaseOpened(
            debtor_ref="A-1", episode=1, debts=(account,), as_of=date(2026, 10, 31), arrears=Money(100, "CNY"),
            days_past_due=31,
        )  # fmt: skip
        await parties.append(it.ledger, case, [opened], about="A-1")
        await it.projections.catch_up()
        assert sorted(await it.finder.in_case(case)) == sorted([debtor, friend])
        assert await it.finder.in_case("case-00000000-0000-8000-8000-000000000000") == []
        roles = await it.finder.roles([debtor, friend])
        assert sorted(role["kind"] for role in roles[debtor]) == ["DEBTOR", "JOINT_DEBTOR"]
        [guaranty] = roles[friend]
        assert (guaranty["account"], guaranty["cases"], guaranty["ended_on"]) == (account, [case], None)
        rows = await it.projections.database.read(lambda c: party_roles.roles_of(c, [friend]))
        ended = RoleEnded(role=rows[0].entry.rpartition("/")[2], on=date(2026, 11, 5))
        await parties.append(it.ledger, account, [ended], about="A-1")
        await it.projections.catch_up()
        assert (await it.finder.roles([friend]))[friend][0]["ended_on"] == "2026-11-05"
        live = await digest(it.projections.database, party_roles.VIEW)
        assert (await it.projections.rebuild([party_roles.VIEW])).parked == 0
        assert await digest(it.projections.database, party_roles.VIEW) == live
