"""A pack that is in doubt does not load, and says what is wrong with it."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from services.contact.adapters.pack_files import (
    PACKAGE,
    PINS,
    SHIPPED,
    PackUnusable,
    added,
    canonical_hash,
    load_pack,
    own_packs,
    pins_of,
    shipped,
)

TEXT = (files(PACKAGE) / "in.rbi.toml").read_text(encoding="utf-8")


def test_the_shipped_packs_load_and_are_pinned() -> None:
    assert [pack.pack.id for pack in shipped(house=True)] == list(SHIPPED)
    assert json.loads((files(PACKAGE) / PINS).read_text()) == pins_of()


def test_layout_and_comments_do_not_change_the_hash_and_figures_do() -> None:
    same = canonical_hash(tomllib.loads(TEXT))
    assert canonical_hash(tomllib.loads("# a remark\n" + TEXT)) == same
    assert canonical_hash(tomllib.loads(TEXT.replace("19:00:00", "19:30:00"))) != same


@pytest.mark.parametrize(
    ("was", "becomes", "flaw"),
    [
        ("close = 19:00:00", "close = 20:00:00", "comes out wrong"),
        ('kind = "allowed_hours"', 'kind = "magic"', "magic"),
        ("open = 08:00:00", 'open = "eight"', "open"),
        ("open = 08:00:00", "open = 08:00:00\n  opne = 1", "opne"),
        ('source = "RBI2022"\nquote', 'source = "RBI2023"\nquote', "no source is called RBI2023"),
        (
            "  close = 19:00:00\n",
            "  close = 19:00:00\n  [[rule.value]]\n  from = 2022-01-01\n  open = 08:00:00\n  close = 19:00:00\n",
            "overlap",
        ),
        ("from = 2022-08-12\n", "from = 2022-08-12\n  until = 2022-08-12\n", "end before they begin"),
        ('confidence = "secondary"', 'confidence = "memory"', "shipped disabled"),
        ('force = "supervisory"', 'force = "house"', "no house rules"),
        ('outcome = "defer"', 'outcome = "allow"', "outcome defer"),
        ('rules = ["IN-RBI-HOURS"]', 'rules = ["IN-RBI-HOURZ"]', "rules IN-RBI-HOURS"),
        ("2026-05-21T08:00:00+05:30", "2026-05-21T09:00:00+05:30", "until"),
        ("at = ", "when = ", "cannot be read"),
        ("[pack]", "[pack", "not TOML"),
        ("status = ", "state = ", "state"),
    ],
)
def test_a_flawed_pack_does_not_load(was: str, becomes: str, flaw: str) -> None:
    assert was in TEXT
    with pytest.raises(PackUnusable) as refused:
        load_pack("in.rbi", TEXT.replace(was, becomes), pinned=None)
    assert flaw in str(refused.value.context["flaw"])


def test_a_pack_without_cases_does_not_load() -> None:
    with pytest.raises(PackUnusable) as refused:
        load_pack("in.rbi", TEXT[: TEXT.index("[[case]]")], pinned=None)
    assert "without worked cases" in str(refused.value.context["flaw"])


def test_a_pack_that_was_changed_does_not_load_under_its_old_pin() -> None:
    pin = canonical_hash(tomllib.loads(TEXT))
    load_pack("in.rbi", TEXT, pinned=pin)
    with pytest.raises(PackUnusable) as refused:
        load_pack("in.rbi", TEXT.replace("RBI circular", "RBI letter"), pinned=pin)
    assert refused.value.context["flaw"] == "its content is not the pinned one"


def test_a_tenant_adds_packs_of_its_own_and_none_that_claim_to_be_law() -> None:
    own = load_pack(
        "house.mine",
        TEXT.replace('id = "in.rbi"', 'id = "house.mine"').replace('"supervisory"', '"house"'),
        pinned=None,
    )
    assert added(shipped(house=False), (own,))[-1] is own
    with pytest.raises(PackUnusable):
        added((), (load_pack("in.rbi", TEXT, pinned=None),))


EXAMPLE = Path(__file__).parents[3] / "docs/how-to/examples/house.rest.toml"


def test_a_lenders_own_packs_are_read_from_a_folder_and_refuse_beside_the_law(tmp_path: Path) -> None:
    (tmp_path / EXAMPLE.name).write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    [own] = own_packs(tmp_path)
    assert added(shipped(house=True), (own,))[-1].pack.id == "house.rest"


def test_a_folder_without_a_pack_or_with_nonsense_is_said(tmp_path: Path) -> None:
    with pytest.raises(PackUnusable) as refused:
        own_packs(tmp_path)
    assert "no pack" in str(refused.value.context["flaw"])
    (tmp_path / "house.odd.toml").write_bytes(b"\xff")
    with pytest.raises(PackUnusable) as refused:
        own_packs(tmp_path)
    assert "cannot be read" in str(refused.value.context["flaw"])
