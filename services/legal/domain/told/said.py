"""One event of another service as a rule here reads it: plain values, since it is another service's word."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.legal.domain.facts import proofs as p
from services.legal.domain.thing_ids import PROOF

CASE, CONTACT = "CASE", "CONTACT"
ACCOUNT = "account-"
BY = "system:hears"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`name` is the type without its service, `about` the stream it stands on; `data` its facts as published.

    `at` is when it took effect, `event` names it at the publisher's.
    """

    name: str
    about: str
    at: datetime
    event: str
    data: Mapping[str, Any]

    def day(self, name: str) -> date:
        """A day that it names. Raises KeyError, ValueError."""
        return date.fromisoformat(self.data[name])


def proof_id(about: str, source: str, source_ref: str) -> str:
    """The id of what a source calls so: the same however often it is told, under the case or account it is about."""
    digits = hashlib.sha256(f"{source}|{source_ref}".encode()).hexdigest()[:16]
    return f"{PROOF}_{about.partition('-')[2].replace('-', '')}{digits}"


def proof(
    about: str,
    *,
    kind: str,
    on: date,
    evidence: str,
    source_ref: str,
    source: str = CASE,
    debts: tuple[str, ...] = (),
    person: str | None = None,
    medium: str | None = None,
    to: str | None = None,
) -> p.ProofRecorded:
    """A proof that another service told of, about a case."""
    return p.ProofRecorded(
        proof=proof_id(about, source, source_ref), kind=kind, on=on, case=about, debts=debts, person=person,
        medium=medium, to=to, evidence=evidence, source=source, source_ref=source_ref, matter=None, document=None,
        by=BY,
    )  # fmt: skip
