"""`quittance report early-warning`: accounts that show signs of falling behind, and how past lists turned out."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day
from services.main.commands.report import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Stopped, WrongUsage

if TYPE_CHECKING:
    from services.case.application.treatment.early_warning import Accounts
    from services.case.domain.treatment.strategy import Strategy
    from services.case.wiring import CaseService

SHOWN = 50


@command(
    app,
    "early-warning",
    "quittance report early-warning --as-of 2005-08-31",
    "quittance report early-warning --as-of 2005-08-31 --json",
    "quittance report early-warning --backtest 2005-05-31 2005-07-31",
)
def early_warning(
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The list as of the end of this day.")
    ] = None,
    backtest: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--backtest", metavar="FROM TO", help="How the lists of the month ends in between turned out."
        ),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Accounts that are not overdue, or only just, and show signs that they may fall behind, most points first.

    The signs and their weights are data of the treatment strategy in force that day. With --backtest: of the accounts
    that were not overdue on each month end, who was listed by what was known then, and who fell behind within 30 and
    60 days; hit rate, base rate and lift.
    """
    if (as_of is None) == (backtest is None):
        raise WrongUsage(
            en="give --as-of, or --backtest FROM TO", zh="请给出 --as-of，或 --backtest 起始日 截止日"
        )
    session = Session.begin(store=store, as_json=json)
    if backtest is not None:
        first, last = day(backtest[0], option="--backtest"), day(backtest[1], option="--backtest")
        if last < first:
            raise WrongUsage(
                en="--backtest FROM TO: TO is not before FROM", zh="--backtest 的截止日不能早于起始日"
            )
        _tell_backtest(session.console, session.with_case(lambda case: _backtest(case, first, last)))
        return
    on = day(as_of or "", option="--as-of")
    _tell_list(session.console, session.with_case(lambda case: _list(case, on)))


async def _rules(case: "CaseService", on: date) -> "Strategy":
    found = await case.treatment.rules_for(on)
    if found is None:
        raise Stopped(en="there is no treatment strategy", zh="没有催收策略")
    return found


def _accounts(case: "CaseService", until: date) -> "Accounts":
    from services.case.projections.treatment import account_watch

    async def page(after: str, limit: int) -> list[account_watch.Watched]:
        return await case.ask(
            lambda connection: account_watch.accounts(connection, after=after, limit=limit, until=until)
        )

    return page


async def _list(case: "CaseService", on: date) -> dict[str, Any]:
    from services.case.application.treatment.early_warning import warning_list
    from services.case.projections.treatment import account_watch

    await case.projections.catch_up(account_watch.VIEW)
    found = await warning_list(await _rules(case, on), _accounts(case, on), as_of=on)
    return found.as_json(shown=SHOWN)


async def _backtest(case: "CaseService", first: date, last: date) -> dict[str, Any]:
    from services.case.application.treatment.early_warning import backtest
    from services.case.projections.treatment import account_watch

    await case.projections.catch_up(account_watch.VIEW)
    days = await case.ask(lambda connection: account_watch.days(connection, from_=first, to=last))
    found = await backtest(await _rules(case, last), _accounts(case, date.max), days=days)
    return found.as_json()


def _tell_list(console: Console, said: dict[str, Any]) -> None:
    if console.as_json:
        console.answer(said)
        return
    rows = [
        (
            one["account"],
            str(one["points"]),
            str(one["overdue_days"]),
            " ".join(sign["sign"] for sign in one["signs"]),
        )
        for one in said["items"]
    ]
    console.table(
        console.pick("account points days-overdue signs", "账户 分值 逾期天数 信号").split(),
        rows,
        right=(1, 2),
    )
    console.tell(
        f"{said['listed']:,} of {said['watched']:,} accounts that are not overdue, or only just, as of {said['as_of']} "
        f"({said['strategy']}); {len(rows)} shown",
        f"截至 {said['as_of']} 未逾期或刚逾期的账户 {said['watched']:,} 户，其中预警 {said['listed']:,} 户"
        f"（{said['strategy']}）；列出 {len(rows)} 户",
    )


def _tell_backtest(console: Console, said: dict[str, Any]) -> None:
    if console.as_json:
        console.answer(said)
        return
    headings = console.pick(
        "days who accounts fell listed hits hit-rate base-rate lift caught",
        "天数 信号 户数 逾期 预警 命中 命中率 基准率 提升 覆盖",
    ).split()
    rows = []
    for one in said["horizons"]:
        rows.append(_row(one["days"], console.pick("list", "名单"), one))
        rows += [_row(one["days"], sign["sign"], sign) for sign in one["by_sign"]]
    console.table(headings, rows, right=(0, 2, 3, 4, 5, 6, 7, 8, 9))
    console.tell(
        f"{said['strategy']} on {len(said['days'])} days; each account as it was known on the day",
        f"{said['strategy']}，{len(said['days'])} 个观察日；每户按当日所知判断",
    )


def _row(days: int, who: str, one: dict[str, Any]) -> tuple[str, ...]:
    rates = (one[name] or "-" for name in ("hit_rate", "base_rate", "lift", "caught"))
    counts = (f"{one[name]:,}" for name in ("accounts", "fell", "listed", "hits"))
    return (str(days), who, *counts, *rates)
