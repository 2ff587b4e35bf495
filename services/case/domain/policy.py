"""The values the case service decides by, by tenant and date. A change is a new version here, never an `if`."""

from dataclasses import dataclass, replace
from datetime import date

from services.case.domain.action_order import RETAIL_ACTIONS, ActionOrder
from services.case.domain.delinquency import RETAIL, BucketScheme
from services.case.domain.queue import QueueOrder
from services.case.domain.staffing.keeping_policy import RETAIL_KEEPING, KeepingPolicy
from shared.kernel import parts
from shared.kernel.policy import PolicyBook, PolicyVersion
from shared.kernel.privacy.limits import RETAIL_PRIVACY, PrivacyLimits

DEFAULT_TENANT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePolicy:
    """How a lender treats promises, plans, relief, settlements and what follows from them.

    Units: days are calendar days unless said; `bps` are parts in ten thousand, `ppm` parts in a million; amounts in
    whole major units. `order` is the order in which a payment is put on what is owed, stored under `order_name`.
    A promise is judged `promise_grace_days` working days after it was due. Nobody approves what they proposed; below
    the `free` limits nobody has to. `penalty_ppm_per_day_max` and `penalty_share_bps_max` (of the highest principal)
    cap penalty interest whatever the contract says. Within `first_contact_days` of its opening somebody tries to reach
    the debtor; one of good will may be given up to `grace_days_max` days of grace; a relief is looked at again every
    `relief_review_days`. An instalment of a lender's book counts as overdue once it is not paid
    `instalment_grace_days` after its due date, then from that date. 0: the policy has no such rule.
    Only what begins on or after `duties_from` can fall due to be done; None: from the day the version is in force.
    """

    order: tuple[str, ...]
    order_name: str
    arrears_tolerance: int
    promise_days_max: int
    promise_grace_days: int
    promise_tolerance_bps: int
    promises_open_max: int
    quote_days: int
    plan_months_max: int
    plan_first_days_max: int
    plan_grace_days: int
    plan_cure_days: int
    claim_hold_days: int
    relief_days_max: int
    dispute_answer_days: int
    complaint_answer_days: int
    settlement_days_max: int
    settlement_free_bps: int
    waiver_free: int
    agency_evaluated_days_max: int
    penalty_ppm_per_day_max: int
    penalty_share_bps_max: int
    first_contact_days: int = 0
    grace_days_max: int = 0
    relief_review_days: int = 0
    instalment_grace_days: int = 0
    duties_from: date | None = None

    def __post_init__(self) -> None:
        if sorted(self.order) != sorted(parts.NAMES):
            raise ValueError(f"{self.order_name}: the order names every part once")


RETAIL_LIFE = LifePolicy(
    order=("costs", "interest", "penalty", "principal"),
    order_name="costs-first/1",
    arrears_tolerance=0,
    promise_days_max=30,
    promise_grace_days=2,
    promise_tolerance_bps=100,
    promises_open_max=1,
    quote_days=14,
    # Credit cards: at most five years (商业银行信用卡业务监督管理办法 art. 70).
    plan_months_max=60,
    plan_first_days_max=45,
    plan_grace_days=3,
    plan_cure_days=15,
    claim_hold_days=30,
    relief_days_max=366,
    dispute_answer_days=20,
    complaint_answer_days=15,
    settlement_days_max=92,
    settlement_free_bps=1_000,
    waiver_free=500,
    agency_evaluated_days_max=365,
    # 24 % a year over 365 days, rounded down.
    penalty_ppm_per_day_max=657,
    penalty_share_bps_max=10_000,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicy:
    """One version of a lender's rules for its cases; `version.id` is stored with every event they led to.

    `zone` is where the lender's dates are read; a statement counts `days_per_month` days for a month past due.
    """

    version: PolicyVersion
    scheme: BucketScheme
    queue: QueueOrder
    days_per_month: int
    zone: str
    life: LifePolicy = RETAIL_LIFE
    actions: ActionOrder = RETAIL_ACTIONS
    keeping: KeepingPolicy = RETAIL_KEEPING
    privacy: PrivacyLimits = RETAIL_PRIVACY

    @property
    def duties_from(self) -> date:
        """The first day on which something may begin that is then late if it is not done."""
        return self.life.duties_from or self.version.effective_from

    def __post_init__(self) -> None:
        unknown = set(self.queue.stage_weight) - set(self.scheme.names)
        if unknown or self.days_per_month < 1:
            raise ValueError(f"{self.version.id}: weights name buckets of the scheme; a month has days")


CN_RETAIL_1 = CasePolicy(
    version=PolicyVersion("cn-retail/1", date(1970, 1, 1)),
    scheme=RETAIL,
    # Early and large first: a call in M1 and M2 cures most, and money in M4+ goes to agency and court anyway.
    queue=QueueOrder(
        stage_weight={"M1": 3000, "M2": 4000, "M3": 2000, "M4+": 1000},
        per_day=1,
        days_max=900,
        per_thousand=2,
        thousands_max=1000,
        # A broken promise calls for a call at once, and who was never spoken to comes before who was.
        per_broken_promise=400,
        broken_promises_max=2,
        unreached=200,
    ),
    days_per_month=30,
    zone="Asia/Shanghai",
)

CN_RETAIL_2 = replace(
    CN_RETAIL_1,
    version=PolicyVersion("cn-retail/2", date(2026, 11, 22)),
    life=replace(RETAIL_LIFE, first_contact_days=7, grace_days_max=3, relief_review_days=90),
)
"""The first with rules for first contact, grace and reviews; what was decided before is explained by cn-retail/1."""

CN_RETAIL_3 = replace(
    CN_RETAIL_2,
    version=PolicyVersion("cn-retail/3", date(2026, 11, 23)),
    # Three days after the due date at least, a card payment counts as on time (容时服务, 中国银行卡行业自律公约 2013).
    life=replace(CN_RETAIL_2.life, instalment_grace_days=3, duties_from=CN_RETAIL_2.version.effective_from),
)
"""The first with days of grace for instalments; the days past due of earlier deliveries count without."""

RETAIL_POLICIES = (CN_RETAIL_1, CN_RETAIL_2, CN_RETAIL_3)
POLICIES: PolicyBook[CasePolicy] = PolicyBook({DEFAULT_TENANT: RETAIL_POLICIES})
