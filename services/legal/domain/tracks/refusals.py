"""Why a step of a suit, an order for payment or an arbitration cannot be taken, beside the order of steps."""

from services.legal.domain.forbidden import LawForbids
from shared.kernel.refusal import Refused


class NoServiceByNotice(Refused):
    """Neither small claims nor the summary procedure know service by public notice.

    Civil Procedure Law art. 166; its interpretation, art. 140. Record that the court goes on in the ordinary procedure
    first (SUIT_PROCEDURE_CHANGED).
    """

    code = "no-service-by-notice"
    title_en = "This procedure does not know service by public notice"
    title_zh = "该审理程序不适用公告送达"


class WhereaboutsUnknown(LawForbids):
    """Somebody it is against could only be served by public notice, so their whereabouts are unknown.

    Small claims are not for them (Civil Procedure Law art. 166), nor is an order for payment, which has to be served
    (art. 225). Bring an ordinary suit.
    """

    code = "whereabouts-unknown"
    title_en = "Not for somebody whose whereabouts are unknown"
    title_zh = "当事人下落不明，不适用该程序"
    source = "民事诉讼法 166, 225"


class NoticeStillRuns(Refused):
    """Service by notice takes effect once its days are over. Context: `last_day`, the day on which it does."""

    code = "notice-still-runs"
    title_en = "The notice has not taken effect yet"
    title_zh = "公告期尚未届满"


class NoticeUnknown(Refused):
    """No notice was published for that person on that day, or they were served since."""

    code = "notice-unknown"
    title_en = "No such notice of service is under way"
    title_zh = "没有进行中的相应公告送达"


class AppealTooLate(Refused):
    """The period of appeal was over on that day. Context: `last_day`, the last one in time.

    Where the working days of its year are not announced yet, the raw day counts.
    """

    code = "appeal-too-late"
    title_en = "The appeal came after the last day for it"
    title_zh = "上诉已超过上诉期限"


class NoAppeal(Refused):
    """There is no appeal against that: small claims are final in first instance (Civil Procedure Law art. 165).

    So is a ruling that a court of appeal has made.
    """

    code = "no-appeal"
    title_en = "There is no appeal against that decision"
    title_zh = "该裁判不得上诉"


class NothingJudged(Refused):
    """The appeal is against a ruling, so there is nothing to judge and no judgment that could become final.

    The court of appeal sends the case back (APPEAL_REMANDED), or leaves the ruling: report that ruling again
    (SUIT_NOT_ACCEPTED, SUIT_DISMISSED).
    """

    code = "nothing-judged"
    title_en = "The appeal is against a ruling, not against a judgment"
    title_zh = "上诉针对的是裁定而非判决"


class AppealStillOpen(Refused):
    """The judgment can still be appealed. Context: `last_day`, the last day for it; none: not all were served yet."""

    code = "appeal-still-open"
    title_en = "The judgment can still be appealed"
    title_zh = "上诉期尚未届满"


class NotEveryoneServed(Refused):
    """Not everybody it is against was served yet, so the period has not begun for all. Context: `left`, how many."""

    code = "not-everyone-served"
    title_en = "Not everybody was served yet"
    title_zh = "尚未向全部当事人送达"


class NotWhatWasDecided(Refused):
    """The step says another amount, or another end of the time to perform, than the decision it is about.

    Context: `field`. Correct it; a decision entered in error is retracted first.
    """

    code = "not-what-was-decided"
    title_en = "The step differs from the decision it is about"
    title_zh = "所填内容与裁判不一致"


class AmountUnfit(Refused):
    """What was decided and the amount do not fit: a case that was lost brings nothing, one that was won something."""

    code = "amount-unfit-for-outcome"
    title_en = "The amount does not fit the outcome"
    title_zh = "金额与裁判结果不符"


class SettlementMissing(Refused):
    """A proceeding taken back because of a settlement names it (`settlement`), and no other reason does.

    What was settled during a suit ends it as withdrawn or mediated, never silently.
    """

    code = "settlement-missing"
    title_en = "A settlement and its reason go together"
    title_zh = "和解撤回须注明和解，其他原因不得注明"


class ObjectionTooLate(Refused):
    """The time to object was over on that day, so the order stands. Context: `last_day`, the last one in time."""

    code = "objection-too-late"
    title_en = "The objection came after the last day for it"
    title_zh = "异议已超过法定期限"


class ObjectionStillOpen(Refused):
    """There is still time to object or pay. Context: `last_day`."""

    code = "objection-still-open"
    title_en = "There is still time to object to the order"
    title_zh = "支付令异议期尚未届满"


class SetAsideTooLate(Refused):
    """The time to ask for the award to be set aside was over on that day. Context: `last_day`."""

    code = "set-aside-too-late"
    title_en = "The request came after the last day for it"
    title_zh = "申请撤销裁决已超过法定期限"


class AwardStands(LawForbids):
    """An award was made in this dispute: no suit and no second arbitration (Arbitration Law art. 9).

    Unless a court set it aside or will not enforce it. What was awarded is enforced.
    """

    code = "award-stands"
    title_en = "There is an award in this dispute"
    title_zh = "该纠纷已有仲裁裁决（一裁终局）"
    source = "仲裁法 9"
