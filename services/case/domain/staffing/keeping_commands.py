"""What can be asked about keeping a case and helping with it."""

from datetime import date
from typing import TypeAlias

from msgspec import Struct


class RequestRetention(Struct, frozen=True, gc=False, kw_only=True):
    """Ask that `collector`, who has the case, keeps it up to, not including, `until`."""

    ref: str
    on: date
    until: date
    reason: str
    collector: str
    by: str


class DecideRetention(Struct, frozen=True, gc=False, kw_only=True):
    """A second person agrees (`declined` None) or not. `person`: the `sub` of who decides.

    `retained`: how many cases the collector retains by now.
    """

    retention: str
    on: date
    declined: str | None
    retained: int
    by: str
    person: str


class EndRetention(Struct, frozen=True, gc=False, kw_only=True):
    """The retention ends before its day."""

    retention: str
    on: date
    reason: str
    by: str


class RequestAssistance(Struct, frozen=True, gc=False, kw_only=True):
    """Ask that `helper` helps with the case, up to, not including, `until`."""

    ref: str
    on: date
    until: date
    kind: str
    reason: str
    helper: str
    by: str


class DecideAssistance(Struct, frozen=True, gc=False, kw_only=True):
    """A second person, who is not the helper, agrees (`declined` None) or not. `person`: the `sub` of who decides."""

    assistance: str
    on: date
    declined: str | None
    by: str
    person: str


class EndAssistance(Struct, frozen=True, gc=False, kw_only=True):
    """The help ends before its day."""

    assistance: str
    on: date
    reason: str
    by: str


KeepingCommand: TypeAlias = (
    RequestRetention | DecideRetention | EndRetention | RequestAssistance | DecideAssistance | EndAssistance
)
