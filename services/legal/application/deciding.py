"""A command about a matter or its proofs, decided and not stored: a route carries it out, or sees what it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.legal.application.handle import LegalDesk
from services.legal.domain.act import AnyCommand
from services.legal.domain.led import Led
from services.legal.domain.matter import Matter, fold_matter
from shared.eventstore.port import StreamWrite


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a command leads to: nothing to write where it is on record already.

    `led.refusal`: the law forbids it; the writes say so, and it is to be raised once they are stored. `matter` is the
    state after them.
    """

    writes: Sequence[StreamWrite]
    led: Led
    matter: Matter
    policy: str


class LegalDecisions:
    """Decisions about the matters of one tenant, as of now."""

    def __init__(self, *, desk: LegalDesk) -> None:
        self._desk = desk

    async def decide(self, about: str, command: AnyCommand, *, actor: str, dry_run: bool = False) -> Verdict:
        """Decide on what is on record now; `dry_run` makes no one known who was not.

        Raises: MatterUnknown, the rules' refusals.
        """
        known = await self._desk.load(about, command)
        led = self._desk.decide(known, command)
        writes = await self._desk.writes(known, led, actor=actor, dry_run=dry_run) if led else ()
        after = fold_matter(led.matter, begin=known.matter)
        return Verdict(writes=writes, led=led, matter=after, policy=self._desk.ground.named)
