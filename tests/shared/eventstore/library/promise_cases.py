"""What the seam promises beside the library's own cases, as cases for both back ends.

Not collected here: `test_seam.py` runs each class of this module on each back end.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from eventsourcing import persistence
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.utils import get_topic

from shared.eventstore import leaf
from shared.eventstore.ledger import Ledger
from shared.eventstore.library.recorders import LedgerApplicationRecorder, LedgerTrackingRecorder
from shared.eventstore.port import COMMAND_EVENTS_MAX, EVENT_BYTES_MAX, Row
from shared.eventstore.verify import Report, verify
from tests.shared.eventstore.library.seam import Seam, in_the_ledger, stored


class Dog(Aggregate):
    """The library's own first example."""

    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name
        self.tricks: list[str] = []

    @event("TrickAdded")
    def add_trick(self, trick: str) -> None:
        self.tricks.append(trick)


class Kennel(Application[UUID]):
    """An application as a user of the library writes one."""

    snapshotting_intervals: ClassVar[dict[Any, int]] = {Dog: 5}


class TricksView(LedgerTrackingRecorder):
    """Counts tricks in a table of its own."""

    def create_table(self) -> None:
        self.change(("CREATE TABLE IF NOT EXISTS trick (name text PRIMARY KEY, n bigint)", {}))

    def count(self, trick: str, tracking: Tracking) -> None:
        self.insert_tracking_with(
            tracking,
            (
                "INSERT INTO trick VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET n = trick.n + 1",
                {"name": trick},
            ),
        )

    def counts(self) -> dict[str, int]:
        return dict(self.fetch("SELECT name, n FROM trick WHERE n > :least", least=0))


class Tricks(Projection[TricksView]):
    """Only TrickAdded concerns it."""

    topics = (get_topic(Dog.TrickAdded),)  # type: ignore[attr-defined]

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.count(domain_event.trick, tracking)


class ApplicationPromises(Seam):
    def an_app(self) -> Kennel:
        app = Kennel(self.settings)
        self.addCleanup(app.close)
        return app

    def test_an_aggregate_is_saved_by_one_application_and_loaded_by_the_next(self) -> None:
        with Kennel(self.settings) as app:
            dog = Dog("Fido")
            for n in range(12):
                dog.add_trick(f"trick {n}")
            app.save(dog)
        again = self.an_app()
        loaded: Dog = again.repository.get(dog.id)
        assert (loaded.name, loaded.version, len(loaded.tricks)) == ("Fido", 13, 12)
        assert loaded.id == dog.id
        older: Dog = again.repository.get(dog.id, version=4)
        assert older.tricks == ["trick 0", "trick 1", "trick 2"]

    def test_snapshots_lie_in_their_own_table_with_gaps_between_their_versions(self) -> None:
        app = self.an_app()
        dog = Dog("Fido")
        for n in range(11):
            dog.add_trick(f"trick {n}")
        app.save(dog)
        assert app.snapshots is not None
        assert [s.originator_version for s in app.snapshots.get(dog.id)] == [5, 10]
        assert app.recorder.max_notification_id() == 12
        found = app.factory.facade.fetch(("SELECT version FROM snapshot ORDER BY version", {}))  # type: ignore[attr-defined]
        assert found == [(5,), (10,)]

    def test_two_who_changed_one_aggregate_one_is_told(self) -> None:
        app = self.an_app()
        dog = Dog("Fido")
        app.save(dog)
        mine, theirs = app.repository.get(dog.id), app.repository.get(dog.id)
        mine.add_trick("sit")
        theirs.add_trick("roll over")
        app.save(mine)
        with pytest.raises(persistence.IntegrityError):
            app.save(theirs)

    def test_the_librarys_projection_runner_follows(self) -> None:
        with ProjectionRunner(
            application_class=Kennel, projection_class=Tricks, view_class=TricksView, env=self.settings
        ) as runner:
            for name in ("Fido", "Rex"):
                dog = Dog(name)
                dog.add_trick("sit")
                recordings = runner.app.save(dog)
                runner.wait(recordings[-1].notification.id, timeout=10)
            assert runner.projection.view.counts() == {"sit": 2}

    def test_a_runner_that_comes_back_goes_on_where_it_stood(self) -> None:
        dog = Dog("Fido")
        for trick in ("sit", "stay"):
            with ProjectionRunner(
                application_class=Kennel, projection_class=Tricks, view_class=TricksView, env=self.settings
            ) as runner:
                dog.add_trick(trick)
                recordings = runner.app.save(dog)
                runner.wait(recordings[-1].notification.id, timeout=10)
                counts = runner.projection.view.counts()
        assert counts == {"sit": 1, "stay": 1}


