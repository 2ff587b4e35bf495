"""What a step may be refused with, by what is judged."""

OF_ANY = (
    "track-unknown", "step-out-of-order", "step-only-by-time", "step-in-the-future", "step-too-early",
    "legal-party-unknown", "maker-is-checker", "override-unfit", "claim-expired", "insufficient-scope",
)  # fmt: skip
OF_SUITS = (
    "person-not-against", "no-service-by-notice", "whereabouts-unknown", "appeal-too-late", "no-appeal",
    "nothing-judged", "appeal-still-open", "not-everyone-served", "not-what-was-decided", "amount-unfit-for-outcome",
    "settlement-missing", "guarantor-before-debtor", "award-stands",
)  # fmt: skip
OF_ORDERS_AND_AWARDS = ("objection-too-late", "set-aside-too-late")
OF_ASSETS = (
    "preservation-over-claim", "preservation-needs-suit", "preservation-through-court", "preservation-without-security",
    "preservation-measure-unknown", "preservation-ended", "preservation-not-longer", "preservation-gap",
    "enforcement-needs-title", "enforcement-too-early", "enforcement-expired", "enforcement-under-way",
    "living-necessities", "seizure-over-obligation", "asset-not-seized", "seizure-ends-before", "auction-unclear",
    "distribution-unclear",
)  # fmt: skip
OF_STEPS = (*OF_ANY, *OF_SUITS, *OF_ORDERS_AND_AWARDS, *OF_ASSETS)
