"""What a command about a matter, or about the proofs of a case, leads to: a pure function of what is known.

First what the command itself says; then what follows from it: the proof of a step, and what the other services are
told. All of it is one write.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from services.legal.domain import commands as c
from services.legal.domain import life, stepping, telling
from services.legal.domain.ground import Ground
from services.legal.domain.known import Known
from services.legal.domain.led import Led
from services.legal.domain.limitation import act as limitation
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from services.legal.domain.recording import facts

AnyCommand: TypeAlias = c.MatterCommand | c.ProofCommand


Act = Callable[[Known, Any], Led]


def act(
    matter: Matter,
    claims: Claims,
    command: AnyCommand,
    ground: Ground,
    *,
    now: datetime,
    others: tuple[Matter, ...] = (),
) -> Led:
    """The events of a command, none where it is on record already. Raises the rules' refusals."""
    known = Known(matter=matter, claims=claims, ground=ground, now=now, others=others)
    room = next(room for kinds, room in ROOMS if isinstance(command, kinds))
    led = room(known, command)
    if not led.matter:
        return led
    return replace(led, matter=(*led.matter, *telling.of(matter, led.matter)))


ROOMS: list[tuple[Any, Act]] = [
    (c.OpenMatter, life.opened),
    (c.CloseMatter, life.closed),
    (c.ReopenMatter, life.reopened),
    (c.WarnOfDeadline, life.warned),
    (c.HearOfCase, life.turned),
    (c.Record, facts.recorded),
    (c.TakeStep, stepping.taken),
    (c.RetractStep, stepping.retracted),
    (c.GiveOverride, stepping.overridden),
    (c.RecordProof, limitation.recorded),
    (c.RetractProof, limitation.retracted),
    (c.RestoreProof, limitation.restored),
    (c.TellOfDebts, limitation.told),
    (c.WarnOfLimitation, limitation.warned),
]
"""(commands, what they lead to). Rooms with commands of their own name themselves here."""
