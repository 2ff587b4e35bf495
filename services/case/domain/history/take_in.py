"""What a debtor's rows of history add: which case each belongs to, which facts are new, what follows from them.

Pure: the debtor's cases as they are on record go in, the events to append come out, with what became of every row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from services.case.domain import closure
from services.case.domain import events as e
from services.case.domain.balance import currency_of
from services.case.domain.case_facts import BY_HAND, CaseFacts, key_of
from services.case.domain.history import refusals as why
from services.case.domain.history import rows as r
from services.case.domain.history import telling
from services.case.domain.history.import_run import ADDED, REJECTED, UNCHANGED
from services.case.domain.history.refusals import HistoryRefused
from services.case.domain.history.telling import Teller, Told
from services.case.domain.money_commands import OpenCase as AskToOpen
from services.case.domain.policy import CasePolicy
from services.case.domain.redecide import redecide
from services.case.domain.state import CaseState, ClosedCase, NoCase, OpenCase, fold_case
from shared.kernel import parts
from shared.kernel.money import Money

BY = "system:history"
"""Who wrote a debt off before go-live, as far as we are told."""


@dataclass(slots=True)
class CaseNow:
    """A case of the debtor on its way through the rows; `added` is what the rows add, without what follows."""

    id: str
    episode: int
    version: int
    state: CaseState
    added: list[e.CaseEvent] = field(default_factory=list)
    close_on: date | None = None
    judge_on: list[date] = field(default_factory=list)

    @property
    def worked(self) -> OpenCase | None:
        """The case with its facts, open or closed; None where they were erased."""
        state = self.state
        return state if isinstance(state, OpenCase) else None if isinstance(state, NoCase) else state.was

    @property
    def facts(self) -> CaseFacts:
        """What was told of it. Raises HistoryRefused where that was erased."""
        if self.worked is None:
            raise HistoryRefused(why.FORGOTTEN, "debtor_ref")
        return self.worked.facts

    @property
    def opened_on(self) -> date:
        """Its first day."""
        return next((one.as_of for one in self.facts.all(e.CaseOpened)), date.max)

    @property
    def closed_on(self) -> date | None:
        """The day on which it ended, None while it is open."""
        return self.state.as_of if isinstance(self.state, ClosedCase) else self.close_on

    def add(self, events: Iterable[e.CaseEvent]) -> None:
        """More that is new."""
        new = list(events)
        self.added += new
        self.state = fold_case(new, self.state)


class Outcome(NamedTuple):
    """What became of a row: one of import_run.OUTCOMES, with the reason and the field where it was rejected."""

    outcome: str
    reason: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the rows of a debtor are judged by. `since`: the first day of the debtor's oldest account, if known.

    `case_id`: episode -> stream; `named`: case, prefix, reference -> id; `account`: reference -> stream. `run` is the
    import's id.
    """

    terms: r.HistoryTerms
    policy: CasePolicy
    today: date
    run: str
    since: date | None
    case_id: Callable[[int], str]
    named: Callable[[str, str, str], str]
    account: Callable[[str], str]


