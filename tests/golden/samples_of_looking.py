"""Samples of what goes on record when somebody sees a number or address in clear."""

from datetime import UTC, datetime

from msgspec import Struct

from services.contact.domain.facts.looking import PointRevealed, PointRevealRefused, RevealCounted

SUBJECT = "subject-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
POINT = "cpt_0a5be1d2f37b6f1c3a529d0e8b7a8c44"
AT = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
SAMPLES_OF_LOOKING: dict[str, Struct] = {
    "contact.PointRevealed/v1": PointRevealed(
        at=AT,
        point=POINT,
        person="prs_813e258af0cbbb336bfd4a8a256b50a9",
        purpose="CONTACT",
        until=datetime(2026, 3, 2, 2, 6, tzinfo=UTC),
        by="console/anna",
    ),
    "contact.RevealCounted/v1": RevealCounted(at=AT, subject=SUBJECT, point=POINT, by="console/anna"),
    "contact.PointRevealRefused/v1": PointRevealRefused(
        at=AT, subject=SUBJECT, point=POINT, purpose="CONTACT", limit=20, by="console/anna"
    ),
}
