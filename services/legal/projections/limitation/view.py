"""Which debts are in which case, when did something last bear on their limitation, and who else owes them?

It tells which debts to read for a span of days; whether and when one expires is read from all its proofs as of a day
(risks.py). Rows of a case's stream and of a debt's stream stand beside each other: none depends on both.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.legal.domain.facts import proofs as p
from services.legal.domain.thing_ids import PROOFS, proofs_of
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
IN_CASE = sa.Table(
    "legal_debt_in_case_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("debt", sa.Text, nullable=False),
    sa.Column("case_stream", sa.Text, nullable=False),
    sa.Column("debt_stream", sa.Text, nullable=False),
    sa.Column("joined_on", sa.Date, nullable=False),
    sa.Column("left_on", sa.Date),
    sa.Index("legal_debt_in_case_v1_case", "case_id", "debt"),
)
BEARS = sa.Table(
    "legal_bears_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("bears_on", sa.Date, nullable=False),
    sa.Column("of_all", sa.Boolean, nullable=False),
    sa.Column("of_debtor", sa.Boolean, nullable=False),
    sa.Column("stands", sa.Boolean, nullable=False),
    sa.Index("legal_bears_v1_stream", "stream", "bears_on"),
)
OTHERS = sa.Table(
    "legal_others_owe_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("debt", sa.Text, nullable=False),
    sa.Index("legal_others_owe_v1_debt", "debt"),
)
BY_THE_BOOK = "instalment"
"""As a kind of what bears: an instalment of the lender's book, due that day."""
ProofSeen: TypeAlias = Recorded[p.ProofEvent | Erased]


class InCaseRow(NamedTuple):
    """A debt that is, or was, in a case, since it joined last. `left_on` None: it still is."""

    thing: str
    lane: int
    made_at: int
    case_id: str
    debt: str
    case_stream: str
    debt_stream: str
    joined_on: date
    left_on: date | None


def wants(seen: ProofSeen) -> Iterable[tuple[str, str]]:
    """The row of the debt in its case, or of the proof."""
    match seen.event:
        case p.DebtJoined() | p.DebtLeft() as moved:
            return ((IN_CASE.name, _in_case(moved)),)
        case p.ProofRetracted() | p.ProofRestored() as turned:
            return ((BEARS.name, _proof(seen, turned.proof)),)
        case _:
            return ()


def apply(seen: ProofSeen, rows: Working) -> None:
    """The rows after one more event; of a proof whose recording was erased nothing is known."""
    match seen.event:
        case p.DebtJoined() | p.DebtLeft() as moved if seen.stream == proofs_of(moved.case):
            _moved(seen, moved, rows)
        case p.ProofRecorded() as proof:
            key = _proof(seen, proof.proof)
            rows.put(
                BEARS,
                key,
                (
                    key, seen.lane, seen.position, seen.stream, proof.kind, proof.on, not proof.debts,
                    proof.person is None, True,
                ),
            )  # fmt: skip
        case p.ProofRetracted() | p.ProofRestored() as turned:
            key = _proof(seen, turned.proof)
            found = rows.get(BEARS, key)
            if found is not None:
                rows.put(BEARS, key, (*found[:-1], isinstance(turned, p.ProofRestored)))
        case p.InstalmentTold() as told:
            key = _proof(seen, told.instalment)
            if told.due is None:
                rows.drop(BEARS, key)
            else:
                row = (key, seen.lane, seen.position, seen.stream, BY_THE_BOOK, told.due, True, True, True)
                rows.put(BEARS, key, row)
        case p.GuaranteeTold() | p.JointDebtorTold() as told:
            key = f"{seen.stream}/{told.debt}/{told.person}"
            rows.put(OTHERS, key, (key, told.debt))
        case _:
            return


def _in_case(moved: p.DebtJoined | p.DebtLeft) -> str:
    return f"{moved.case}/{moved.debt}"


def _proof(seen: ProofSeen, proof: str) -> str:
    """The same proof may stand on the stream of the case and on that of a debt."""
    return f"{seen.stream}/{proof}"


def _moved(seen: ProofSeen, moved: p.DebtJoined | p.DebtLeft, rows: Working) -> None:
    key = _in_case(moved)
    found: Any = rows.get(IN_CASE, key)
    if isinstance(moved, p.DebtLeft):
        if found is not None:
            rows.put(IN_CASE, key, InCaseRow(*found)._replace(left_on=moved.on))
        return
    row = InCaseRow(*found)._replace(joined_on=moved.on, left_on=None) if found is not None else None
    rows.put(
        IN_CASE,
        key,
        row
        or InCaseRow(
            key, seen.lane, seen.position, moved.case, moved.debt, proofs_of(moved.case), proofs_of(moved.debt),
            moved.on, None,
        ),
    )  # fmt: skip


VIEW = View(
    name="legal.limitation",
    version=1,
    tables=(IN_CASE, BEARS, OTHERS),
    apply=apply,
    wants=wants,
    streams=(PROOFS,),
)