class Taking:
    """The rows of one debtor, taken in one after another: cases first, then the rest by their days."""

    def __init__(self, cases: Sequence[CaseNow], around: Around) -> None:
        self.cases, self._around = list(cases), around
        self._instalments: dict[str, list[r.InstalmentRow]] = {}

    def take(self, rows: Sequence[r.HistoryRow]) -> list[Outcome]:
        """What becomes of each row, in the order given."""
        found: dict[int, Outcome] = {}
        parts_of = [n for n, row in enumerate(rows) if isinstance(row, r.InstalmentRow)]
        for n in parts_of:
            one = rows[n]
            assert isinstance(one, r.InstalmentRow)
            self._instalments.setdefault(one.ref, []).append(one)
        for given in self._instalments.values():
            given.sort(key=lambda one: (one.number, one.due))
        for n in sorted(set(range(len(rows))) - set(parts_of), key=lambda n: (_place(rows[n]), n)):
            found[n] = self._one(rows[n])
        plans = {row.ref: found[n] for n, row in enumerate(rows) if isinstance(row, r.PlanRow)}
        for n in parts_of:
            of_plan = plans.get(rows[n].ref)  # type: ignore[union-attr]
            taken = of_plan is not None and of_plan.outcome != REJECTED
            found[n] = (
                Outcome(of_plan.outcome) if of_plan and taken else Outcome(REJECTED, why.NO_PLAN, "ref")
            )
        return [found[n] for n in range(len(rows))]

    def follow(self) -> list[tuple[CaseNow, tuple[e.CaseEvent, ...]]]:
        """The events to append to each case that got any: what is new, and the judgements that follow by today."""
        done = []
        for number, case in enumerate(self.cases):
            if not case.added:
                continue
            last = number == len(self.cases) - 1
            following: list[e.CaseEvent] = []
            for day in (*case.judge_on, case.close_on, self._around.today):
                if day is not None:
                    judged = redecide(case.state, day, self._around.policy, may_reopen=last)
                    following += judged
                    case.state = fold_case(judged, case.state)
            done.append((case, (*case.added, *following)))
        return done

    def _one(self, row: r.HistoryRow) -> Outcome:
        try:
            self._possible(row)
            added = self._case(row) if isinstance(row, r.CaseRow) else self._fact(row)
        except HistoryRefused as refused:
            return Outcome(REJECTED, refused.reason, refused.field)
        return Outcome(ADDED if added else UNCHANGED)

    def _possible(self, row: r.HistoryRow) -> None:
        """It happened before go-live, after the debt began, and in order. Raises HistoryRefused."""
        days = telling.days_of(row)
        for name, day in days:
            if day >= self._around.terms.go_live:
                raise HistoryRefused(why.AFTER_GO_LIVE, name)
        if self._around.since is not None and days and days[0][1] < self._around.since:
            raise HistoryRefused(why.BEFORE_DEBT, days[0][0])
        telling.in_order(row)

    # -- facts of a case

    def _fact(self, row: r.HistoryRow) -> bool:
        case = self._case_on(telling.days_of(row)[0][1])
        facts, worked = case.facts, case.worked
        assert worked is not None, "a case that was erased has no facts"
        debts = {*worked.debts, *(one.account for one in facts.all(e.DebtAttached))}
        by = Teller(
            facts=facts, debts=tuple(debts), currency=currency_of(facts),
            named=lambda prefix, ref: self._around.named(case.id, prefix, ref),
            account=self._around.account, policy=self._around.policy,
            instalments=lambda ref: self._instalments.get(ref, ()),
        )  # fmt: skip
        return self._tell(case, row, telling.told(row, by))

    def _tell(self, case: CaseNow, row: r.HistoryRow, told: Sequence[Told]) -> bool:
        """Put what is not on record yet on record, with where it comes from. Raises HistoryRefused."""
        new: list[e.CaseEvent] = []
        for what, thing, event in told:
            known = case.facts.by_key.get(key_of(event) or ())
            source = e.HistoryTaken(
                what=what, thing=thing, fact=type(event).__name__, on=_on(event), origin=row.origin,
                evidence=row.evidence, run=self._around.run,
            )  # fmt: skip
            before = case.facts.one(e.HistoryTaken, what, thing, source.fact)
            if known is None and before is None:
                new += (source, event)
            elif (
                known != event
                or before is None
                or (before.origin, before.evidence) != (row.origin, row.evidence)
            ):
                raise HistoryRefused(why.CONFLICT, "ref")
        case.add(new)
        return bool(new)

    def _case_on(self, day: date) -> CaseNow:
        """The case that a day belongs to: the newest that had begun by then, else the first. Raises HistoryRefused."""
        if not self.cases:
            raise HistoryRefused(why.NO_CASE, "debtor_ref")
        begun = [case for case in self.cases if case.worked is None or case.opened_on <= day]
        return begun[-1] if begun else self.cases[0]

    # -- cases

    def _case(self, row: r.CaseRow) -> bool:
        if row.arrears < 0:
            raise HistoryRefused(why.NO_AMOUNT, "arrears")
        if row.days_past_due < 1:
            raise HistoryRefused(why.NOT_OVERDUE, "days_past_due")
        if row.closed_on and row.reason not in r.CLOSED_FOR:
            raise HistoryRefused(why.NO_REASON, "reason")
        same = next((case for case in self.cases if case.worked and case.opened_on == row.opened_on), None)
        if same is not None:
            return self._same(same, row)
        last = self.cases[-1] if self.cases else None
        if last is not None and last.worked is None:
            raise HistoryRefused(why.FORGOTTEN, "debtor_ref")
        if last is None or (last.closed_on and last.closed_on <= row.opened_on):
            return self._open(row, 1 if last is None else last.episode + 1)
        if last.closed_on is None and row.closed_on is None and row.opened_on < last.opened_on:
            return self._since(last, row)
        overlaps = last.closed_on is None and row.opened_on > last.opened_on
        raise HistoryRefused(why.CASE_OVERLAPS if overlaps else why.LATER_CASE, "opened_on")

    def _open(self, row: r.CaseRow, episode: int) -> bool:
        account, arrears = self._around.account(row.account_ref), Money(row.arrears, row.currency)
        ask = AskToOpen(
            debtor_ref=row.debtor_ref, episode=episode, debts=(account,), on=row.opened_on, arrears=arrears,
            days_past_due=row.days_past_due,
        )  # fmt: skip
        case = CaseNow(self._around.case_id(episode), episode, 0, NoCase())
        opened, attached = closure.open_(ask)
        taken = self._taken("CASE", case.id, opened, row)
        case.add((opened, taken, attached))
        case.judge_on = [row.opened_on]
        self.cases.append(case)
        self._close(case, row)
        return True

    def _same(self, case: CaseNow, row: r.CaseRow) -> bool:
        """A case that history opened on that day; one that our own book opened then is the same case, open since."""
        if case.facts.one(e.HistoryTaken, "CASE", case.id, e.CaseOpened.__name__) is None:
            return self._since(case, row)
        account, arrears = self._around.account(row.account_ref), Money(row.arrears, row.currency)
        if arrears.currency != currency_of(case.facts):
            raise HistoryRefused(why.OTHER_CURRENCY, "currency")
        attached = e.DebtAttached(
            account=account, on=row.opened_on, arrears=arrears, days_past_due=row.days_past_due
        )
        known = case.facts.by_key.get(key_of(attached) or ())
        if known is not None and known != attached:
            raise HistoryRefused(why.CONFLICT, "account_ref")
        if known is None:
            case.add((self._taken("CASE", account, attached, row), attached))
        return self._close(case, row) or known is None

    def _since(self, case: CaseNow, row: r.CaseRow) -> bool:
        """The case was open before we knew of it: that is noted, and its figures are those of our own record."""
        if case.facts.one(e.HistoryTaken, "OPEN_SINCE", case.id, e.CaseOpened.__name__):
            return False
        event = next(case.facts.all(e.CaseOpened))
        case.add((self._taken("OPEN_SINCE", case.id, event, row, on=row.opened_on),))
        return True

    def _close(self, case: CaseNow, row: r.CaseRow) -> bool:
        if row.closed_on is None or row.reason is None:
            return False
        ended: list[e.CaseEvent] = []
        arrears = Money(row.arrears, row.currency)
        if row.reason in BY_HAND:
            ended.append(e.CaseClosed(as_of=row.closed_on, reason=row.reason))
        elif row.reason == "CURED":
            account, nothing = self._around.account(row.account_ref), Money(0, row.currency)
            ended.append(
                e.ArrearsReported(account=account, as_of=row.closed_on, days_past_due=0, arrears=nothing)
            )
        else:
            ref = self._around.named(case.id, "wri", str(row.closed_on))
            ended.append(
                e.DebtWrittenOff(write_off=ref, on=row.closed_on, owed=parts.principal(arrears), by=BY)
            )
        known = case.facts.by_key.get(key_of(ended[0]) or ())
        if known == ended[0]:
            return False
        if known is not None or case.closed_on not in (None, row.closed_on):
            raise HistoryRefused(why.CONFLICT, "closed_on")
        case.close_on = row.closed_on
        case.add((self._taken("CASE", case.id, ended[0], row), *ended))
        return True

    def _taken(
        self, what: str, thing: str, event: Any, row: r.HistoryRow, *, on: date | None = None
    ) -> e.HistoryTaken:
        return e.HistoryTaken(
            what=what, thing=thing, fact=type(event).__name__, on=on or _on(event), origin=row.origin,
            evidence=row.evidence, run=self._around.run,
        )  # fmt: skip


def _on(event: Any) -> date:
    if isinstance(event, e.PaymentReceived):
        return event.period_from
    on: date = event.as_of if hasattr(event, "as_of") else event.on
    return on


def _place(row: r.HistoryRow) -> tuple[int, date]:
    """Cases come before what belongs to them, and of the rest what happened first; holds before attempts of a day."""
    day = telling.days_of(row)[0][1]
    rank = 0 if isinstance(row, r.CaseRow) else 1
    return rank, day
