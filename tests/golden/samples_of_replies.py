"""Samples of what people write to us."""

from datetime import UTC, datetime

from msgspec import Struct

from services.contact.domain.facts.reply import ReplyRead, ReplyReceived

SAMPLES_OF_REPLIES: dict[str, Struct] = {
    "contact.ReplyReceived/v1": ReplyReceived(
        attempt="cat_6f1c3a529d0e8b7a8c440a5be1d2f37b00000000000000d5",
        at=datetime(2026, 3, 2, 2, 0, 30, tzinfo=UTC),
        person="prs_813e258af0cbbb336bfd4a8a256b50a9",
        point="cpt_0a5be1d2f37b6f1c3a529d0e8b7a8c44",
        meaning="STOP",
        text="退订，谢谢",
    ),
    "contact.ReplyRead/v1": ReplyRead(
        attempt="cat_6f1c3a529d0e8b7a8c440a5be1d2f37b00000000000000d5",
        at=datetime(2026, 3, 2, 2, 5, tzinfo=UTC),
        reader="console/anna",
    ),
}
