"""A subject's life without a store: commands put to `act`, one after another, as a stream would record them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.contact.adapters.pack_files import shipped
from services.contact.domain import commands as c
from services.contact.domain.act import act
from services.contact.domain.breaches import found_in
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Proposed
from services.contact.domain.pack import Pack
from services.contact.domain.refusals import AttemptUnknown
from services.contact.domain.subject import Subject, evolve

PHONE, OTHER_PHONE = "cpt_phone", "cpt_other"
SAYS_WHO = ("identifies_institution",)


def utc(text: str) -> datetime:
    """An instant written as ISO 8601 with its offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


def calling(point: str = PHONE, **said: Any) -> Proposed:
    """A call to the debtor by the lender itself."""
    told = {
        "channel": "voice",
        "role": "debtor",
        "collector_role": "first_party",
        "content": SAYS_WHO,
        **said,
    }
    return Proposed(at=utc("2000-01-01T00:00:00Z"), point=point, **told)


def call(ref: str, at: datetime, outcome: str | None = None, **said: Any) -> c.ReportAttempt:
    """A call that was made, reported by the dialer."""
    of_it = {name: said.pop(name) for name in ("identity", "discussed") if name in said}
    spoken = said.pop("said", ())
    told = {"point": PHONE, "source": "dialer", "channel": "voice", **said}
    came = None if outcome is None else c.Outcome(outcome=outcome, said=spoken, at=at, **of_it)
    return c.ReportAttempt(attempt=f"cat_{ref}", source_ref=ref, at=at, outcome=came, **told)


@dataclass
class Life:
    """One subject under the shipped packs."""

    now: datetime
    packs: Sequence[Pack] = field(default_factory=lambda: shipped(house=True))
    subject: Subject = field(default_factory=Subject)
    events: list[Any] = field(default_factory=list)

    def do(self, command: Any, at: datetime | None = None) -> tuple[Any, ...]:
        """Put a command, at `at` or now; the events it led to."""
        led = act(self.subject, command, self.packs, now=at or self.now)
        for event in led:
            self.subject = evolve(self.subject, event)
            self.events.append(event)
        return led

    def do_all(self, commands: Iterable[Any]) -> Life:
        """Put them in this order; what came before the attempt it is about comes again at the end."""
        again = []
        for command in commands:
            try:
                self.do(command)
            except AttemptUnknown:
                again.append(command)
        for command in again:
            self.do(command)
        return self

    def ask(
        self, permit: str, proposed: Proposed, at: datetime | None = None
    ) -> ContactPermitted | ContactRefused:
        """Ask for a permit; the decision."""
        decided = self.do(c.AskPermit(permit=permit, proposed=proposed, asked_by="user:test"), at)
        assert isinstance(decided[0], ContactPermitted | ContactRefused)
        return decided[0]

    @property
    def breaches(self) -> dict[str, tuple[str, ...]]:
        """attempt -> the rules it is recorded to have broken."""
        return {ref: rules for ref, (_, rules) in self.subject.breaches.items() if rules}

    @property
    def broken(self) -> dict[str, tuple[str, ...]]:
        """attempt -> the rules it broke, judged anew as a whole."""
        return found_in(self.subject, self.packs)
