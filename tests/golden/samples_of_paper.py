"""Samples of what was handed to printers and dialers."""

from datetime import UTC, datetime

from msgspec import Struct

from services.contact.domain.facts import dialing, letters

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"

SAMPLES_OF_PAPER: dict[str, Struct] = {
    "contact.LetterBatchMade/v1": letters.LetterBatchMade(
        batch=7,
        at=AT,
        letters=(
            letters.LetterListed(
                place=1,
                letter="3F2A9C1B77D0E4A5",
                key=f"cat_{OF}0123456789abcdef.1",
                sha256="9f" * 32,
                pages=2,
                postal="REGISTERED",
            ),
        ),
        manifest="ab" * 32,
        made_by="user:anna",
    ),
    "contact.LetterBatchWrittenAgain/v1": letters.LetterBatchWrittenAgain(
        batch=7, at=AT, written_by="user:ben"
    ),
    "contact.DialListExported/v1": dialing.DialListExported(
        list="dls_0123456789abcdef01234567", at=AT, lines=1, exported_by="user:anna"
    ),
    "contact.DialListMade/v1": dialing.DialListMade(
        list="dls_0123456789abcdef01234567",
        at=AT,
        known_at=AT,
        source="TASKS",
        stages=("M1", "M2"),
        reserved=True,
        asked=3,
        lines=(
            dialing.DialLine(
                line=1,
                subject="subject-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",
                point="cpt_0123456789abcdef0123456789abcdef",
                person=None,
                role="debtor",
                case="case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",
                debts=("account-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b",),
                permit=f"cpm_{OF}0123456789abcdef",
                until=datetime(2026, 11, 22, 2, 35, tzinfo=UTC),
                task="dtk_0123456789abcdef",
                situation="soft-reminder",
            ),
        ),
        content="cd" * 32,
        made_by="user:anna",
    ),
}
