"""Why a fact of a matter cannot be recorded."""

from shared.kernel.refusal import Refused


class MatterUnknown(Refused):
    """There is no legal matter of that id, or all that was known of it has been erased."""

    code = "matter-unknown"
    title_en = "There is no such legal matter"
    title_zh = "没有该法务事项"


class MatterAlreadyOpen(Refused):
    """A case has one open matter at a time. Work on that one, or close it first. Context: `matter`."""

    code = "matter-already-open"
    title_en = "The case has an open legal matter already"
    title_zh = "该案件已有进行中的法务事项"


class MatterIsClosed(Refused):
    """The matter is closed. Reopen it first, with a reason."""

    code = "matter-closed"
    title_en = "The legal matter is closed"
    title_zh = "法务事项已结束"


class MatterNotClosed(Refused):
    """Only a closed matter can be reopened."""

    code = "matter-not-closed"
    title_en = "The legal matter is not closed"
    title_zh = "法务事项尚未结束"


class MatterHasTracks(Refused):
    """Something is under way in the matter: end each track by a step (withdrawn, performed and so on), then close.

    A settlement during a suit ends the suit as withdrawn or mediated. Only RECALLED and ENTERED_IN_ERROR end what is
    under way with the matter. Context: `tracks`.
    """

    code = "matter-has-tracks"
    title_en = "Proceedings of the matter are still under way"
    title_zh = "该法务事项尚有进行中的程序"


class CaseUnheard(Refused):
    """The legal service has heard of no debt of that case: it has none, or the case service's feed was not read yet.

    Look the case up, see that the feed is heard (`quittance projection status`), and send it again.
    """

    code = "case-unheard"
    title_en = "The legal service knows no debt of that case"
    title_zh = "法务服务尚未获知该案件的债务"


class DebtNotOfCase(Refused):
    """A debt was named that never was in the case."""

    code = "debt-not-of-case"
    title_en = "The debt is not in the case"
    title_zh = "该债务不在案件内"


class LegalDayAhead(Refused):
    """A fact is recorded once it has happened: its day is not later than today where the lender is."""

    code = "legal-day-ahead"
    title_en = "The day given lies in the future"
    title_zh = "所填日期晚于今天"


class StepNotLast(Refused):
    """Only the newest step of a track can be retracted: retract those after it first, newest first."""

    code = "step-not-last"
    title_en = "Other steps follow on that one"
    title_zh = "其后已有其他步骤，不能撤销"


class StepLedOn(Refused):
    """Another track stands on this one (an enforcement on its title, say). Retract that first. Context: `track`."""

    code = "step-led-on"
    title_en = "Another track of the matter stands on that step"
    title_zh = "另有程序以该步骤为依据"


class StepUnknown(Refused):
    """The track has no step of that id that stands."""

    code = "legal-step-unknown"
    title_en = "The track has no such step"
    title_zh = "该程序没有此步骤"
