"""A collector keeps a case (留案), or another helps (协催): asked for by one, agreed to by another, for a time."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class RetentionRequested(Struct, frozen=True, kw_only=True):
    """`collector`, who has the case, is to keep it up to, not including, `until`, whatever rotates meanwhile."""

    retention: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    collector: Annotated[str, STAFF]
    by: Annotated[str, STAFF]


class CaseRetained(Struct, frozen=True, kw_only=True):
    """A second person agreed that `collector` keeps the case, from `on` up to, not including, `until`."""

    retention: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    collector: Annotated[str, STAFF]
    by: Annotated[str, STAFF]


class RetentionDeclined(Struct, frozen=True, kw_only=True):
    """A second person did not agree."""

    retention: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class RetentionEnded(Struct, frozen=True, kw_only=True):
    """The collector keeps the case no longer, before its day."""

    retention: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class RetentionExpired(Struct, frozen=True, kw_only=True):
    """Its day came, agreed to or not; or the case went to another collector."""

    retention: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]


class AssistanceRequested(Struct, frozen=True, kw_only=True):
    """`helper` is to help with the case up to, not including, `until`. `kind`: COLLECTOR, FIELD or LEGAL."""

    assistance: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    kind: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    helper: Annotated[str, STAFF]
    by: Annotated[str, STAFF]


class AssistanceGranted(Struct, frozen=True, kw_only=True):
    """A second person agreed: `helper` may be handed the case from `on`. It stays its collector's."""

    assistance: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    helper: Annotated[str, STAFF]
    by: Annotated[str, STAFF]


class AssistanceDeclined(Struct, frozen=True, kw_only=True):
    """A second person did not agree."""

    assistance: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class AssistanceEnded(Struct, frozen=True, kw_only=True):
    """The help ended before its day."""

    assistance: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class AssistanceExpired(Struct, frozen=True, kw_only=True):
    """Its day came, agreed to or not."""

    assistance: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]


KeepingEvent: TypeAlias = (
    RetentionRequested
    | CaseRetained
    | RetentionDeclined
    | RetentionEnded
    | RetentionExpired
    | AssistanceRequested
    | AssistanceGranted
    | AssistanceDeclined
    | AssistanceEnded
    | AssistanceExpired
)

NAMED_BY: dict[type, tuple[str, ...]] = {
    RetentionRequested: ("retention",),
    CaseRetained: ("retention",),
    RetentionDeclined: ("retention",),
    RetentionEnded: ("retention",),
    AssistanceRequested: ("assistance",),
    AssistanceGranted: ("assistance",),
    AssistanceDeclined: ("assistance",),
    AssistanceEnded: ("assistance",),
}
"""The fields that name a fact; what expired only follows from facts."""
STORED: dict[str, type[Struct]] = {
    "case.RetentionRequested/v1": RetentionRequested,
    "case.CaseRetained/v1": CaseRetained,
    "case.RetentionDeclined/v1": RetentionDeclined,
    "case.RetentionEnded/v1": RetentionEnded,
    "case.RetentionExpired/v1": RetentionExpired,
    "case.AssistanceRequested/v1": AssistanceRequested,
    "case.AssistanceGranted/v1": AssistanceGranted,
    "case.AssistanceDeclined/v1": AssistanceDeclined,
    "case.AssistanceEnded/v1": AssistanceEnded,
    "case.AssistanceExpired/v1": AssistanceExpired,
}
"""How they are stored; `events.STORED_AS` has them with all others."""
