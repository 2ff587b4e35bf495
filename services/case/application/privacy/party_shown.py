"""A party as answers show it: masked. What was erased is null, and `forgotten` says that nothing is left."""

from collections.abc import Sequence
from typing import Any

from services.case.domain.privacy.party_sheet import PartySheet


def document(sheet: PartySheet, roles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The masked party with its roles."""
    return {
        "id": sheet.party,
        "kind": sheet.kind,
        "reference": sheet.party_ref,
        "name": sheet.masked("NAME"),
        "identity_kind": sheet.identity_kind,
        "identity_no": sheet.masked("IDENTITY_NO"),
        "birth_on": sheet.masked("BIRTH_ON"),
        "language": sheet.language,
        "points": [
            {
                "id": point.point,
                "medium": point.medium,
                "label": point.label,
                "value": point.masked,
                "source": point.source,
                "zone": point.zone,
                "since": point.since.isoformat(),
                "ended_on": point.ended_on.isoformat() if point.ended_on else None,
            }
            for point in sheet.points.values()
        ],
        "roles": list(roles),
        "forgotten": not sheet.known,
    }
