"""Parties as the views know them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.case.application.privacy.finder import Found
from services.case.domain.privacy.spelling import ACCOUNT_REF
from services.case.projections import account_cases
from services.case.projections.account_cases import key_of
from services.case.projections.privacy import party_index, party_roles
from services.case.projections.privacy.party_index import Blind
from shared.eventstore.projection.health import positions
from shared.eventstore.projection.projections import Projections


class ViewedParties:
    """Finds parties in the views, under the key of `blind`."""

    def __init__(self, projections: Projections, blind: Blind) -> None:
        self._projections, self._blind = projections, blind

    def index(self, kind: str, value: str) -> bytes | None:
        """The blind index of a value, None where it holds nothing to look for."""
        return party_index.index_of(self._blind, kind, value)

    async def found(self, kind: str, index: bytes, *, limit: int) -> Found:
        """The parties that an index stands for; of an account, who has a role on it."""

        def question(connection: sa.Connection) -> Found:
            streams = party_index.streams_of(connection, index, limit=limit + 1)
            if kind == ACCOUNT_REF:
                rows = party_roles.roles_on(connection, [key_of(stream) for stream in streams])
                present = {row.party for row in rows if row.ended_on is None}
                parties = {row.party: row.party not in present for row in rows}
            else:
                parties = streams
            kept = dict(list(parties.items())[:limit])
            return Found(kept, len(parties) > limit)

        return await self._projections.database.read(question)

    async def roles(self, parties: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
        """party -> its roles as answers show them, each with the cases that the account is, or was, in."""

        def question(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
            rows = party_roles.roles_of(connection, parties)
            cases = party_roles.cases_of(connection, sorted({row.account_key for row in rows}))
            found: dict[str, list[dict[str, Any]]] = {party: [] for party in parties}
            for row in rows:
                found[row.party].append({**row.as_json(), "cases": cases.get(row.account_key, [])})
            return found

        return await self._projections.database.read(question)

    async def catch_up(self, behind: Mapping[int, int]) -> None:
        """Let the views of roles and accounts hold what is recorded up to these positions, by lane."""
        for view in (party_roles.VIEW, account_cases.VIEW):
            held = await self._projections.database.read(partial(positions, view=view))
            if any(held.get(lane, 0) < position for lane, position in behind.items()):
                await self._projections.catch_up(view)

    async def cases_of_account(self, account: str) -> list[str]:
        """The cases that an account is, or was, in."""
        return await self._projections.database.read(
            lambda connection: account_cases.cases_of(connection, account_cases.key_of(account))
        )

    async def in_case(self, case_id: str) -> list[str]:
        """The parties with a role on an account that is, or was, in a case."""

        def question(connection: sa.Connection) -> list[str]:
            return list(dict.fromkeys(row.party for row in party_roles.roles_in_case(connection, case_id)))

        return await self._projections.database.read(question)