class RecorderPromises(Seam):
    def a_recorder(self, **more: str) -> LedgerApplicationRecorder:
        recorder = self.a_factory(**more).application_recorder()
        assert isinstance(recorder, LedgerApplicationRecorder)
        return recorder

    def test_ids_come_back_as_the_kind_they_were(self) -> None:
        recorder = self.a_recorder()
        uuid = uuid4()
        for one in (uuid, str(uuid), "账户/7 +2F%", "~"):
            assert recorder.insert_events([stored(one, 1)])
            [back] = recorder.select_events(one)
            assert back.originator_id == one
            assert type(back.originator_id) is type(one)
        kinds = [type(n.originator_id) for n in recorder.select_notifications(None, 10)]
        assert kinds == [UUID, str, str, str]

    def test_topics_and_states_come_back_byte_for_byte(self) -> None:
        recorder = self.a_recorder()
        topics = ["__main__:Dog.Registered", "m:f.<locals>.Ä", "案件.已开", "a b+c"]
        for topic in topics:
            recorder.insert_events([stored(uuid4(), 1, topic=topic, state=bytes(range(256)))])
        found = recorder.select_notifications(None, 10)
        assert [n.topic for n in found] == topics
        assert {n.state for n in found} == {bytes(range(256))}
        assert [n.id for n in recorder.select_notifications(None, 10, topics=topics[2:3])] == [3]

    def test_a_stream_may_start_at_0_or_1_and_goes_on_without_a_gap(self) -> None:
        recorder = self.a_recorder()
        for start in (0, 1):
            one = uuid4()
            for version in range(start, start + 4):
                recorder.insert_events([stored(one, version)])
            assert [e.originator_version for e in recorder.select_events(one)] == list(
                range(start, start + 4)
            )
            last = recorder.select_events(one, desc=True, limit=2)
            assert [e.originator_version for e in last] == [start + 3, start + 2]
            first = recorder.select_events(one, limit=1)
            assert [e.originator_version for e in first] == [start]
        assert self.verified().found == 0

    def test_gaps_and_taken_versions_are_refused_and_leave_nothing(self) -> None:
        recorder = self.a_recorder()
        one = uuid4()
        with pytest.raises(persistence.IntegrityError):
            recorder.insert_events([stored(one, 5)])
        recorder.insert_events([stored(one, 1)])
        for versions in ([1], [3], [2, 4], [2, 2], [0], [3, 2]):
            with pytest.raises(persistence.IntegrityError):
                recorder.insert_events([stored(uuid4(), 1), *(stored(one, v) for v in versions)])
        assert len(recorder.select_notifications(None, 10)) == 1
        assert recorder.insert_events([stored(one, 2)]) == [2]

    def test_events_of_several_streams_keep_the_order_they_were_given_in(self) -> None:
        recorder = self.a_recorder()
        one, two = uuid4(), uuid4()
        assert recorder.insert_events([stored(one, 1), stored(two, 0), stored(one, 2), stored(two, 1)]) == [
            1,
            2,
            3,
            4,
        ]
        assert recorder.insert_events([stored(two, 2), stored(one, 3), stored(two, 3)]) == [5, 6, 7]
        found = [(n.originator_id, n.originator_version) for n in recorder.select_notifications(None, 10)]
        assert found == [(one, 1), (two, 0), (one, 2), (two, 1), (two, 2), (one, 3), (two, 3)]
        assert self.verified().found == 0

    def test_what_no_event_may_be_is_a_data_error(self) -> None:
        recorder = self.a_recorder()
        wrong: list[Callable[[], list[StoredEvent]]] = [
            lambda: [stored(uuid4(), 1, state=bytes(EVENT_BYTES_MAX + 1))],
            lambda: [stored("x" * 500, 1)],
            lambda: [stored("\ud800", 1)],
            lambda: [stored(uuid4(), -1)],
            lambda: [stored(one, n) for one in [uuid4()] for n in range(COMMAND_EVENTS_MAX + 1)],
        ]
        for events in wrong:
            with pytest.raises(persistence.DataError):
                recorder.insert_events(events())
        assert recorder.max_notification_id() is None

    def test_many_threads_share_a_flush(self) -> None:
        recorder = self.a_recorder()
        with ThreadPoolExecutor(32) as pool:
            ids = list(pool.map(lambda _: recorder.insert_events([stored(uuid4(), 1)]), range(200)))
        assert sorted(i for [i] in ids) == list(range(1, 201))  # type: ignore[misc]

    def test_a_lane_that_was_never_made_is_a_programming_error(self) -> None:
        with pytest.raises(persistence.ProgrammingError):
            self.a_recorder(CREATE_TABLE="no").max_notification_id()
        self.a_recorder()
        assert self.a_recorder(CREATE_TABLE="no").max_notification_id() is None

    def test_after_close_a_recorder_refuses(self) -> None:
        factory = self.a_factory()
        recorder = factory.application_recorder()
        factory.close()
        factory.close()
        with pytest.raises(persistence.InterfaceError):
            recorder.max_notification_id()

    def test_functions_in_the_database_are_refused_by_name(self) -> None:
        with pytest.raises(OSError, match="POSTGRES_ENABLE_DB_FUNCTIONS is refused"):
            self.a_factory(POSTGRES_ENABLE_DB_FUNCTIONS="y")

    def test_applications_do_not_see_each_other(self) -> None:
        first, second = (self.a_factory(name).application_recorder() for name in ("First", "Second"))
        one = uuid4()
        assert first.insert_events([stored(one, 1)]) == [1]
        assert second.insert_events([stored(one, 1), stored(one, 2)]) == [1, 2]
        assert len(first.select_events(one)) == 1

    def verified(self) -> Report:
        return in_the_ledger(self, verify)


