"""The letters of a pack: each made again from what it was drafted from, and held against the hash on record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from services.legal.adapters.pack.gathering import LETTERS, Gathered
from services.legal.adapters.pack.part import Part, text
from services.legal.adapters.pack.words import Words
from services.legal.domain.facts.letter import LetterDrafted, LetterSigned
from services.legal.domain.tracks.all_tracks import status_of
from services.legal.projections.words import saying
from shared.kernel.refusal import Refused
from shared.printing.letter import Printed

Print = Callable[[str, LetterDrafted], Printed]
"""A draft made again; raises a refusal where it cannot be, or has another hash."""
FOLDER = "04-letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFound:
    """A letter with its newest draft; `why`: the code of why it could not be made again."""

    letter: str
    draft: LetterDrafted
    status: str
    signed: LetterSigned | None
    why: str | None


def letters(it: Gathered, printed: Print) -> Iterator[tuple[LetterFound, bytes | None]]:
    """Each letter of each matter with its PDF, one at a time; one that cannot be made again is a gap."""
    for one in it.matters:
        for track in one.matter.tracks:
            steps = one.matter.steps(track)
            draft = next((step for step in reversed(steps) if isinstance(step, LetterDrafted)), None)
            if draft is None:
                continue
            pdf: bytes | None = None
            why: str | None = None
            try:
                pdf = printed(track, draft).pdf
            except Refused as refusal:
                why = type(refusal).code
                it.gaps.append((f"{LETTERS}/{track}", why))
            signed = next((step for step in reversed(steps) if isinstance(step, LetterSigned)), None)
            found = LetterFound(
                letter=track, draft=draft, status=status_of(one.matter, track) or "", signed=signed, why=why
            )
            yield found, pdf


def listed(it: Gathered, say: Words, found: list[LetterFound]) -> Part:
    """The list of letters."""
    return Part(
        name="04-letters", title=say["letters"], data=[_json(one) for one in found], wide=True,
        columns=say.all("letter", "day", "kind", "status", "sha256", "again"), widths=(7, 3, 4, 4, 9, 4),
        rows=[
            (
                one.letter, one.draft.on.isoformat(), text(one.draft.kind),
                saying.status("letter", one.status, it.asked.language), one.draft.sha256,
                say["same"] if one.why is None else say["not_same"],
            )
            for one in found
        ],
    )  # fmt: skip


def _json(one: LetterFound) -> dict[str, Any]:
    draft = one.draft
    return {
        "letter": one.letter, "drafted_on": draft.on.isoformat(), "kind": draft.kind, "template": draft.template,
        "template_version": draft.template_version, "language": draft.language, "status": one.status,
        "sha256": draft.sha256, "pages": draft.pages, "made_again": one.why is None, "why": one.why,
        "signed": None if one.signed is None else {
            "on": one.signed.on.isoformat(), "firm": one.signed.firm, "sha256": one.signed.sha256,
            "seal": one.signed.seal,
        },
    }  # fmt: skip
