"""The daily sweep: every case judged as of a day, as one command each.

It may run twice, late, or be killed: a case for which nothing follows is not written, and one already swept is found
to say nothing new.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.case.application.handle import CaseDesk, CaseForgotten, Meta
from services.case.application.sheet import CaseUnknown
from services.case.domain.case_commands import Sweep
from services.case.domain.policy import CasePolicy
from services.case.domain.redecide import redecide
from shared.kernel.policy import PolicyBook

ACTOR = "system:sweep"


@dataclass(slots=True)
class Swept:
    """What a run did."""

    cases: int = 0
    changed: int = 0
    events: int = 0


async def sweep(
    cases: Iterable[str], *, desk: CaseDesk, tenant: str, policies: PolicyBook[CasePolicy], as_of: date
) -> Swept:
    """Judge each case as of the end of `as_of`. A case that is gone or was erased is passed over."""
    done = Swept()
    policy = policies.in_force(tenant=tenant, on=as_of)
    for case_id in cases:
        done.cases += 1
        try:
            loaded = await desk.load(case_id)
            if not redecide(loaded.state, as_of, policy):
                continue
            if not redecide(loaded.state, as_of, policy, may_reopen=await desk.may_reopen(loaded)):
                continue
            # The version is part of the key: what was recorded since the last sweep may have more to say.
            meta = Meta(
                actor=ACTOR,
                client=ACTOR,
                key=f"{as_of}|{loaded.version}",
                fingerprint=as_of.isoformat().encode(),
                today=as_of,
            )
            handled = await desk.handle(case_id, Sweep(on=as_of), meta)
        except (CaseUnknown, CaseForgotten):
            continue
        done.changed += bool(handled.events)
        done.events += len(handled.events)
    return done
