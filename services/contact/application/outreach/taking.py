"""Taking one step: a message queued under a permit, or a dial task raised; or why neither.

What a step sends has an id that follows from the step, so that a worker that was cut off between the message and the
word of it finds the same message again, and sends no second one.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from services.contact.application.handle import ContactDesk, Meta
from services.contact.application.outreach.desk import ACTOR, Loaded
from services.contact.application.sending.messages import MessageDesk, NoPointToSendTo, Wanted
from services.contact.application.texts.port import Texts
from services.contact.domain.facts import outreach as f
from services.contact.domain.facts.asking import ContactRefused
from services.contact.domain.facts.subject import AccountNamed, PointRecorded
from services.contact.domain.outreach import reaching, steps
from services.contact.domain.outreach.saying import Sayable, sayable
from services.contact.domain.outreach.standing import Heard
from services.contact.domain.outreach.steps import Occurrence
from services.contact.domain.outreach.strategy import CONSENT, VOICE, WAITS
from services.contact.domain.sending.refusals import MessageUnderWay, MessageUnknown
from services.contact.domain.subject import Subject
from services.contact.domain.texts.rendering import TemplateLanguageMissing
from services.contact.domain.texts.template import TemplateNotInForce, TemplateUnknown
from services.contact.domain.texts.values import TemplateValueUnfit
from shared.eventstore.ledger import Ledger
from shared.eventstore.thing_id import thing_of
from shared.kernel.clock import day_in

TASK = "dtk"
PAUSED = "OUTREACH_PAUSED"
AT_ONCE = timedelta(minutes=5)
"""How long a message may wait whose step does not wait."""
SOON, AGAIN = timedelta(minutes=10), timedelta(hours=6)
"""How long a step waits for a number, a consent or a text before it is looked at again: at first, and from then on."""
_TEXT_LACKS = (TemplateUnknown, TemplateNotInForce, TemplateLanguageMissing)


class _Lacks(Exception):
    """Something the step needs is not there: it waits, and is skipped at its end for this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StepTaker:
    """Takes steps for one tenant. `always`: what every text may say, by language and variable (institution …)."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        desk: ContactDesk,
        messages: MessageDesk,
        texts: Texts,
        always: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._ledger, self._tenant, self._desk, self._texts = ledger, tenant, desk, texts
        self._messages, self._always = messages, always

    async def take(self, loaded: Loaded, one: Occurrence, now: datetime) -> tuple[f.OutreachEvent, ...]:
        """Take the step; what is to be said of it. Raises what desk and ledger raise."""
        subject = loaded.state.subject or ""
        known = (await self._desk.load(subject)).state
        about = loaded.state.about or ""
        if about.startswith(reaching.ACCOUNT) and reaching.in_open_case(known, about):
            return (_skipped(one, now, steps.CASE_OPEN),)
        try:
            point = _point(known, one)
            if one.step.channel == VOICE:
                return self._call(loaded, one, now)
            return await self._send(loaded, one, known, point, now)
        except _Lacks as lacks:
            return _later(loaded, one, now, lacks.reason)

    async def call_off(self, loaded: Loaded, one: f.StepNamed) -> None:
        """Withdraw the message of a step, where it still waits: outreach is paused, softened or over."""
        subject = loaded.state.subject or ""
        message = self._messages.message_id(subject, client=ACTOR, key=_key(loaded, one))
        meta = Meta(actor=ACTOR, client=ACTOR, key=f"call-off|{message}")
        with suppress(MessageUnderWay, MessageUnknown):
            await self._messages.withdraw(message, meta, reason=PAUSED)

    def _call(self, loaded: Loaded, one: Occurrence, now: datetime) -> tuple[f.OutreachEvent, ...]:
        made = self._ledger.command_id(ACTOR, "task", _key(loaded, one.of), tenant=self._tenant)
        task = thing_of("outreach", TASK, loaded.id, made)
        raised = f.DialTaskRaised(
            task=task, about=loaded.state.about or "", subject=loaded.state.subject or "",
            situation=one.step.situation or "", at=now, until=one.ends,
        )  # fmt: skip
        return (raised, _taken(one, now, task=task))

    async def _send(
        self, loaded: Loaded, one: Occurrence, known: Subject, point: PointRecorded, now: datetime
    ) -> tuple[f.OutreachEvent, ...]:
        state, key = loaded.state, _key(loaded, one.of)
        subject, about = state.subject or "", state.about or ""
        account = about.startswith(reaching.ACCOUNT)
        day, language = day_in(now, one.zone), reaching.language_of(known, now)
        try:
            version = await self._texts.in_force(one.step.template or "", on=day)
            values = self._said(known, one, state.heard, about, now).values(version.text.variables)
            if values is None:
                raise _Lacks(steps.NO_VALUES)
            wanted = Wanted(
                channel=one.step.channel, template=one.step.template or "", version=version.number,
                language=language, values=values, point=point.point, case=None if account else about,
                debts=(about,) if account else (), purpose=version.text.purpose,
                send_by=one.ends if one.step.deferred == WAITS else min(one.ends, now + AT_ONCE),
            )  # fmt: skip
            order = await self._messages.order(subject, wanted, Meta(actor=ACTOR, client=ACTOR, key=key))
        except _TEXT_LACKS:
            raise _Lacks(steps.NO_TEMPLATE) from None
        except TemplateValueUnfit:
            raise _Lacks(steps.NO_VALUES) from None
        except NoPointToSendTo:
            raise _Lacks(steps.NO_POINT) from None
        if order.queued:
            return (_taken(one, now, permit=order.permit, message=order.message),)
        failed = order.decision.failed if isinstance(order.decision, ContactRefused) else ()
        rules = tuple(dict.fromkeys(failure.rule for failure in failed))
        return (_skipped(one, now, steps.REFUSED, rules, order.permit),)

    def _said(self, known: Subject, one: Occurrence, heard: Heard, about: str, now: datetime) -> Sayable:
        """What a text of the step can say."""
        debts = reaching.debts_of(known, about)
        language = reaching.language_of(known, now)
        return sayable(
            heard, one.of.scope, debts=len(debts) or 1, account=self._tail(known, debts),
            today=day_in(now, one.zone), language=language, always=self._always.get(language, {}),
        )  # fmt: skip

    def _tail(self, known: Subject, debts: tuple[str, ...]) -> str | None:
        """The last four characters of the one account: as the book has it, or the debtor is known by the account."""
        if len(debts) != 1:
            return None
        named = [one.tail for _, one in known.of(AccountNamed) if one.account == debts[0]]
        if named and isinstance(named[-1], str):
            return named[-1].upper()
        ref = known.debtor_ref
        if ref is None:
            return None
        if self._ledger.stream_id("account", ref, debtor_ref=ref, tenant=self._tenant) != debts[0]:
            return None
        tail = ref[-4:].upper()
        return tail if len(tail) == 4 and tail.isascii() and tail.isalnum() else None


def _point(known: Subject, one: Occurrence) -> PointRecorded:
    """Raises _Lacks."""
    point = reaching.point_for(known, one.step.channel)
    if point is None:
        raise _Lacks(steps.NO_POINT)
    if CONSENT in one.step.needs and not reaching.consented(known, one.step.channel, point.point):
        raise _Lacks(steps.NO_CONSENT)
    return point


def _key(loaded: Loaded, of: f.StepNamed) -> str:
    """What tells a step from every other, whatever version of the strategy asks for it."""
    return f"{loaded.id}|{of.scope}|{of.anchor.isoformat()}|{of.step}|{of.time}"


def _taken(
    one: Occurrence,
    now: datetime,
    *,
    permit: str | None = None,
    message: str | None = None,
    task: str | None = None,
) -> f.StepTaken:
    return f.StepTaken(of=one.of, at=now, channel=one.step.channel, permit=permit, message=message, task=task)


def _skipped(
    one: Occurrence, now: datetime, reason: str, rules: tuple[str, ...] = (), permit: str | None = None
) -> f.StepSkipped:
    return f.StepSkipped(of=one.of, at=now, reason=reason, rules=rules, permit=permit)


def _later(loaded: Loaded, one: Occurrence, now: datetime, reason: str) -> tuple[f.OutreachEvent, ...]:
    """Wait, and say why. What a new case lacks is often on its way: the second look comes soon."""
    before = loaded.state.waiting.get(one.of)
    span = SOON if before is None or before.reason != reason else AGAIN
    until = min(now + span, one.ends)
    return (f.StepDeferred(of=one.of, at=now, reason=reason, rules=(), permit=None, until=until),)
