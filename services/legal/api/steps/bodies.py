"""What is sent to report a step: one body for each type of step, made from the event that the step will be.

A field of the event is a field of the body, by its name; what the request says already is left out: the step's own id,
who asks, and for a step that begins a track the track. So a new step needs no code here, unless it brings a field whose
name is not in `_BY_NAME`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import NoneType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from pydantic import Field, StringConstraints, create_model

from services.legal.api.acting import DatedSent, DebtRef, Digest, PersonRef, Word, ref
from services.legal.domain.facts import letter as ltr
from services.legal.domain.tracks.all_tracks import MACHINES, machine_of
from services.legal.domain.tracks.machine import wire_name
from services.legal.domain.tracks.words import ONE_OF
from shared.http.bodies import AmountSent, Day, Ref, Sent, Text, Truth, Whole
from shared.http.problems import Problem
from shared.kernel.money import Money

BY_OTHER_WAYS = frozenset(ltr.EVENTS)
"""Steps that have a route of their own, or are recorded by the service itself: a letter's (api/letters)."""
FILLED_IN = frozenset({"step", "on", "by"})
SEVERAL_MAX = 50
DAYS_MAX = 3_650


def _of(prefix: str) -> Any:
    return Annotated[
        str, StringConstraints(pattern=rf"^{prefix}_[0-9a-f]{{48}}$"), Field(examples=[ref(prefix)])
    ]


TrackOf = _of("trk")
TitleOf = Annotated[str, StringConstraints(pattern=r"^(trk|med)_[0-9a-f]{48}$"), Field(examples=[ref("trk")])]
_BY_NAME: Mapping[str, Any] = {
    "track": TrackOf, "into": TrackOf, "follows": TrackOf, "title": TitleOf, "person": PersonRef,
    "against": _of("pty"), "debts": DebtRef, "override": _of("ovr"), "executed": _of("stp"), "document": Digest,
    "clause": Digest, "court": Ref, "institution": Ref, "medium": Ref, "settlement": Ref,
    "case_no": Text, "room": Text, "described": Text,
}  # fmt: skip
"""What the text of a field of that name is; any other text is a word of the caller's list."""
_BY_TYPE: Mapping[type, Any] = {date: Day, Money: AmountSent, bool: Truth}


class StepBody(DatedSent):
    """What the body of every step has."""

    step: str


def body_of(kind: type[msgspec.Struct]) -> type[StepBody]:
    """The body for a type of step."""
    begins = _begins(kind)
    hints = get_type_hints(kind)
    fields: dict[str, Any] = {
        "step": (Literal[wire_name(kind)], Field(description="Which step it is.")),
    }
    for field in msgspec.structs.fields(kind):
        if field.name in FILLED_IN or (begins and field.name == "track"):
            continue
        fields[field.name] = _field(kind, field, hints[field.name])
    made: type[StepBody] = create_model(
        f"{kind.__name__}Sent", __base__=StepBody, __doc__=_first_line(kind), __module__=__name__, **fields
    )
    return made


def event_of(kind: type[msgspec.Struct], sent: Any, *, track: str, step: str, on: date, by: str) -> Any:
    """The event that a body proposes. Raises Problem `invalid`, MalformedAmount, UnknownCurrency."""
    filled = {"track": track, "step": step, "on": on, "by": by}
    said = {
        field.name: filled[field.name]
        if field.name in filled
        else _value(field.name, getattr(sent, field.name))
        for field in msgspec.structs.fields(kind)
    }
    return kind(**said)


def reported() -> tuple[type[msgspec.Struct], ...]:
    """The types of step that somebody reports, track by track; those that only time leads to are left out."""
    return tuple(
        kind
        for machine in MACHINES
        for kind in machine.steps
        if kind not in BY_OTHER_WAYS and (kind not in machine.by_time or kind in machine.also_reported)
    )


def _begins(kind: type) -> bool:
    machine = machine_of(kind)
    return machine is not None and machine.begins is kind


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _field(kind: type, field: msgspec.structs.FieldInfo, hint: Any) -> Any:
    """(type, default) as the framework takes it. What may be left open may be left out."""
    inner = tuple(one for one in get_args(hint) if one is not NoneType)
    optional = NoneType in get_args(hint)
    if get_origin(hint) is tuple:
        many = _plain(kind, field.name, get_args(hint)[0])
        return (Annotated[tuple[many, ...], Field(max_length=SEVERAL_MAX)], ())  # type: ignore[valid-type]
    plain = _plain(kind, field.name, inner[0] if optional else hint)
    return (plain | None, None) if optional else (plain, ...)


def _plain(kind: type, name: str, of: Any) -> Any:
    if (words := ONE_OF.get((kind, name))) is not None:
        return Literal[tuple(words)]
    if of is int:
        return Annotated[Whole, Field(ge=0, le=DAYS_MAX)]
    if of is str:
        return _BY_NAME.get(name, Word)
    return _BY_TYPE[of]


def _value(name: str, said: Any) -> Any:
    if isinstance(said, AmountSent):
        found = said.money()
        if found.minor < 0:
            raise Problem("invalid", errors=[(f"/{name}", "NEGATIVE")])
        return found
    return said


BODIES: Mapping[type[msgspec.Struct], type[StepBody]] = {kind: body_of(kind) for kind in reported()}
"""Step -> its body."""
KIND_OF: Mapping[str, type[msgspec.Struct]] = {wire_name(kind): kind for kind in BODIES}
"""Name on the wire -> step."""


def any_of(bodies: Iterable[type[Sent]]) -> Any:
    """One of these bodies, told apart by `step`."""
    return Annotated[Union[tuple(bodies)], Field(discriminator="step")]  # noqa: UP007
