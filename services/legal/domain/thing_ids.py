"""Ids of what belongs to a matter (`trk_…`, `stp_…`): each carries the matter it is of; `prf_…` the proofs' stream."""

import re

PARTY, CLAIM, ASSESSMENT, PLACEMENT, DOCUMENT, MEDIATION, REPRESENTATION, COST, TRACK, LETTER, STEP, OVERRIDE = (
    "pty", "clm", "fea", "plf", "doc", "med", "rep", "cst", "trk", "ltr", "stp", "ovr",
)  # fmt: skip
PROOF = "prf"
MATTER, PROOFS = "matter", "proofs"
_MATTER = re.compile(r"matter-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_matter(text: str) -> bool:
    """Is it written as a matter's stream is?"""
    return _MATTER.fullmatch(text) is not None


def proofs_of(about: str) -> str:
    """The stream of proofs of a case or an account: the same uuid, so the same lane."""
    return f"{PROOFS}-{about.partition('-')[2]}"


def proof_of_step(case: str, step: str) -> str:
    """The id of what a step proves: the step's own digits under the case."""
    return f"{PROOF}_{case.partition('-')[2].replace('-', '')}{step[-16:]}"
