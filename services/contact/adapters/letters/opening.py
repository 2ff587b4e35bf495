"""The letter channel from its settings: where the spool lies, whose letterhead, which postal class, which calendar."""

from collections.abc import Mapping
from pathlib import Path

from services.contact.adapters.letters.letterhead import LetterheadFlaw, letterhead
from services.contact.adapters.letters.spool import POSTAL_CLASSES, STANDARD, LetterSpool
from services.contact.adapters.sending.channels import Opened, SettingWrong
from shared.kernel.clock import Clock, UnknownZone

SPOOL, HEAD = "QUITTANCE_LETTER_SPOOL", "QUITTANCE_LETTERHEAD"
POSTAL, ZONE = "QUITTANCE_LETTER_POSTAL_CLASS", "QUITTANCE_LETTER_ZONE"
ZONE_DEFAULT = "Asia/Shanghai"
RATES = "50/second"


def opened(values: Mapping[str, str], clock: Clock) -> Opened | None:
    """The channel; None where no spool is named. Raises SettingWrong."""
    spool = spool_of(values, clock)
    return None if spool is None else Opened(channel=spool, rates=RATES)


def spool_of(values: Mapping[str, str], clock: Clock) -> LetterSpool | None:
    """The spool; None where none is named. Raises SettingWrong."""
    folder = values.get(SPOOL)
    if not folder:
        return None
    postal = values.get(POSTAL) or STANDARD
    if postal not in POSTAL_CLASSES:
        raise SettingWrong(
            POSTAL,
            en=f"must be one of: {', '.join(POSTAL_CLASSES)}",
            zh=f"只能取：{'、'.join(POSTAL_CLASSES)}",
        )
    try:
        head = letterhead(Path(values[HEAD]) if values.get(HEAD) else None)
    except (LetterheadFlaw, OSError, UnicodeDecodeError):
        raise SettingWrong(
            HEAD,
            en="must be a letterhead file that can be read (docs/how-to/print-letters.md)",
            zh="必须是可读取的信头文件（见 docs/how-to/print-letters.md）",
        ) from None
    try:
        return LetterSpool(
            Path(folder),
            letterhead=head,
            clock=clock,
            zone_name=values.get(ZONE) or ZONE_DEFAULT,
            postal=postal,
        )
    except UnknownZone:
        raise SettingWrong(
            ZONE,
            en="must be a zone of the IANA database, such as Asia/Shanghai",
            zh="必须是 IANA 时区名称，例如 Asia/Shanghai",
        ) from None
