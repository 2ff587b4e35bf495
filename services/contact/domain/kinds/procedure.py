"""Rules about how a message is sent: the basis of an address, what it must and must not say, who goes on a visit."""

from datetime import timedelta
from typing import Any

from services.contact.domain.asked import Past
from services.contact.domain.kinds.rule import From, Rule
from services.contact.domain.moment import Moment
from services.contact.domain.verdict import Finding


class Fresh(From, frozen=True, kw_only=True):
    """The basis must have been renewed within `days`."""

    days: int


class SmsProcedure(Rule, frozen=True, kw_only=True, tag="sms_procedure"):
    """A text only to a number the person texted from or consented to, with a fresh check that it is still theirs.

    12 CFR 1006.6(d)(5): a text, a renewed consent, or the reassigned-numbers database within 60 days.
    """

    value: tuple[Fresh, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good without a basis that is fresh."""
        asked = moment.proposal
        basis, fresh = False, False
        for one in moment.past:
            if not _of_address(one, asked.address, "sms") or (
                one.ev != "rnd_check" and moment.whose(one) != moment.person
            ):
                continue
            given = (one.ev == "sms_consent" and not moment.released(one)) or (
                one.ev == "sms" and one.direction == "in"
            )
            if one.ev == "consent_revoked":
                basis = False
            basis = basis or given
            fresh = fresh or (
                (given or one.ev == "rnd_check") and moment.at - one.t <= timedelta(days=value.days)
            )
        return None if basis and fresh else self.fails(waits=False)


class EmailProcedure(Rule, frozen=True, kw_only=True, tag="email_procedure"):
    """An e-mail only to an address with a basis: used by the person, consented to, or noticed by the creditor.

    12 CFR 1006.6(d)(4); `bases` are the procedures that count.
    """

    value: tuple[From, ...]
    bases: tuple[str, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good without a basis."""
        return None if email_basis(moment, self.bases) else self.fails(waits=False)


class EmployerEmail(Rule, frozen=True, kw_only=True, tag="employer_email"):
    """An address that the employer provides needs the person's own use of it, or consent (12 CFR 1006.22(f)(3))."""

    value: tuple[From, ...]
    bases: tuple[str, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good for an employer's address without such a basis."""
        if not moment.proposal.employer_address or email_basis(moment, self.bases):
            return None
        return self.fails(waits=False)


def email_basis(moment: Moment, bases: tuple[str, ...]) -> bool:
    """Is there a basis of one of these kinds for the address? The person's own message from it is one."""
    found = False
    for one in moment.of("email", "email_basis", "consent_revoked"):
        if not _of_address(one, moment.proposal.address, "email"):
            continue
        if one.ev == "consent_revoked":
            found = False
        else:
            basis = one.ev == "email_basis" and (one.basis or "") in bases and not moment.released(one)
            found = found or (one.ev == "email" and one.direction == "in") or basis
    return found


def _of_address(one: Past, address: str | None, channel: str) -> bool:
    """Is it about this address? A consent taken back for the whole medium is about all of them."""
    if one.ev == "consent_revoked" and one.channel is not None:
        return one.channel == channel and one.address in (None, address)
    return one.address == address


class ContentRequired(Rule, frozen=True, kw_only=True, tag="content_required"):
    """The message must say these things."""

    value: tuple[From, ...]
    content: tuple[str, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good for a message without them."""
        missing = set(self.content) - set(moment.proposal.content)
        return self.fails(waits=False) if missing else None


class ContentForbidden(Rule, frozen=True, kw_only=True, tag="content_forbidden"):
    """The message must not say these things, nor go by these channels at all."""

    value: tuple[From, ...]
    content: tuple[str, ...]
    by: tuple[str, ...] = ()

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good for a message with one of them."""
        asked = moment.proposal
        bad = asked.channel in self.by or set(self.content) & set(asked.content)
        return self.fails(waits=False) if bad else None


class IdentityFirst(Rule, frozen=True, kw_only=True, tag="identity_first"):
    """Nothing about the debt is said before the person has proved who they are. Asked of what was said."""

    value: tuple[From, ...]
    content: tuple[str, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good where it was said to somebody not identified."""
        asked = moment.proposal
        told = set(self.content) & set(asked.said)
        return self.fails(waits=False) if told and asked.identity != "VERIFIED" else None


class People(From, frozen=True, kw_only=True):
    """At least so many go together."""

    people: int


class VisitStaff(Rule, frozen=True, kw_only=True, tag="visit_staff"):
    """Nobody goes on a visit alone."""

    value: tuple[People, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good where fewer go, or nobody said how many."""
        going = moment.proposal.staff or 0
        if going >= value.people:
            return None
        return self.fails(waits=False, observed=going, limit=value.people)


class PlaceForbidden(Rule, frozen=True, kw_only=True, tag="place"):
    """Not at these places, unless the person agreed to it (`unless`: the agreement on file)."""

    value: tuple[From, ...]
    places: tuple[str, ...]
    unless: str | None = None

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good at such a place."""
        asked = moment.proposal
        if asked.place not in self.places or (self.unless is not None and asked.exception == self.unless):
            return None
        return self.fails(waits=False)


class Agreement(Rule, frozen=True, kw_only=True, tag="agreement"):
    """Only by agreement: the proposal must rest on one of these on file."""

    value: tuple[From, ...]
    any_of: tuple[str, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good without one."""
        return None if moment.proposal.exception in self.any_of else self.fails(waits=False)
