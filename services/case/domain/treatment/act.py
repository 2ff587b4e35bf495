"""What people say of a step: that it was taken, or that it is not, for a reason of the closed list."""

from datetime import date

from services.case.domain.facts import treatment as t
from services.case.domain.judged import Judged
from services.case.domain.treatment import said
from services.case.domain.treatment.follow import skipped
from shared.kernel.refusal import Refused


class StepNotDue(Refused):
    """The case has no step of that name that is due: it is unknown, not due yet, or something was said of it already.

    `GET /v1/cases/{case_id}/strategy` lists the steps and how each stands.
    """

    code = "step-not-due"
    title_en = "No such step is due"
    title_zh = "没有到期的相应步骤"


class StepSkipReasonUnknown(Refused):
    """A step is passed by for a reason of the closed list only. Send one of those in `context`."""

    code = "step-skip-reason-unknown"
    title_en = "A step is skipped for a known reason only"
    title_zh = "跳过步骤须注明规定的原因"


def take(judged: Judged, step: str, on: date, by: str) -> tuple[t.TreatmentEvent, ...]:
    """Somebody says that the step was taken. Raises StepNotDue."""
    known = said.step_said(judged, step)
    if isinstance(known, t.StrategyStepTaken):
        return ()
    due = _due(judged, step)
    if on < due.said.planned:
        raise StepNotDue
    return (t.StrategyStepTaken(step=step, as_of=on, because=None, by=by),)


def skip(judged: Judged, step: str, on: date, reason: str, by: str) -> tuple[t.TreatmentEvent, ...]:
    """Somebody passes the step by. Raises StepSkipReasonUnknown, StepNotDue."""
    if reason not in said.SKIP_REASONS:
        raise StepSkipReasonUnknown(allowed=said.SKIP_REASONS)
    return (skipped(_due(judged, step), on, reason, by),)


def _due(judged: Judged, step: str) -> said.OpenStep:
    found = next((one for one in said.open_steps(judged) if one.ref == step), None)
    if found is None:
        raise StepNotDue
    return found
