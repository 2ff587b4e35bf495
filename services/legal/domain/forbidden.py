"""What the law lets nobody do, however it is asked: it is refused, and that it was wanted stays on record."""

from typing import ClassVar

from shared.kernel.refusal import Refused, Safe


class LawForbids(Refused):
    """The law does not let the step through; that it was wanted is on record (StepRefused).

    Raised by a guard of a machine, or by a rule of domain/stepping.py (FORBIDS), as a subclass of its own whose
    `source` names the article; `debts` are those it concerns, none: all. Where the law pack says the rule and its
    source, `rule` and `by` are given. Context: `rule`, `source`, and `debts`
    where they are named.
    """

    code = "step-forbidden-by-law"
    title_en = "The law does not let this step through"
    title_zh = "法律不允许该步骤"
    source: ClassVar[str] = ""

    def __init__(
        self, debts: tuple[str, ...] = (), *, rule: str | None = None, by: str | None = None, **context: Safe
    ) -> None:
        """`rule` and `by` (its source) as the law pack says them; else the subclass's own."""
        self.rule, self.by = rule or type(self).code, by or type(self).source
        named: dict[str, Safe] = {"debts": debts} if debts else {}
        super().__init__(rule=self.rule, source=self.by, **named, **context)
        self.debts = debts
