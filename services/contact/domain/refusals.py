"""What cannot be recorded about a subject of contact."""

from shared.kernel.refusal import Refused


class AttemptUnknown(Refused):
    """No attempt of that id was reported. Report the attempt first; its outcome can go with it."""

    code = "attempt-unknown"
    title_en = "There is no such contact attempt"
    title_zh = "没有该联系记录"


class AttemptAlreadyReported(Refused):
    """The source reported another attempt under the same reference. What came of one is corrected by a new outcome.

    A report that was wrong altogether is retracted, and the right one made under a reference of its own.
    """

    code = "attempt-already-reported"
    title_en = "That reference stands for another contact attempt"
    title_zh = "该编号已用于另一条联系记录"


class AttemptRetractedAlready(Refused):
    """The attempt was retracted: nothing can have come of what did not happen."""

    code = "attempt-retracted"
    title_en = "The contact attempt was retracted"
    title_zh = "该联系记录已被撤回"


class HappensInTheFuture(Refused):
    """A fact is what has happened. Its time lies ahead of the service's clock by more than a minute."""

    code = "contact-in-the-future"
    title_en = "The time given lies in the future"
    title_zh = "所填时间在未来"


class OutcomeNotKnown(Refused):
    """What came of an attempt is told by one of the codes of the outcome list, such as ring_no_answer."""

    code = "outcome-not-known"
    title_en = "That is not a known outcome of a contact attempt"
    title_zh = "联系结果代码不在列表中"


class AgreementUnknown(Refused):
    """No agreement of that id is on file for this debtor."""

    code = "agreement-unknown"
    title_en = "There is no such agreement"
    title_zh = "没有该约定"
