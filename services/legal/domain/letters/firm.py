"""In whose name a letter may go: of a licensed firm that has the matter, under its mandate, on that day."""

from datetime import date

from services.legal.domain.facts.letter import LetterSigned
from services.legal.domain.facts.matter import PlacedWithFirm, PlacementEnded
from services.legal.domain.matter import Matter
from shared.kernel.refusal import Refused


class LetterNeedsFirm(Refused):
    """No licensed law firm has the matter on that day, so no letter can go out in a firm's name.

    Place the matter with a firm first, with its licence and the hash of the mandate
    (`POST /v1/legal-matters/{id}/placements`).
    """

    code = "letter-needs-firm"
    title_en = "No licensed law firm has the matter on that day"
    title_zh = "该日没有取得委托的持证律师事务所承办该事项"


class LetterOfAnotherFirm(Refused):
    """The signature is another firm's, or was given under a placement that has ended. The firm that has it signs."""

    code = "letter-of-another-firm"
    title_en = "The signing firm does not have the matter"
    title_zh = "签署律师函的律所并未承办该事项"


def live_placement(matter: Matter, on: date) -> PlacedWithFirm | None:
    """The placement under which a firm has the matter on that day, the newest; None: no firm has it."""
    ended = {one.placement: one.on for one in matter.all(PlacementEnded)}
    live = [
        one
        for one in matter.all(PlacedWithFirm)
        if one.on <= on
        and (one.until is None or on < one.until)
        and not (one.placement in ended and ended[one.placement] <= on)
        and one.licence
        and one.mandate
    ]
    return live[-1] if live else None


def require_some_firm(matter: Matter, on: date) -> PlacedWithFirm:
    """The firm that has the matter. Raises LetterNeedsFirm."""
    found = live_placement(matter, on)
    if found is None:
        raise LetterNeedsFirm
    return found


def require_signer(matter: Matter, signed: LetterSigned) -> None:
    """The signature is that of the firm that has the matter. Raises LetterNeedsFirm, LetterOfAnotherFirm."""
    found = require_some_firm(matter, signed.on)
    if (found.placement, found.firm) != (signed.placement, signed.firm):
        raise LetterOfAnotherFirm


def require_same_placement(matter: Matter, signed: LetterSigned, on: date) -> None:
    """The firm that signed still has the matter. Raises LetterNeedsFirm, LetterOfAnotherFirm."""
    if require_some_firm(matter, on).placement != signed.placement:
        raise LetterOfAnotherFirm
