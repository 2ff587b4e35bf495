"""What figures are counted by, under names with a version: an answer says which, and an old answer can be told again.

A change here is a new version, beside the old one, never an edit.
"""

ATTRIBUTION = "value-date/1"
"""Cash, promises, attempts and complaints are credited to who held the case on the day they are effective."""

OUTCOMES = "contact-outcomes/1"
RIGHT_PARTY = frozenset({"RIGHT_PARTY", "REACHED", "RIGHT_PARTY_REACHED", "ANSWERED", "PROMISED"})
"""Outcomes at which the debtor, or who acts for the debtor, was spoken to."""
CONNECTED = RIGHT_PARTY | {
    "CONNECTED", "WRONG_PARTY", "WRONG_PARTY_REACHED", "THIRD_PARTY", "THIRD_PARTY_REACHED", "HUNG_UP", "REFUSED",
}  # fmt: skip
"""Outcomes at which somebody was reached. All others are attempts that reached nobody."""

FORCED_HOLDS = "forced-holds/1"
FORCED = frozenset(
    {
        "DISPUTE",
        "HARDSHIP",
        "MORATORIUM",
        "BANKRUPTCY",
        "DECEASED",
        "INCAPABLE",
        "CEASE",
        "COMPLAINT",
        "FRAUD",
    }
)
"""Holds in which the lender must not collect: their days are no days in collections. A plan or grace is its choice."""

CURE = "cure/1"
CURE_WITHIN_DAYS, CURE_STAY_DAYS = 30, 30
"""A cure: no longer in arrears within so many days of the start, and for so many days from then on."""

PAR_DAYS = (0, 30, 60, 90)
"""Portfolio at risk: the balance of accounts more than so many days past due."""

STATED = "STATEMENT"
"""The channel of a payment that only a statement's month reports."""

TARGET = "working-days/1"
"""By now a team is to have brought in the month's target times the share of the month's working days that are over."""

SETTLED, CHARGED_OFF, WRITTEN_OFF, SOLD, LEFT, CURED = (
    "SETTLED", "CHARGED_OFF", "WRITTEN_OFF", "SOLD", "LEFT", "CURED",
)  # fmt: skip
OUT_OF_BUCKETS = (CURED, SETTLED, CHARGED_OFF, WRITTEN_OFF, SOLD, LEFT)
"""Where an account can go beside a bucket. CURED: it was overdue, and at the end it is current."""
