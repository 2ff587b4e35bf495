"""The library's recorders over our ledger. Those of one name share one lane; positions are the notification ids."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from shared.eventstore.library.facade import Facade
from shared.eventstore.library.side import Statement, Track
from shared.eventstore.library.subscription import LedgerSubscription


class LedgerAggregateRecorder(AggregateRecorder):
    """Events of aggregates, whose versions follow one another from 0 or 1."""

    def __init__(self, facade: Facade, name: str) -> None:
        self.facade, self.name = facade, name

    def create_table(self) -> None:
        """Provision the recorder's lane, if it is not there."""
        self.facade.make_lane(self.name)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """All or nothing; IntegrityError if a version is taken or leaves a gap."""
        if stored_events:
            self.facade.append(self.name, stored_events)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """gt < version <= lte."""
        return self.facade.stream(self.name, originator_id, gt=gt, lte=lte, desc=desc, limit=limit)


class LedgerSnapshotRecorder(LedgerAggregateRecorder):
    """Snapshots, whose versions may leave gaps. They can be dropped: the events hold all they say."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """All or nothing; IntegrityError if there is a snapshot at the version."""
        if stored_events:
            self.facade.add_snapshots(self.name, stored_events)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """gt < version <= lte."""
        return self.facade.snapshots(self.name, originator_id, gt=gt, lte=lte, desc=desc, limit=limit)


class LedgerApplicationRecorder(LedgerAggregateRecorder, ApplicationRecorder):
    """An application's events in one gapless order."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Their notification ids."""
        return self.facade.append(self.name, stored_events) if stored_events else []

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """start <= id (or start < id) and id <= stop."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        return self.facade.notifications(
            self.name, after=max(after, 0), upto=stop, limit=limit, topics=topics
        )

    def max_notification_id(self) -> int | None:
        """None while nothing is recorded."""
        return self.facade.head(self.name) or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Follows the lane from the event after `gt`, for ever."""
        return LedgerSubscription(self, gt=gt, topics=topics)


class LedgerTrackingRecorder(TrackingRecorder):
    """How far notifications were processed. A view subclasses it and keeps its tables beside the tracking.

    Statements are SQL with named parameters written `:name`, the same on both back ends, and their values.
    """

    def __init__(self, facade: Facade, name: str) -> None:
        self.facade, self.name = facade, name

    def create_table(self) -> None:
        """A view overrides this and makes its tables with `change`. The tracking's own comes with the store."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """IntegrityError if this notification, or a later one, was tracked already."""
        self.insert_tracking_with(tracking)

    def insert_tracking_with(self, tracking: Tracking, *statements: Statement) -> None:
        """The tracking and the statements in one transaction, so that an event is processed exactly once."""
        self.facade.track(self._track(tracking), statements)

    def max_tracking_id(self, application_name: str) -> int | None:
        """None if nothing of the application was tracked."""
        return self.facade.tracked(self.name, application_name)

    def change(self, *statements: Statement) -> None:
        """Run the statements in one transaction."""
        self.facade.change(statements)

    def fetch(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.facade.fetch((sql, values))

    def _track(self, tracking: Tracking) -> Track:
        return Track(self.name, tracking.application_name, tracking.notification_id)


class LedgerProcessRecorder(LedgerTrackingRecorder, LedgerApplicationRecorder, ProcessRecorder):
    """An application's events, stored together with what they were made from."""

    def create_table(self) -> None:
        """Provision the recorder's lane, if it is not there."""
        LedgerApplicationRecorder.create_table(self)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Events and tracking (keyword `tracking`), both or neither."""
        tracking: Tracking | None = kwargs.get("tracking")
        if tracking is None:
            return super().insert_events(stored_events, **kwargs)
        if not stored_events:
            self.insert_tracking(tracking)
            return []
        return self.facade.append(self.name, stored_events, self._track(tracking))
