"""How long and how often a case is kept from rotating, and how long somebody helps: values of the policy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingPolicy:
    """How long and how often a case may be retained, and how long helped with. Days are calendar days."""

    retention_days_max: int
    retained_max: int
    assistance_days_max: int


RETAIL_KEEPING = KeepingPolicy(retention_days_max=30, retained_max=10, assistance_days_max=30)
