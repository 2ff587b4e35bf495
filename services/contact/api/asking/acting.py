"""What the routes that act on a subject share: whom it is about, ids of what is made, the command carried out once.

A subject is named by its id, by the id of a case, or by the lender's reference of the debtor: the reference in a body
only, never in an address.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Self

from fastapi import Path
from pydantic import Field, StringConstraints, model_validator
from starlette.responses import Response

from services.contact.api.desk import Desk, Office
from services.contact.application.handle import SubjectUnknown
from services.contact.application.thing_ids import is_subject, subject_of
from services.contact.domain.act import AnyCommand
from services.contact.domain.asked import CHANNELS, COLLECTOR_ROLES
from services.contact.domain.asking.media import MEDIA
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts.attempt import BreachWithdrawn, ContactBreached
from services.contact.domain.point_form import normal, region_of
from services.contact.projections import case_subjects
from shared.http.bodies import Moment, Ref, Sent
from shared.http.commands import Decided, Envelope
from shared.http.problems import Problem

SUBJECT = "subject-6f1c0d1e-0000-8000-8000-000000000001"
"""The subject of the examples."""
CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
OF_A_THING = "6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061"
"""How the ids of the examples go on after their prefix: 32 digits of the subject, 16 of their own."""
PERMIT, ATTEMPT = f"cpm_{OF_A_THING}", f"cat_{OF_A_THING}"
POINT, PERSON = "cpt_6f1c0d1e4a1b6c2d3e4f506172839405", "prs_6f1c0d1e4a1b6c2d3e4f506172839405"
OF_A_SUBJECT = ("not-found", "contact-in-the-future", "subject-busy")
"""What any command about a subject may be refused with."""
SubjectId = Annotated[str, Path(description="`subject-…`, as permits and lists show it.")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$"), Field(examples=["CRM"])]
"""A code of the caller's list, in capitals: facts hold no free text, so no name can slip into them."""
Mark = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A code as the policy packs write them."""
CaseRef = Annotated[
    str,
    StringConstraints(pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Field(examples=[CASE]),
]
SubjectRef = Annotated[
    str,
    StringConstraints(pattern=r"^subject-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Field(examples=[SUBJECT]),
]
PointRef = Annotated[str, StringConstraints(pattern=r"^cpt_[0-9a-f]{32}$"), Field(examples=[POINT])]
PersonRef = Annotated[str, StringConstraints(pattern=r"^prs_[0-9a-f]{32}$"), Field(examples=[PERSON])]
PermitRef = Annotated[str, StringConstraints(pattern=r"^cpm_[0-9a-f]{48}$"), Field(examples=[PERMIT])]
Marks = Annotated[tuple[Mark, ...], Field(max_length=50)]
Debts = Annotated[tuple[Ref, ...], Field(max_length=200)]


def one_of(codes: Iterable[str], **more: Any) -> Any:
    """A field that holds one code of a closed list: the document lists them; `closed` refuses others."""
    known: Any = list(codes)
    return Field(json_schema_extra={"enum": known}, examples=known[:1], **more)


def closed(pointer: str, value: str | None, codes: Sequence[str]) -> None:
    """Raises Problem `invalid` for a code that is not of the list."""
    if value is not None and value not in codes:
        raise Problem("invalid", errors=[(pointer, "NOT_ONE_OF")], context={"allowed": list(codes)})


class AddressSent(Sent):
    """A number or address as people write it. It is looked up by its HMAC and not kept."""

    medium: str = one_of(MEDIA)
    value: Annotated[str, StringConstraints(min_length=3, max_length=300)] = Field(
        examples=["+8613800138000"]
    )


class DatedSent(Sent):
    """A request that may say when it happened."""

    at: Moment | None = Field(
        default=None, description="When it happened: now unless given; not ahead of us."
    )


class OfSubjectSent(Sent):
    """Whose contact it is: `subject`, `debtor_ref`, or the `case` it is about; together they must name one."""

    subject: SubjectRef | None = None
    debtor_ref: Ref | None = Field(
        default=None, description="The lender's reference of the debtor.", examples=["TW-0004711"]
    )
    case: CaseRef | None = Field(default=None, description="The case that the contact is about.")

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.subject is None and self.debtor_ref is None and self.case is None:
            raise ValueError("one of subject, debtor_ref and case says whose contact it is")
        return self


class ScriptNamed(Sent):
    """A version of a script, as `GET /v1/scripts/{situation}` answered it."""

    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+){0,9}$", max_length=60)] = (
        Field(examples=["m1-call"])
    )
    version: int = Field(ge=1, le=1_000_000, strict=True, examples=[1])


class ContactSent(OfSubjectSent):
    """A contact that is proposed, or was made."""

    channel: str = one_of(CHANNELS)
    role: Mark = Field(default="debtor", description="What the person is to the debt, as the packs name it.")
    collector_role: str = one_of(COLLECTOR_ROLES, default="first_party")
    person: PersonRef | None = Field(default=None, description="Who is contacted; the debtor unless given.")
    contact_point: PointRef | None = None
    address: AddressSent | None = Field(default=None, description="The number in place of `contact_point`.")
    debts: Debts = ()
    creditor: Ref | None = None
    agency: Ref | None = Field(default=None, description="The third party that collects, where one does.")
    purpose: Mark | None = Field(default=None, examples=["collection"])
    place: Mark | None = Field(default=None, description="Where: home, workplace, agreed …")
    content: Marks = Field(default=(), description="Markers of what is said, such as identifies_institution.")
    script: ScriptNamed | None = Field(
        default=None,
        description="The script it goes by: its markers count as `content`, and it stays on record.",
    )
    staff: int | None = Field(default=None, ge=1, le=20, strict=True, description="How many go on a visit.")
    reply: bool = Field(default=False, strict=True, description="It answers a message of the person.")

    def check(self) -> None:
        """Raises Problem `invalid` for a code outside its list, or a number and a point at once."""
        closed("/channel", self.channel, CHANNELS)
        closed("/collector_role", self.collector_role, COLLECTOR_ROLES)
        if self.address is not None:
            closed("/address/medium", self.address.medium, MEDIA)
            if self.contact_point is not None:
                raise Problem("invalid", errors=[("/address", "ONE_OF_TWO")])


def example(**refs: Any) -> dict[str, Any]:
    """References of an answer, for the OpenAPI document."""
    return {**refs, "links": {"subject": f"/v1/subjects/{SUBJECT}/contactability"}}


def keyed(asked: Envelope, desk: Desk) -> Envelope:
    """The command with its fingerprint made under the index key.

    The plain hash of a body with a phone number in it gives the number away to whoever tries all of them.
    """
    print_ = desk.ledger.blind("fingerprint", asked.fingerprint.hex(), tenant=asked.caller.tenant)
    return replace(asked, fingerprint=print_)


async def subject_named(desk: Desk, sent: OfSubjectSent) -> str:
    """The subject that a body names. Raises Problem `invalid` where it names two, or a case nobody told us of alone."""
    by_ref = None if sent.debtor_ref is None else desk.acts.subject_id(sent.debtor_ref)
    if sent.subject is not None and by_ref not in (None, sent.subject):
        raise Problem("invalid", errors=[("/debtor_ref", "NOT_OF_THE_SUBJECT")])
    named = sent.subject or by_ref
    if sent.case is None:
        assert named is not None, "the body names one of the three"
        return named
    case = sent.case
    of_case = await desk.ask(lambda connection: case_subjects.subject_of(connection, case))
    if named is None and of_case is None:
        raise Problem("invalid", errors=[("/case", "UNKNOWN")])
    if named is not None and of_case not in (None, named):
        raise Problem("invalid", errors=[("/case", "NOT_OF_THE_SUBJECT")])
    return str(named or of_case)


def point_of(desk: Desk, sent: ContactSent) -> str | None:
    """The point that is named or dialled. Raises Problem `invalid` for what cannot be a number or address."""
    if sent.address is None:
        return sent.contact_point
    return point_at(desk, sent.address, "/address/value")


def point_at(desk: Desk, address: AddressSent, pointer: str) -> str:
    """The pseudonym of a number or address. Raises Problem `invalid` for what cannot be one."""
    closed(pointer.replace("/value", "/medium"), address.medium, MEDIA)
    return desk.acts.point_id(address.medium, normal_form(desk, address, pointer))


def normal_form(desk: Desk, address: AddressSent, pointer: str) -> str:
    """The number or address in its one form. Raises Problem `invalid` for what cannot be one."""
    spelt = normal(address.medium, address.value, region=region_of(desk.acts.places[0]))
    if spelt is None:
        raise Problem("invalid", errors=[(pointer, "NOT_A_NUMBER_OR_ADDRESS")])
    return spelt


def told(events: Sequence[ContactEvent], *, own: str | None = None) -> dict[str, Any]:
    """What a command changed about breaches, in codes: `breach` of the attempt `own`, and what was found of others."""
    found = [one for one in events if isinstance(one, ContactBreached)]
    gone = [one.attempt for one in events if isinstance(one, BreachWithdrawn)]
    others = [_breach(one) for one in found if one.attempt != own]
    said: dict[str, Any] = {}
    if own is not None:
        said["breach"] = [rule for one in found if one.attempt == own for rule in _breach(one)["rules"]]
    return said | {"breaches_found": others, "breaches_withdrawn": gone}


def _breach(event: ContactBreached) -> dict[str, Any]:
    return {"attempt": event.attempt, "rules": list(dict.fromkeys(one.rule for one in event.failed))}


class Act:
    """One request to do something about one subject."""

    def __init__(self, office: Office, subject_id: str, asked: Envelope) -> None:
        desk: Desk = office.open_desk
        if not is_subject(subject_id):
            raise Problem("not-found")
        self.desk, self.subject_id, self.asked = desk, subject_id, keyed(asked, desk)

    @classmethod
    def on(cls, office: Office, prefix: str, thing: str, asked: Envelope) -> "Act":
        """A request about a thing of a subject. Raises Problem `not-found` for what is no id of its kind."""
        subject_id = subject_of(prefix, thing)
        if subject_id is None:
            raise Problem("not-found")
        return cls(office, subject_id, asked)

    async def do(
        self,
        command: AnyCommand | Callable[[], Awaitable[AnyCommand]],
        *,
        own: str | None = None,
        links: dict[str, str] | None = None,
        by_body: bool = False,
        **refs: Any,
    ) -> tuple[Response, Sequence[ContactEvent]]:
        """Carry the command out once; the answer holds `refs`, the links, and what it changed about breaches.

        `command` may be made when it is decided: what refuses to make it stands in the way of no repetition.
        `by_body`: the subject follows from the body and not from the path. The events are none where it was carried
        out before.
        """
        desk, asked, subject_id = self.desk, self.asked, self.subject_id
        shown = {"subject": f"/v1/subjects/{subject_id}/contactability", **(links or {})}
        seen: list[Sequence[ContactEvent]] = []

        async def decide() -> Decided:
            try:
                said = await command() if callable(command) else command
                verdict = await desk.decisions.decide(
                    subject_id, said, actor=asked.caller.actor, dry_run=asked.dry_run
                )
            except SubjectUnknown:
                raise Problem("not-found") from None
            seen.append(verdict.events)
            return Decided(
                writes=verdict.writes,
                policy=verdict.policy,
                refs={**refs, **told(verdict.events, own=own), "links": shown},
                known={**refs, "links": shown},
                taken=verdict.taken,
            )

        async with desk.acts.turn(subject_id):
            answer = await asked.carry_out(
                desk.ledger, stream=subject_id, decide=decide, named_by_body=by_body
            )
        fresh = "Idempotent-Replayed" not in answer.headers and not asked.dry_run
        return answer, seen[-1] if fresh and seen else ()
