"""What is sent and shown of letters."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from services.legal.api.acting import OF_A_MATTER, DatedSent, DebtRef, Digest, PersonRef, Word, one_of, ref
from services.legal.domain.facts import letter as f
from services.legal.domain.letters import kinds
from services.legal.domain.letters.machine import MACHINE
from services.legal.domain.matter import Matter
from services.legal.domain.parties import ROLES
from services.legal.domain.tracks.machine import wire_name
from shared.http.bodies import Day, Ref, Sent, Text
from shared.texts.writing import LANGUAGES

LETTER = ref("ltr")
LetterId = Annotated[
    str, Path(description="`ltr_…`, as the answer that asked for it, and the matter, show it.")
]
OF_A_LETTER = (*OF_A_MATTER, "track-unknown", "step-out-of-order", "step-too-early", "step-in-the-future")
"""What any step of a letter may be refused with."""
OF_THE_LAW = ("claim-expired", "guarantor-before-debtor")
"""What the law may say against it: on record then."""
OF_A_PDF = ("letter-template-unknown", "letter-not-printable", "letter-forgotten", "letter-not-the-same")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Annotated[str, StringConstraints(min_length=1, max_length=200)]
VALUES = {
    "firm_name": "Example Law Firm", "firm_address": "88 Example Road, Shanghai 200030",
    "firm_phone": "021-95588", "lawyer": "Chen Jing", "institution": "Example Bank",
}  # fmt: skip


class LetterRequestSent(DatedSent):
    """A letter that is wanted: to whom, by which text, in which language."""

    person: PersonRef | None = Field(default=None, description="Whom it is to; the debtor unless given.")
    role: str = one_of(ROLES, default="DEBTOR")
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+){0,5}$", max_length=60)] = (
        Field(examples=["demand"])
    )
    language: str = one_of(LANGUAGES, default="zh-CN")


class LetterDraftSent(Sent):
    """What is typed in. Name, balance and dates are read from the case service, the balance at the end of `as_of`."""

    as_of: Day | None = Field(default=None, description="Today unless given.")
    debts: tuple[DebtRef, ...] = Field(
        default=(), max_length=50, description="Those on which the matter claims, else all, unless given."
    )
    values: dict[Name, Value] = Field(default={}, max_length=20, examples=[VALUES])


class LetterReturnSent(DatedSent):
    """What is to be changed."""

    reason: Word = Field(examples=["AMOUNT"])
    remark: Text | None = Field(default=None, description="In words; sealed.")


class LetterApprovalSent(DatedSent):
    """That the draft with this hash was read and is right."""

    sha256: Digest


class LetterSignatureSent(DatedSent):
    """The firm's signature under the draft with this hash. `seal`: the SHA-256 of the signature itself."""

    sha256: Digest
    seal: Digest
    firm: Ref = Field(examples=["FIRM-9"])
    lawyer: Annotated[str, StringConstraints(min_length=1, max_length=120)] = Field(examples=["lawyer:chen"])


class LetterDispatchSent(DatedSent):
    """How it goes out. `carrier_no`: it was posted by hand, under this number; nothing is asked of contact."""

    channel: str = one_of(kinds.CHANNELS)
    carrier_no: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{4,40}$")] | None = Field(
        default=None, examples=["EA123456789CN"]
    )


class LetterDeliverySent(DatedSent):
    """That it arrived, and what proves it; `document`: the hash of the paper that does."""

    proof: str = one_of(kinds.PROOF_KINDS)
    document: Digest | None = None


class LetterFailureSent(DatedSent):
    """That it came back, or cannot be delivered."""

    reason: Word = Field(examples=["MOVED"])


class LetterAnswerSent(DatedSent):
    """What was answered. To ask for time, or to say that one will pay, restarts limitation."""

    answer: str = one_of(kinds.ANSWERS)
    document: Digest | None = Field(
        default=None, description="The answer's own hash, where it came on paper."
    )


class LetterEndSent(DatedSent):
    """Why it goes no further."""

    reason: Word = Field(examples=["PAID"])


class LetterShown(BaseModel):
    """A letter as it stands; nobody's name, and nothing of what it says but its sums."""

    id: str
    matter: str
    status: str
    template: str
    kind: str | None
    language: str
    role: str
    person: str | None
    sha256: str | None
    pages: int | None
    as_of: str | None
    owed: dict[str, str] | None
    limitation: str | None
    answer_until: str | None
    tries: int
    next: list[str]
    steps: list[dict[str, str]]


SHOWN: dict[str, Any] = {
    "id": LETTER, "matter": "matter-6f1c0d1e-0000-8000-8000-000000000001", "status": "DRAFTED",
    "template": "demand", "kind": "DEMAND", "language": "zh-CN", "role": "DEBTOR", "person": None,
    "sha256": "9f" * 32, "pages": 1, "as_of": "2026-11-20", "owed": {"amount": "10168.00", "currency": "CNY"},
    "limitation": "RUNNING", "answer_until": None, "tries": 0,
    "next": ["LETTER_APPROVED", "LETTER_RETURNED"],
    "steps": [{"id": ref("stp"), "step": "LETTER_DRAFTED", "on": "2026-11-23"}],
}  # fmt: skip


def shown(matter_id: str, matter: Matter, letter: str) -> LetterShown:
    """The letter from the matter's own stream. ValueError where the matter has no such letter."""
    steps = matter.steps(letter)
    if not steps or not isinstance(steps[0], f.LetterRequested):
        raise ValueError(letter)
    asked, status = steps[0], MACHINE.status(steps)
    draft = next((one for one in reversed(steps) if isinstance(one, f.LetterDrafted)), None)
    arrived = next((one for one in steps if isinstance(one, f.LetterDelivered)), None)
    total = None if draft is None else draft.claimed.total
    return LetterShown(
        id=letter, matter=matter_id, status=str(status), template=asked.template,
        kind=None if draft is None else draft.kind, language=asked.language, role=asked.role, person=asked.person,
        sha256=None if draft is None else draft.sha256, pages=None if draft is None else draft.pages,
        as_of=None if draft is None else draft.as_of.isoformat(),
        owed=None if total is None else {"amount": str(total.decimal()), "currency": total.currency},
        limitation=None if draft is None else draft.limitation,
        answer_until=None if arrived is None else arrived.answer_until.isoformat(),
        tries=sum(isinstance(one, f.LetterDispatched | f.LetterDispatchRefused) for one in steps),
        next=[wire_name(kind) for kind in MACHINE.next(status)],
        steps=[
            {"id": one.step, "step": wire_name(type(one)), "on": one.on.isoformat()} for one in steps
        ],
    )  # fmt: skip
