"""One event of the contact service, heard: an attempt or a refusal is put on each case it was about, once.

The commands are named after the publisher's event, and the facts after its attempt and revision, so that hearing
again adds nothing, whatever died in between.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.case.application.handle import CaseDesk, CaseForgotten, Meta
from services.case.application.sheet import CaseUnknown, is_case_id
from services.case.application.statements import Contended
from services.case.domain.case_commands import RecordAttempt, RecordRefusal, ReviseAttempt
from services.case.domain.policy import CasePolicy
from shared.kernel.clock import Clock, day_in
from shared.kernel.policy import PolicyBook
from shared.messaging.reader import HearAgain
from shared.messaging.told import Told

NAME = "case.hears_contact"
ATTEMPT, REFUSAL = "contact.AttemptTold", "contact.ContactRefused"
TYPES = (ATTEMPT, REFUSAL)
ACTOR = CLIENT = "system:hears-contact"
CHANNELS = {"voice": "VOICE", "sms": "SMS", "email": "EMAIL", "letter": "LETTER", "visit": "VISIT"}
OUTCOMES = {
    "conversation": "RIGHT_PARTY",
    "conversation_third_party": "THIRD_PARTY",
    "conversation_wrong_party": "WRONG_PARTY",
    "answered_hung_up": "HUNG_UP",
    "answered_dropped": "CONNECTED",
    "ring_no_answer": "NO_ANSWER",
}
"""Contact's outcomes in the words that figures are counted by (domain/figures/rules.py); others as they are."""
ACTORS = {"first_party": "COLLECTOR", "third_party": "AGENCY"}


class ContactTold:
    """Hears the contact service for one tenant."""

    def __init__(
        self, *, desk: CaseDesk, tenant: str, policies: PolicyBook[CasePolicy], clock: Clock
    ) -> None:
        self._desk, self._tenant, self._policies, self._clock = desk, tenant, policies, clock

    async def hear(self, told: Told) -> None:
        """Record it on the cases it is about; of one that is not here, or was erased, nothing can be said.

        Raises KeyError and ValueError for facts that cannot be read, the rules' refusals, what the ledger raises;
        HearAgain where others kept writing about the same case.
        """
        if told.data is None:
            return
        today = day_in(self._clock.now(), self._zone)
        for case_id, command in self._commands(told, told.data):
            meta = Meta(
                actor=ACTOR, client=CLIENT, key=told.id, fingerprint=b"heard", today=today,
                cause=UUID(told.id),
            )  # fmt: skip
            try:
                await self._desk.handle(case_id, command, meta)
            except Contended as problem:
                raise HearAgain from problem
            except (CaseUnknown, CaseForgotten):
                continue

    @property
    def _zone(self) -> str:
        return self._policies.in_force(tenant=self._tenant, on=self._clock.now().date()).zone

    def _commands(
        self, told: Told, data: Any
    ) -> Iterator[tuple[str, RecordAttempt | ReviseAttempt | RecordRefusal]]:
        if told.type == REFUSAL:
            case, refusal = data["proposed"]["case"], self._refusal(data)
            if case is not None and is_case_id(case):
                yield case, refusal
            return
        for case in data["cases"]:
            if is_case_id(case):
                yield case, self._attempt(data)

    def _attempt(self, data: Any) -> RecordAttempt | ReviseAttempt:
        at = datetime.fromisoformat(data["began_at"])
        outcome, rules = OUTCOMES.get(data["outcome"], data["outcome"].upper()), tuple(data["rules"])
        if data["revision"] > 1:
            return ReviseAttempt(
                attempt_ref=data["attempt"], revision=data["revision"], at=at, on=day_in(at, self._zone),
                outcome=outcome, permit=data["permit"], rules=rules, retracted=data["retracted"],
            )  # fmt: skip
        return RecordAttempt(
            attempt_ref=data["attempt"], at=at, on=day_in(at, self._zone), channel=_channel(data["channel"]),
            outcome=outcome, actor_kind=ACTORS.get(data["collector_role"], "COLLECTOR"), permit=data["permit"],
            rules=rules,
        )  # fmt: skip

    def _refusal(self, data: Any) -> RecordRefusal:
        proposed, until = data["proposed"], data["until"]
        at = datetime.fromisoformat(proposed["at"])
        return RecordRefusal(
            refusal=data["permit"], at=at, on=day_in(at, self._zone), channel=_channel(proposed["channel"]),
            rules=tuple(failed["rule"] for failed in data["failed"]),
            until=None if until is None else datetime.fromisoformat(until),
        )  # fmt: skip


def _channel(name: str) -> str:
    return CHANNELS.get(name, name.upper())
