"""Whose key seals what. `person` is the one contacted: the debtor where nobody else is named, else that person."""

from shared.kernel.section import InSection

PERSON_ID = InSection("id", subject="person")
PERSON_CONTACT = InSection("contact", subject="person")
