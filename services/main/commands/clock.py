"""`quittance clock`: the test clock, which goes through months in seconds. Only where QUITTANCE_TEST_CLOCK is set."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.arguments import start
from services.main.clocks import settable
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.stores import SqliteFolder
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.case.wiring import CaseService

ABOUT = "What time it is for this store; and the test clock, where QUITTANCE_TEST_CLOCK names one."
app = group("clock", ABOUT)

UNITS = {"d": "days", "h": "hours", "m": "minutes"}
STEP = re.compile(r"([1-9][0-9]{0,4})([dhm])")


@app.callback()
def _clock() -> None:
    """What time it is for this store; and the test clock, where QUITTANCE_TEST_CLOCK names one."""


def _told(session: Session) -> None:
    """Say what the clock shows, and whose it is."""
    now, tests = session.clock.now(), session.settings.test_clock is not None
    if session.console.as_json:
        session.console.answer({"now": _written(now), "test_clock": tests})
    whose = ("the test clock", "测试时钟") if tests else ("the machine's clock", "本机时钟")
    session.console.say(f"{_written(now)}  {session.console.pick(*whose)}")


def _written(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


@command(app, "show", "quittance clock show", "quittance clock show --json")
def show(store: Store = None, json: Json = False) -> None:
    """Show the time that every process of this store goes by."""
    _told(Session.begin(store=store, as_json=json))


@command(app, "set", "quittance clock set 2027-05-22T09:00:00+08:00", "quittance clock set 2027-05-22")
def set_(
    instant: Annotated[
        str, typer.Argument(metavar="INSTANT", help="A time with its offset, or a date: its first instant.")
    ],
    store: Store = None,
    json: Json = False,
) -> None:
    """Set the test clock; it goes on ticking from there, for every process that is given the same file.

    Never to before what it shows, or before the newest event of the store: what is recorded never goes back in time.
    """
    session = Session.begin(store=store, as_json=json)
    settable(session.settings)
    at = start(instant, option="INSTANT", zone=_zone(session))
    _set(session, at or session.clock.now())


@command(app, "advance", "quittance clock advance 1d", "quittance clock advance 12h")
def advance(
    step: Annotated[
        str, typer.Argument(metavar="STEP", help="Days, hours or minutes from now: 1d, 12h, 30m.")
    ],
    store: Store = None,
    json: Json = False,
) -> None:
    """Let the test clock jump ahead; processes that run see it at once, and `work` sweeps the days that passed."""
    session = Session.begin(store=store, as_json=json)
    settable(session.settings)
    found = STEP.fullmatch(step)
    if found is None:
        raise WrongUsage(
            en="STEP is a whole number of days, hours or minutes, such as 1d, 12h or 30m; the clock never goes back",
            zh="STEP 应为整数天、小时或分钟，例如 1d、12h、30m；时钟不会倒退",
        )
    _set(session, session.clock.now() + timedelta(**{UNITS[found[2]]: int(found[1])}))


def _set(session: Session, at: datetime) -> None:
    from services.main.offset_clock import ClockNeverGoesBack

    try:
        settable(session.settings).set(at, not_before=_newest(session))
    except ClockNeverGoesBack:
        raise WrongUsage(
            en="the clock never goes back: events are stamped with it, and no event is recorded before one that is "
            "there already. Use another store, and another clock, for an earlier time",
            zh="时钟不能倒退：事件以它计时，任何事件的记录时间都不会早于已有事件。如需更早的时间，请使用另一账本和另一时钟",
        ) from None
    _told(session)


def _newest(session: Session) -> datetime | None:
    """The newest instant an event of the store is stamped with; None where there is no store yet."""
    from shared.eventstore.ledger import TenantUnknown

    store = session.settings.store
    if isinstance(store, SqliteFolder) and not store.file_of("case").is_file():
        return None

    async def work(case: "CaseService") -> datetime | None:
        stamped = [lane.last_recorded_at for lane in await case.ledger.lanes(case.tenant)]
        return max((one for one in stamped if one is not None), default=None)

    try:
        return session.with_case(work, views=False)
    except TenantUnknown:
        return None


def _zone(session: Session) -> str:
    """The zone in which a date named by a person is read."""
    from services.case.domain.policy import CN_RETAIL_1

    return session.settings.zone or CN_RETAIL_1.zone
