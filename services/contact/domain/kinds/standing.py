"""Rules about what stands: flags (cease, attorney, dispute, plan), opt-outs, who may be spoken to, mandates."""

from typing import Any, Literal

from services.contact.domain.asked import Past
from services.contact.domain.kinds.rule import From, Rule
from services.contact.domain.moment import Moment
from services.contact.domain.verdict import Finding


def standing_flag(
    moment: Moment, names: tuple[str, ...], person: str, *, debts: frozenset[str] = frozenset()
) -> Past | None:
    """The flag of one of these names that stands on a person now; of several the one that ends last.

    `debts` (grouped): only flags about one of them, or about none in particular. A flag with debts is cleared by a
    clearing of its name that names them, or none.
    """
    found: Past | None = None
    for one in moment.of("flag_set", person=person):
        if one.flag not in names or (one.until is not None and moment.at >= one.until):
            continue
        if (debts and not moment.touches(one, debts)) or _cleared(moment, one, person):
            continue
        if found is None or _later(one, found):
            found = one
    return found


def _cleared(moment: Moment, flag: Past, person: str) -> bool:
    return any(
        off.flag == flag.flag and off.t >= flag.t and (not off.debts or set(flag.debts) <= set(off.debts))
        for off in moment.of("flag_cleared", person=person)
    )


def _later(one: Past, other: Past) -> bool:
    return one.until is None or (other.until is not None and one.until > other.until)


class Flag(Rule, frozen=True, kw_only=True, tag="flag"):
    """While a flag stands there is no contact, save for `purposes`, a free answer, or outside its debts.

    `about`: the flag is the debtor's, or that of the person to be contacted. `place` and `content` narrow the rule to
    contact at that place, or with that marker. `reply`: `once` by the same medium, `any` answer, or none.
    """

    value: tuple[From, ...]
    flags: tuple[str, ...]
    about: Literal["debtor", "person"] = "person"
    purposes: tuple[str, ...] = ()
    reply: Literal["none", "once", "any"] = "none"
    place: str | None = None
    content: tuple[str, ...] = ()
    or_purposes: tuple[str, ...] = ()

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails while the flag stands; it waits only where the flag has an end."""
        asked = moment.proposal
        if asked.purpose is not None and asked.purpose in self.purposes:
            return None
        if self.place is not None and asked.place != self.place:
            return None
        if self.content and not (set(self.content) & set(asked.content) or asked.purpose in self.or_purposes):
            return None
        if (self.reply == "any" and asked.reply) or (
            self.reply == "once" and moment.reply_is_free(asked.channel)
        ):
            return None
        person = moment.question.debtor.id if self.about == "debtor" else moment.person
        flag = standing_flag(moment, self.flags, person, debts=moment.groups(asked.debts))
        return None if flag is None else self.fails(waits=flag.until is not None, counted=(flag.ref,))


class Party(Rule, frozen=True, kw_only=True, tag="party"):
    """Only these roles; another only for `purposes`, without `forbidden` content, and where `needs` stands.

    `needs`: one of these flags stands on the debtor (unreachable, dead, incapable).
    """

    value: tuple[From, ...]
    allowed: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for a role that may not be spoken to, or not so."""
        asked = moment.proposal
        if asked.role in self.allowed or (asked.exception is not None and asked.exception in self.exceptions):
            return None
        purpose = asked.purpose is not None and asked.purpose in self.purposes
        if purpose and not set(self.forbidden) & set(asked.content):
            debtor = moment.question.debtor.id
            if not self.needs or standing_flag(moment, self.needs, debtor) is not None:
                return None
        return self.fails(waits=False)


class OptOut(Rule, frozen=True, kw_only=True, tag="media_optout"):
    """No contact by a medium or to an address the person asked not to be reached by; one answer is free.

    12 CFR 1006.14(h). A later consent to the same medium lifts it; `purposes` are those the law requires by it.
    """

    value: tuple[From, ...]
    purposes: tuple[str, ...] = ()
    reply_once: bool = True

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for good while the opt-out stands."""
        asked = moment.proposal
        if asked.purpose is not None and asked.purpose in self.purposes:
            return None
        if self.reply_once and moment.reply_is_free(asked.channel):
            return None
        counted = [
            one.ref
            for one in moment.of("optout")
            if _bars(one, asked.channel, asked.address) and not self._lifted(moment, one)
        ]
        return self.fails(waits=False, counted=tuple(counted)) if counted else None

    def _lifted(self, moment: Moment, out: Past) -> bool:
        asked = moment.proposal
        consents = {"sms": "sms_consent", "email": "email_basis", "voice": "prior_consent"}
        wanted = consents.get(asked.channel)
        return wanted is not None and any(
            one.t > out.t and (out.address is None or one.address == out.address)
            for one in moment.of(wanted)
            if one.basis in (None, "d4i_b")
        )


VOICE = ("voice", "ringless_voicemail")


def _bars(out: Past, channel: str, address: str | None) -> bool:
    if out.address is not None and out.address != address:
        return False
    if out.channel is None:
        return out.address is not None
    return out.channel == channel or (out.channel in VOICE and channel in VOICE)


class Mandate(Rule, frozen=True, kw_only=True, tag="mandate"):
    """A third party collects only while its mandate runs."""

    value: tuple[From, ...]

    def check(self, value: Any, moment: Moment) -> Finding | None:
        """Fails for a third party whose mandate has not begun, has ended, or is not on record."""
        if moment.question.collector_role != "third_party":
            return None
        runs = any(
            one.ev == "mandate" and (one.until is None or moment.at < one.until) and moment.same_creditor(one)
            for one in moment.past
        )
        return None if runs else self.fails(waits=False)
