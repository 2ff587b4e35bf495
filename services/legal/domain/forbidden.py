"""What the law lets nobody do, however it is asked: it is refused, and that it was wanted stays on record."""

from typing import ClassVar

from shared.kernel.refusal import Refused


class LawForbids(Refused):
    """The law does not let the step through; that it was wanted is on record (StepRefused).

    Raised by a guard of a machine, or by a rule of domain/stepping.py (FORBIDS), as a subclass of its own whose
    `source` names the article; `debts` are those it concerns, none: all. Context: `rule`, `source`.
    """

    code = "step-forbidden-by-law"
    title_en = "The law does not let this step through"
    title_zh = "法律不允许该步骤"
    source: ClassVar[str] = ""

    def __init__(self, debts: tuple[str, ...] = ()) -> None:
        super().__init__(rule=type(self).code, source=type(self).source)
        self.debts = debts
