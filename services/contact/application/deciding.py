"""A command about a subject, decided and not stored: a route carries it out, or only sees what it leads to."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from services.contact.application.handle import ContactDesk
from services.contact.application.remembered import KnownSubject
from services.contact.domain.act import AnyCommand, act
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts.asking import Proposed
from services.contact.domain.pack import Pack
from services.contact.domain.permits import weighed_at
from services.contact.domain.subject import Subject, fold_subject
from services.contact.domain.verdict import Decision
from shared.eventstore.port import StreamWrite
from shared.kernel.clock import Clock
from shared.kernel.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a command leads to: nothing to write where it is on record already.

    `events` are those of `writes`; `subject` the state after them. `taken` is to be called once the ledger has taken
    the writes.
    """

    writes: Sequence[StreamWrite]
    events: tuple[ContactEvent, ...]
    subject: Subject
    policy: str | None = None
    taken: Callable[[], None] = field(default=lambda: None)


class ContactDecisions:
    """Decisions about the subjects of one tenant, as of now."""

    def __init__(self, *, desk: ContactDesk, clock: Clock) -> None:
        self._desk, self._clock = desk, clock

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs that decide: law, house and the tenant's own."""
        return self._desk.packs

    async def decide(
        self, subject_id: str, command: AnyCommand, *, actor: str, dry_run: bool = False
    ) -> Verdict:
        """Decide on the subject as it is now; `dry_run` makes no one known who was not.

        Raises: SubjectUnknown, the rules' refusals.
        """
        hint = None if dry_run else self._desk.remembered.take(subject_id)
        if hint is not None:
            # Only what the ledger will check against the stream's version is decided on a memory of it.
            with suppress(Refused):
                verdict = await self._verdict(hint, command, actor=actor, dry_run=False)
                if verdict.writes:
                    return verdict
        known = await self._desk.load(subject_id)
        return await self._verdict(known, command, actor=actor, dry_run=dry_run)

    async def weigh(self, subject_id: str, proposed: Proposed) -> Decision:
        """What would be decided of this contact at `proposed.at`, by all that is known now; nothing is stored.

        Raises: SubjectUnknown.
        """
        known = await self._desk.load(subject_id)
        return weighed_at(known.state, proposed, self.packs)

    async def _verdict(
        self, known: KnownSubject, command: AnyCommand, *, actor: str, dry_run: bool
    ) -> Verdict:
        events = act(known.state, command, self.packs, now=self._clock.now())
        if not events:
            return Verdict(writes=(), events=(), subject=known.state)
        write = await self._desk.writes(known, events, actor=actor, dry_run=dry_run)
        after = replace(known, state=fold_subject(events, begin=known.state))
        return Verdict(
            writes=(write,), events=events, subject=after.state,
            taken=partial(self._desk.remembered.keep, after),
        )  # fmt: skip
