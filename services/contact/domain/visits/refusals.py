"""What cannot be asked of a visit."""

from shared.kernel.refusal import Refused


class VisitUnknown(Refused):
    """No visit of that id was agreed. A visit made without an appointment is reported as a contact attempt."""

    code = "visit-unknown"
    title_en = "There is no such visit"
    title_zh = "没有该外访约定"


class VisitAlreadyMade(Refused):
    """The visit is on record as made: it can neither be called off nor made a second time.

    A report that was wrong is retracted with the contact attempt it made; another visit is agreed anew.
    """

    code = "visit-already-made"
    title_en = "The visit was made"
    title_zh = "该外访已完成"


class VisitBeforeAgreed(Refused):
    """An appointment lies after the moment at which it was agreed. Send the time of the visit, with its zone."""

    code = "visit-before-agreed"
    title_en = "The visit lies before the moment it was agreed"
    title_zh = "外访时间早于约定时间"
