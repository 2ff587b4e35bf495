"""The library's test cases of applications, projections and their runners, told to use our persistence module.

Not collected here: `test_library_cases.py` runs each class of this module on each back end.
"""

import os
from unittest import mock

from eventsourcing.persistence import InfrastructureFactory, Tracking
from eventsourcing.tests import application, projection
from eventsourcing.utils import Environment, get_topic

from shared.eventstore.library import Factory
from shared.eventstore.library.recorders import LedgerTrackingRecorder
from tests.shared.eventstore.library.seam import Seam

COUNT = (
    "INSERT INTO event_counter (recorder, name, n) VALUES (:recorder, :name, 1)"
    " ON CONFLICT (recorder, name) DO UPDATE SET n = event_counter.n + 1"
)


class CountersView(LedgerTrackingRecorder, projection.EventCountersView):
    """A view with a table of its own; the same statements serve both back ends."""

    def create_table(self) -> None:
        self.change(
            (
                "CREATE TABLE IF NOT EXISTS event_counter"
                " (recorder text, name text, n bigint, PRIMARY KEY (recorder, name))",
                {},
            )
        )

    def get_created_event_counter(self) -> int:
        return self._counter("created")

    def get_subsequent_event_counter(self) -> int:
        return self._counter("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._count("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._count("subsequent", tracking)

    def _counter(self, name: str) -> int:
        sql = "SELECT n FROM event_counter WHERE recorder = :recorder AND name = :name"
        return sum(n for (n,) in self.fetch(sql, recorder=self.name, name=name))

    def _count(self, name: str, tracking: Tracking) -> None:
        self.insert_tracking_with(tracking, (COUNT, {"recorder": self.name, "name": name}))


class FromEnvironment(Seam):
    """The process's environment names the store, as it would for a user of the library."""

    def setUp(self) -> None:
        self.enterContext(mock.patch.dict(os.environ, self.settings))
        super().setUp()


class ExampleApplicationCase(FromEnvironment, application.ExampleApplicationTestCase):
    expected_factory_topic = get_topic(Factory)


class ApplicationCase(FromEnvironment, application.ApplicationTestCase):
    pass


class EventCountersViewCase(FromEnvironment, projection.EventCountersViewTestCase):
    def construct_event_counters_view(self) -> projection.EventCountersView:
        env = Environment("eventcounters", dict(os.environ))
        factory = InfrastructureFactory[CountersView].construct(env)
        self.addCleanup(factory.close)
        return factory.tracking_recorder(CountersView)


class ProjectionRunnerCase(FromEnvironment, projection.AggregateEventCountersProjectionTestCase):
    view_class = CountersView


class EventSourcedProjectionCase(FromEnvironment, projection.EventSourcedProjectionTestCase):
    pass


ALL = (
    ExampleApplicationCase,
    ApplicationCase,
    EventCountersViewCase,
    ProjectionRunnerCase,
    EventSourcedProjectionCase,
)
