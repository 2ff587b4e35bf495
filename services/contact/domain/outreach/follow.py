"""What is now to be said of outreach as a whole: started, softened, paused, resumed, ended; and of open dial tasks."""

from collections.abc import Iterator
from datetime import date, datetime

from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach.outreach import Outreach, evolve
from services.contact.domain.outreach.standing import ENDED, NEW, PAUSED, SOFTENED, Standing

TASK_OVER = "OVER"


def hear(state: Outreach, fact: f.CaseHeard, *, today: date) -> tuple[f.OutreachEvent, ...]:
    """A fact of the case, and what follows from it. One that was heard before adds nothing."""
    if fact.version in state.facts:
        return ()
    return (fact, *follow(evolve(state, fact), today=today, at=fact.heard_at))


def follow(state: Outreach, *, today: date, at: datetime) -> tuple[f.OutreachEvent, ...]:
    """The difference between how outreach stands today and what was last said of it. Nothing to say, no events."""
    standing = state.heard.standing(today)
    said = tuple(_said(state.said, standing, state.heard.stage(today), at))
    return (*said, *_tasks(state, standing, at))


def _said(was: Standing, now: Standing, stage: str | None, at: datetime) -> Iterator[f.OutreachEvent]:
    if was == now or now.state == NEW:
        return
    if was.state in (NEW, ENDED) and now.state != ENDED:
        yield f.OutreachStarted(at=at, stage=stage)
    match now.state:
        case "SOFTENED" if now.until is not None:
            yield f.OutreachSoftened(at=at, because=now.because, until=now.until)
        case "PAUSED":
            yield f.OutreachPaused(at=at, reasons=now.because)
        case "ENDED":
            yield f.OutreachEnded(at=at, reason=now.because[0])
        case "RUNNING" if was.state in (SOFTENED, PAUSED):
            yield f.OutreachResumed(at=at)


def _tasks(state: Outreach, standing: Standing, at: datetime) -> Iterator[f.OutreachEvent]:
    for task, until in sorted(state.tasks.items()):
        if standing.state in (SOFTENED, PAUSED, ENDED):
            yield f.DialTaskEnded(task=task, at=at, reason=standing.state)
        elif until <= at:
            yield f.DialTaskEnded(task=task, at=at, reason=TASK_OVER)
