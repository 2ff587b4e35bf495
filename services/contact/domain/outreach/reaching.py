"""How the debtor can be reached by a channel, by what is known now: the point, consent, the case an account is in."""

from datetime import datetime

from services.contact.domain.facts import standing, subject
from services.contact.domain.history import Lookback
from services.contact.domain.subject import Subject

MEDIA = {"sms": "phone", "voice": "phone", "email": "email", "letter": "post"}
CONSENTS = {"sms": "SMS", "voice": "CALLS", "email": "EMAIL"}
DEFAULT_LANGUAGE = "zh-CN"
ACCOUNT = "account-"


def point_for(known: Subject, channel: str) -> subject.PointRecorded | None:
    """The debtor's own newest number or address for the channel: in use, theirs, not an employer's; None: none is."""
    medium, misdirected = MEDIA[channel], Lookback(known).misdirected
    ended: dict[str, datetime] = {}
    for _, gone in known.of(subject.PointEnded):
        if gone.person is None:
            ended[gone.point] = max(gone.at, ended.get(gone.point, gone.at))
    found = [
        (one.at, number, one)
        for number, one in known.of(subject.PointRecorded)
        if one.medium == medium
        and one.person is None
        and not one.workplace
        and readable(one.value)
        and not (one.point in ended and ended[one.point] >= one.at)
        and (None, one.point) not in misdirected
    ]
    return max(found)[2] if found else None


def readable(value: object) -> bool:
    """Is it there, and not erased?"""
    return isinstance(value, str)


def consented(known: Subject, channel: str, point: str | None) -> bool:
    """Has the debtor consented to the channel, and not taken it back?"""
    kind = CONSENTS.get(channel)
    given = [one for _, one in known.of(standing.ConsentGiven) if one.kind == kind and one.person is None]
    gone = [one.at for _, one in known.of(standing.ConsentRevoked) if one.kind == kind and one.person is None]
    return any(one.point in (None, point) and not any(at >= one.at for at in gone) for one in given)


def language_of(known: Subject, now: datetime) -> str:
    """The language the debtor is written to in."""
    described = Lookback(known).described_at(now)
    return (described.language if described else None) or DEFAULT_LANGUAGE


def in_open_case(known: Subject, account: str) -> bool:
    """Is the account in a case that is open? Then that case's steps are its own."""
    return any(account in debts for debts in _open_cases(known).values())


def debts_of(known: Subject, about: str) -> tuple[str, ...]:
    """The accounts that outreach about a case, or an account, is about."""
    return _open_cases(known).get(about, (about,) if about.startswith(ACCOUNT) else ())


def _open_cases(known: Subject) -> dict[str, tuple[str, ...]]:
    closed: dict[str, datetime] = {one.case: one.at for _, one in known.of(subject.CaseUnlinked)}
    newest: dict[str, subject.CaseLinked] = {one.case: one for _, one in known.of(subject.CaseLinked)}
    return {
        case: one.debts for case, one in newest.items() if not (case in closed and closed[case] >= one.at)
    }
