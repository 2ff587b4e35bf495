"""How a suit goes, from its assessment to a judgment in force (domain.md 4.3, Suit).

    ASSESSED ► APPROVED ► FILED ► ACCEPTED ► FEE_PAID ► SERVED | SERVICE_BY_NOTICE ► HEARING_SET ► HEARD
                            └► NOT_ACCEPTED                                            │
      HEARD ► JUDGED ► APPEAL_PERIOD ► EFFECTIVE ► PERFORMED        MEDIATED ► EFFECTIVE ┤
                └► APPEALED ► FINAL ► EFFECTIVE                     WITHDRAWN, DISMISSED ┘
                      └► REMANDED ► HEARING_SET …

Whoever approves is not who assessed. Filing restarts limitation on that day (provisions art. 10), and holds it until
the procedure ends. A judgment takes effect by the passing of time, once nobody can appeal any more (art. 158, 171);
after an appeal, or a mediation, somebody reports it.
"""

from types import MappingProxyType

from services.legal.domain.facts import suit as f
from services.legal.domain.tracks.machine import STAYS, Machine
from services.legal.domain.tracks.suit_guards import GUARDS
from services.legal.domain.tracks.suit_proofs import PROVED

KIND = "SUIT"
ASSESSED, APPROVED, REJECTED, FILED = "ASSESSED", "APPROVED", "REJECTED", "FILED"
ACCEPTED, NOT_ACCEPTED, FEE_PAID = "ACCEPTED", "NOT_ACCEPTED", "FEE_PAID"
SERVED, SERVICE_BY_NOTICE, HEARING_SET, HEARD = "SERVED", "SERVICE_BY_NOTICE", "HEARING_SET", "HEARD"
MEDIATED, WITHDRAWN, DISMISSED, JUDGED = "MEDIATED", "WITHDRAWN", "DISMISSED", "JUDGED"
APPEAL_PERIOD, APPEALED, REMANDED, FINAL = "APPEAL_PERIOD", "APPEALED", "REMANDED", "FINAL"
EFFECTIVE, PERFORMED = "EFFECTIVE", "PERFORMED"

_TAKEN_UP = frozenset({ACCEPTED, FEE_PAID})
_SERVING = frozenset({SERVICE_BY_NOTICE, SERVED})
_HEARING = frozenset({HEARING_SET, HEARD, REMANDED})
_FIRST = _TAKEN_UP | _SERVING | _HEARING
"""Before the court of first instance."""
_JUDGED = frozenset({JUDGED, APPEAL_PERIOD})

MACHINE = Machine(
    kind=KIND,
    begins=f.SuitAssessed,
    first=ASSESSED,
    moves=MappingProxyType({
        f.SuitApproved: (frozenset({ASSESSED}), APPROVED),
        f.SuitRejected: (frozenset({ASSESSED}), REJECTED),
        f.SuitFiled: (frozenset({APPROVED}), FILED),
        f.SuitAccepted: (frozenset({FILED, REMANDED}), ACCEPTED),
        f.SuitNotAccepted: (frozenset({FILED, APPEALED}), NOT_ACCEPTED),
        f.CourtFeePaid: (
            (frozenset({ACCEPTED}), FEE_PAID),
            (_SERVING | _HEARING | _JUDGED | {APPEALED}, STAYS),
        ),
        f.SuitServed: ((_TAKEN_UP | _SERVING, SERVED), (_HEARING, STAYS)),
        f.ServiceNoticePublished: (
            (_TAKEN_UP | _SERVING, SERVICE_BY_NOTICE),
            (_HEARING | _JUDGED | {APPEALED}, STAYS),
        ),
        f.ServedByNotice: (
            (_SERVING, SERVED),
            (_JUDGED, APPEAL_PERIOD),
            (_HEARING | {APPEALED}, STAYS),
        ),
        f.DefenceReceived: (_FIRST, STAYS),
        f.SuitProcedureChanged: (_FIRST, STAYS),
        f.HearingSet: ((_FIRST, HEARING_SET), (frozenset({APPEALED}), STAYS)),
        f.SuitHeard: ((frozenset({HEARING_SET}), HEARD), (frozenset({APPEALED}), STAYS)),
        f.SuitMediated: (_FIRST | {APPEALED}, MEDIATED),
        f.SuitWithdrawn: (_FIRST | {ASSESSED, APPROVED, FILED, MEDIATED, APPEALED}, WITHDRAWN),
        f.SuitDismissed: (_FIRST | {APPEALED}, DISMISSED),
        f.JudgmentIssued: (frozenset({HEARD, MEDIATED}), JUDGED),
        f.JudgmentServed: (_JUDGED, APPEAL_PERIOD),
        f.SuitAppealed: (_JUDGED | {NOT_ACCEPTED, DISMISSED}, APPEALED),
        f.AppealWithdrawn: (frozenset({APPEALED}), FINAL),
        f.AppealRemanded: (frozenset({APPEALED}), REMANDED),
        f.AppealJudged: (frozenset({APPEALED}), FINAL),
        f.JudgmentEffective: (frozenset({APPEAL_PERIOD, FINAL, MEDIATED}), EFFECTIVE),
        f.JudgmentPerformed: (frozenset({EFFECTIVE}), PERFORMED),
    }),
    ends=frozenset({REJECTED, NOT_ACCEPTED, WITHDRAWN, DISMISSED, EFFECTIVE, PERFORMED}),
    by_time=frozenset({f.ServedByNotice, f.JudgmentEffective}),
    also_reported=MappingProxyType({f.JudgmentEffective: frozenset({FINAL, MEDIATED})}),
    needs_live_claim=frozenset({f.SuitFiled}),
    guards=GUARDS,
    proved=PROVED,
)  # fmt: skip
"""The machine of a suit."""
