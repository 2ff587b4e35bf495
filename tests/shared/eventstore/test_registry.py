"""The registry: closed, exact about sections, and kind to the past."""

from typing import Annotated

import pytest
from msgspec import Struct

from shared.eventstore.port import Malformed, UnknownType
from shared.eventstore.registry import ERASED, Erased, Registry
from shared.kernel.section import FACTS, ID, InSection


class Told(Struct, frozen=True, kw_only=True):
    name: Annotated[str, ID]
    amount: Annotated[int, FACTS]
    note: Annotated[str, FACTS] = ""


class ToldV0(Struct, frozen=True, kw_only=True):
    amount_text: Annotated[str, FACTS]


class Bare(Struct, frozen=True):
    amount: int


class Both(Struct, frozen=True):
    mine: Annotated[int, FACTS]
    theirs: Annotated[int, InSection("facts", "guarantor")]


class Never(Struct, frozen=True):
    amount: Annotated[int, FACTS]


def now(old: ToldV0) -> Told:
    return Told(name="", amount=int(old.amount_text))


REGISTRY = Registry({"t.Told/v0": ToldV0, "t.Told/v1": Told, "t.Both/v1": Both}, {"t.Told/v0": now})


def sealed(event: Struct) -> dict[str, bytes]:
    return {section.name: section.encode(event) for section in REGISTRY.of(event).sections}


def test_what_is_written_is_read() -> None:
    told = Told(name="n", amount=5, note="x")
    assert REGISTRY.decode("t.Told", 1, sealed(told)) == told


def test_each_field_lies_in_its_section_alone() -> None:
    parts = sealed(Told(name="canary", amount=5))
    assert parts.keys() == {"facts", "id"}
    assert b"canary" not in parts["facts"]
    assert b"amount" not in parts["id"]


def test_two_people_have_two_sections() -> None:
    assert [s.name for s in REGISTRY.of(Both(1, 2)).sections] == ["facts", "facts:guarantor"]
    assert REGISTRY.decode("t.Both", 1, sealed(Both(1, 2))) == Both(1, 2)


def test_a_forgotten_identity_reads_as_erased_and_the_facts_stay() -> None:
    parts = sealed(Told(name="n", amount=5))
    told = REGISTRY.decode("t.Told", 1, {"facts": parts["facts"]})
    assert told.name is ERASED
    assert told.amount == 5
    assert not ERASED


def test_an_event_without_its_facts_is_erased() -> None:
    parts = sealed(Told(name="n", amount=5))
    assert REGISTRY.decode("t.Told", 1, {"id": parts["id"]}) == Erased("t.Told/v1")
    assert REGISTRY.decode("t.Told", 1, {}) == Erased("t.Told/v1")


def test_an_old_version_is_brought_up_to_date() -> None:
    assert REGISTRY.decode("t.Told", 0, {"facts": b'{"amount_text":"7"}'}) == Told(name="", amount=7)


def test_an_old_version_is_never_written() -> None:
    with pytest.raises(UnknownType):
        REGISTRY.of(ToldV0(amount_text="7"))


def test_unregistered_things_are_refused_both_ways() -> None:
    with pytest.raises(UnknownType):
        REGISTRY.of(Never(1))
    with pytest.raises(UnknownType):
        REGISTRY.named("t.Never", 1)


def test_a_section_of_another_shape_is_malformed() -> None:
    with pytest.raises(Malformed):
        REGISTRY.decode("t.Told", 1, {"facts": b'{"amount":"much"}', "id": b'{"name":"n"}'})


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Registry({"t.Bare/v1": Bare}),
        lambda: Registry({"t.A/v1": Told, "t.B/v1": Told}),
        lambda: Registry({"t.A/v1": Told}, {"t.A/v9": now}),
        lambda: InSection("secrets"),
    ],
)
def test_a_wrong_declaration_fails_at_start_up(wrong: object) -> None:
    with pytest.raises(TypeError):
        wrong()  # type: ignore[operator]
