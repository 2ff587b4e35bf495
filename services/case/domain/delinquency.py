"""How far behind: days past due, and the bucket (stage) they fall in. Computed for a day, never stored as input."""

from dataclasses import dataclass

DAYS_PAST_DUE_MAX = 1_000 * 31


@dataclass(frozen=True, slots=True)
class Bucket:
    """One range of days past due: from `from_dpd` up to, not including, `until_dpd` (None: no end)."""

    name: str
    from_dpd: int
    until_dpd: int | None


@dataclass(frozen=True, slots=True)
class BucketScheme:
    """A lender's whole set of buckets, in order and as versioned data.

    Raises: ValueError unless they start at 0, follow each other without hole or overlap, and the last has no end.
    """

    version: str
    buckets: tuple[Bucket, ...]

    def __post_init__(self) -> None:
        if not self.buckets or len({bucket.name for bucket in self.buckets}) != len(self.buckets):
            raise ValueError(f"{self.version}: a scheme needs buckets with names of their own")
        at: int | None = 0
        for bucket in self.buckets:
            if at is None or bucket.from_dpd != at:
                raise ValueError(
                    f"{self.version}: {bucket.name} must start at {at}, where the one before ends"
                )
            if bucket.until_dpd is not None and bucket.until_dpd <= bucket.from_dpd:
                raise ValueError(f"{self.version}: {bucket.name} holds no day")
            at = bucket.until_dpd
        if at is not None:
            raise ValueError(f"{self.version}: the last bucket has no end")

    @property
    def first(self) -> str:
        """The bucket of those who owe nothing overdue."""
        return self.buckets[0].name

    @property
    def names(self) -> tuple[str, ...]:
        """All buckets, from the least to the most overdue."""
        return tuple(bucket.name for bucket in self.buckets)

    def stage_of(self, days_past_due: int) -> str:
        """The bucket that holds this many days (>= 0)."""
        for bucket in self.buckets:
            if bucket.until_dpd is None or days_past_due < bucket.until_dpd:
                return bucket.name
        raise AssertionError("the last bucket has no end")


RETAIL = BucketScheme(
    "retail/1",
    (
        Bucket("M0", 0, 1),
        Bucket("M1", 1, 31),
        Bucket("M2", 31, 61),
        Bucket("M3", 61, 91),
        Bucket("M4+", 91, None),
    ),
)
"""M1 1-30, M2 31-60, M3 61-90, M4+ over 90 days, as DESIGN.md 4 has it."""


def days_past_due(months: int, *, days_per_month: int) -> int:
    """Days past due of an account reported `months` (>= 0) months behind."""
    return months * days_per_month