class ProvedPromises(Seam):
    def test_foreign_rows_verify_like_ours(self) -> None:
        with Kennel(self.settings) as app:
            for name in ("Fido", "Rex"):
                dog = Dog(name)
                dog.add_trick("sit")
                app.save(dog)
        report = in_the_ledger(self, verify)
        assert (report.checked, report.sections, report.found) == (4, 4, 0)

        async def rows(ledger: Ledger) -> list[Row]:
            [lane] = await ledger.store.lanes("library:kennel")
            return await ledger.store.read_lane(lane.lane, after=0, limit=10)

        found = in_the_ledger(self, rows)
        for row in found:
            says = leaf.parse(row.leaf)
            assert (says["actor"], says["log"]) == ("library", "quittance.test/library:kennel/case")
            assert [one["n"] for one in says["sec"]] == ["facts"]
            assert says["type"] == row.type
            assert b"Fido" not in row.body
        second = leaf.parse(found[1].leaf)
        assert second["prev"] == leaf.base64(leaf.leaf_hash(found[0].leaf))

    def test_an_erased_event_keeps_its_place_and_reads_as_nothing(self) -> None:
        recorder = self.a_factory().application_recorder()
        one = uuid4()
        recorder.insert_events([stored(one, 1, state=b"secret")])
        self.a_factory().facade.change([("DELETE FROM data_key", {})])
        later = self.a_factory().application_recorder()
        assert [e.state for e in later.select_events(one)] == [b""]
        assert [n.id for n in later.select_notifications(None, 10)] == [1]


ALL = (ApplicationPromises, RecorderPromises, ProvedPromises)
