"""The values the case service decides by, by tenant and date. A change is a new version here, never an `if`."""

from dataclasses import dataclass
from datetime import date

from services.case.domain.delinquency import RETAIL, BucketScheme
from services.case.domain.queue import QueueOrder
from shared.kernel.policy import PolicyBook, PolicyVersion

DEFAULT_TENANT = "default"


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
    ),
    days_per_month=30,
    zone="Asia/Shanghai",
)

POLICIES: PolicyBook[CasePolicy] = PolicyBook({DEFAULT_TENANT: (CN_RETAIL_1,)})
