"""What the legal service asks of the other two: a case's people and balance, its course, its contacts, and to post.

In one process whoever opens all three gives an object that asks directly; apart, an adapter asks over HTTP. Names and
addresses come under the service's own right, and each look is on record where it was had. All raise NotAnswered where
the other service cannot be asked now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from shared.kernel.parts import Parts
from shared.kernel.refusal import Refused

LEGAL_NOTICE = "legal_notice"
"""The purpose under which contact posts a letter of ours."""
PDF_NAME = "letter.pdf"
"""How the letter is called where it is attached: nothing of whom it is to."""


class NotAnswered(Refused):
    """The service that knows this cannot be asked now: it is not running, or nobody said where it is. Ask again later.

    Context: `service`.
    """

    code = "service-not-answering"
    title_en = "Another service that has to be asked does not answer"
    title_zh = "需要查询的另一服务暂时没有应答"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A debt of the case: `account-…`, how its reference ends, and what was owed on it at the end of `as_of`."""

    debt: str
    tail: str
    owed: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a role in the case. `person` `prs_…`, None: the debtor; `reference` the lender's for them.

    `roles` as the book names them (DEBTOR, JOINT_DEBTOR, GUARANTOR …). `postal` are addresses, newest first.
    """

    person: str | None
    roles: tuple[str, ...]
    reference: str = field(repr=False)
    name: str | None = field(repr=False)
    identity_no: str | None = field(repr=False)
    language: str | None
    postal: tuple[str, ...] = field(repr=False)
    email: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSheet:
    """A case as a lawyer needs it. `subject`: the debtor as contact names them. `position`: of the case's views."""

    case: str
    subject: str
    as_of: date
    position: str
    debts: tuple[Debt, ...]
    people: tuple[Person, ...]

    @property
    def debtor(self) -> Person | None:
        """The debtor, None where they were forgotten."""
        return next((one for one in self.people if one.person is None), None)


class CaseFile(Protocol):
    """The case service as it is asked. Raises NotAnswered, CaseUnknownElsewhere."""

    async def sheet(self, case: str, *, as_of: date) -> CaseSheet:
        """The case with its balances at the end of `as_of`; the look is on record there, purpose LEGAL."""

    async def timeline(self, case: str, *, language: str) -> Sequence[Any]:
        """The case's timeline in words: objects as `GET /v1/cases/{id}/timeline` gives them."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A letter to be posted by the contact service as it is: `pdf` the very bytes that were signed.

    `template` names contact's words that go with it (`legal-letter`, `legal-letter-mail`), filled with `values`;
    `content` are markers of what the letter itself says (demand, threatens_suit). Its purpose is legal_notice.
    `channel` letter or email. `key`: the same key posts once, however often it is asked.
    """

    subject: str
    case: str
    person: str | None
    role: str
    channel: Literal["letter", "email"]
    language: str
    template: str
    values: Mapping[str, str] = field(repr=False)
    content: tuple[str, ...]
    debts: tuple[str, ...]
    pdf: bytes = field(repr=False)
    sha256: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Contact has it as `message` (`cat_…`), or refused: then `rules` say why, `until` when it may be."""

    message: str | None
    permit: str
    rules: tuple[str, ...]
    until: datetime | None


class ContactFile(Protocol):
    """The contact service as it is asked. Raises NotAnswered."""

    async def contacts(self, case: str, *, language: str) -> Sequence[Any]:
        """Every contact about the case, oldest first: objects as `GET /v1/contact-attempts?case=` gives them."""

    async def post(self, letter: Post) -> Posted:
        """Have it posted; permitted or refused, the decision is on record there. Raises LetterNotPosted."""

    async def close(self) -> None:
        """Let go of connections."""


class CaseUnknownElsewhere(Refused):
    """The case service knows no such case, or it was erased, or it had not begun by the day asked about."""

    code = "case-unknown-there"
    title_en = "The case service knows no such case on that day"
    title_zh = "该日案件服务中没有该案件"


class LetterNotPosted(Refused):
    """The contact service takes no such letter: the address it has is missing or of another kind, or the like.

    Nothing was sent, and no decision is on record there. Context: `code`, the contact service's own problem.
    """

    code = "letter-not-posted"
    title_en = "The contact service does not take the letter"
    title_zh = "触达服务未接收该信函"


class Unreached:
    """`CaseFile` and `ContactFile` where nobody said where the other service is: asking is refused."""

    def __init__(self, service: str) -> None:
        self._service = service

    async def sheet(self, case: str, *, as_of: date) -> CaseSheet:
        """Raises NotAnswered."""
        raise NotAnswered(service=self._service)

    async def timeline(self, case: str, *, language: str) -> Sequence[Any]:
        """Raises NotAnswered."""
        raise NotAnswered(service=self._service)

    async def contacts(self, case: str, *, language: str) -> Sequence[Any]:
        """Raises NotAnswered."""
        raise NotAnswered(service=self._service)

    async def post(self, letter: Post) -> Posted:
        """Raises NotAnswered."""
        raise NotAnswered(service=self._service)

    async def close(self) -> None:
        """There is nothing to let go of."""
