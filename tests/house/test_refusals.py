"""Every refusal can be understood by who gets it: a code of its own, a reason, and both languages."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from types import ModuleType

import pytest

import services
import shared
from shared.kernel.refusal import Refused, all_refusals

HAN = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"\.(\s|$)")


def import_all(*packages: ModuleType) -> list[str]:
    """Import every module of ours, so that every refusal is defined; the names imported."""
    names = [
        module.name
        for package in packages
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.endswith(("__main__", ".schema.env")) and ".schema.versions" not in module.name
    ]
    for name in names:
        importlib.import_module(name)
    return names


def complaints(refusals: Iterable[type[Refused]]) -> list[str]:
    """What a refusal's class leaves unsaid."""
    found = []
    for refusal in refusals:
        if not HAN.search(refusal.title_zh):
            found.append(f"{refusal.code}: title_zh is not Chinese")
        if HAN.search(refusal.title_en):
            found.append(f"{refusal.code}: title_en is not English")
        if not SENTENCE.search(refusal.__doc__ or ""):
            found.append(f"{refusal.code}: the docstring is no sentence")
    return found


def ours() -> list[type[Refused]]:
    import_all(services, shared)
    return [
        found for found in all_refusals().values() if found.__module__.startswith(("services.", "shared."))
    ]


def test_every_refusal_explains_itself_in_both_languages() -> None:
    refusals = ours()
    assert refusals
    assert complaints(refusals) == []


def test_every_refusal_can_be_raised_and_says_its_code_only() -> None:
    for refusal in ours():
        assert str(refusal()) == refusal.code


def test_a_refusal_that_does_not_explain_itself_is_reported() -> None:
    class Silent(Refused):
        """no"""

        code = "house-test-silent"
        title_en = "不可以"
        title_zh = "no"

    assert len(complaints([Silent])) == 3


@pytest.mark.parametrize("left_out", ["code", "title_en", "title_zh", "__doc__"])
def test_a_refusal_without_one_of_its_parts_cannot_be_defined(left_out: str) -> None:
    parts = {"code": "house-test-part", "title_en": "No", "title_zh": "不可", "__doc__": "It said no."}
    del parts[left_out]
    with pytest.raises(TypeError, match=left_out):
        type("Partial", (Refused,), parts)


def test_a_code_is_kebab_case_and_has_one_owner() -> None:
    said = {"title_en": "No", "title_zh": "不可", "__doc__": "It said no."}
    with pytest.raises(TypeError, match="kebab-case"):
        type("Shouting", (Refused,), {**said, "code": "House_Test"})
    type("First", (Refused,), {**said, "code": "house-test-owned"})
    with pytest.raises(TypeError, match="belongs to First"):
        type("Second", (Refused,), {**said, "code": "house-test-owned"})
