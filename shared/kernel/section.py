"""Which section of a stored event a field belongs to, and about whom it speaks.

A payload is stored in named sections, each sealed under the key of one subject, so that one person's identity
can be forgotten while amounts and dates stay provable (DESIGN.md 3). An event type says so field by field:

    class CaseOpened(Struct, frozen=True, kw_only=True):
        debtor_ref: Annotated[str, ID]
        arrears: Annotated[Money, FACTS]
"""

from dataclasses import dataclass

SECTION_NAMES = ("facts", "id", "contact", "staff")


@dataclass(frozen=True, slots=True)
class InSection:
    """Marks a field: `name` is one of SECTION_NAMES, `subject` the role of the person it is about."""

    name: str
    subject: str = "debtor"

    def __post_init__(self) -> None:
        if self.name not in SECTION_NAMES:
            raise TypeError(f"no section is called {self.name!r}; choose one of {', '.join(SECTION_NAMES)}")

    @property
    def stored_name(self) -> str:
        """How leaf and body call it: `facts`, or `facts:guarantor` for another than the usual person."""
        usual = "staff" if self.name == "staff" else "debtor"
        return self.name if self.subject == usual else f"{self.name}:{self.subject}"


FACTS = InSection("facts")
"""Amounts, dates, outcomes."""
ID = InSection("id")
"""Identity: names, references, numbers that point to a person."""
CONTACT = InSection("contact")
"""Addresses, message texts, recordings."""
STAFF = InSection("staff", subject="staff")
"""The collector."""
