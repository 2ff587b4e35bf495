"""What became of a call, and what each jurisdiction counts of it: three questions that have different answers.

Sources: 12 CFR 1006 Supp. I cmt 14(b)(3)(ii)-1 (connected to the dialled number); 中国银行业协会 2026 guideline as
reported (未接通); GB/T 45251-2025 as reported (有效通话).
"""

CONVERSATION = frozenset({"conversation"})
"""Somebody spoke with the person who was called: an effective conversation."""

UNCONNECTED = frozenset({"busy", "not_in_service", "network_failure", "blocked_by_carrier"})
"""The number itself was never connected: no call under Regulation F."""

NOT_REACHED = UNCONNECTED | {
    "ring_no_answer",
    "rejected",
    "voicemail_full_message",
    "voicemail_limited_content",
    "voicemail_limited",
    "voicemail_no_message",
    "ringless_voicemail",
}
"""Nobody answered: an attempt under the cap on failed attempts."""

WRONG_PARTY = "conversation_wrong_party"
"""A stranger answered whose number it is: it is not the person's."""

ANSWERED = frozenset(
    {"conversation", "conversation_third_party", WRONG_PARTY, "answered_dropped", "answered_hung_up"}
)
"""Somebody picked up."""

RESERVED = "reserved"
"""No outcome: a permit, or a call under way, that may yet come to anything and so holds a place in every cap."""

OUTCOMES = ANSWERED | NOT_REACHED
"""The whole enumeration."""


def counts_as(what: str, outcome: str | None) -> bool:
    """Does a call with this outcome count where a rule counts `what`: connected, conversation, not_reached or any?

    An outcome that is not known yet, or not in the enumeration, counts as connected and as not reached: a count may
    be too high until the carrier says more, never too low.
    """
    if outcome == RESERVED:
        return True
    match what:
        case "any":
            return True
        case "conversation":
            return outcome in CONVERSATION
        case "connected":
            return outcome not in UNCONNECTED
        case "not_reached":
            return outcome not in ANSWERED
    raise AssertionError(f"no rule counts {what!r}")
