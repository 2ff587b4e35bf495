"""What the seam promises to those who process and follow, as cases for both back ends.

Not collected here: `test_seam.py` runs each class of this module on each back end.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from eventsourcing import persistence
from eventsourcing.persistence import Notification, Tracking

from shared.eventstore.library.recorders import LedgerApplicationRecorder
from shared.eventstore.verify import verify
from tests.shared.eventstore.library.promise_cases import TricksView
from tests.shared.eventstore.library.seam import Seam, in_the_ledger, stored


class ProcessPromises(Seam):
    def test_events_and_tracking_are_stored_together_or_not_at_all(self) -> None:
        recorder = self.a_factory().process_recorder()
        one = uuid4()
        assert recorder.insert_events([stored(one, 1)], tracking=Tracking("up", 5)) == [1]
        with pytest.raises(persistence.IntegrityError):
            recorder.insert_events([stored(one, 2)], tracking=Tracking("up", 5))
        with pytest.raises(persistence.IntegrityError):
            recorder.insert_events([stored(one, 1)], tracking=Tracking("up", 6))
        assert recorder.max_tracking_id("up") == 5
        assert recorder.max_notification_id() == 1

    def test_of_many_who_process_one_notification_one_wins(self) -> None:
        recorder = self.a_factory().process_recorder()
        tries = 20

        def attempt(n: int) -> bool:
            try:
                recorder.insert_events([stored(uuid4(), 1)], tracking=Tracking("up", 1 + n // tries))
            except persistence.IntegrityError:
                return False
            return True

        with ThreadPoolExecutor(16) as pool:
            won = sum(pool.map(attempt, range(3 * tries)))
        assert 1 <= won <= 3
        assert recorder.max_notification_id() == won
        assert recorder.max_tracking_id("up") == 3
        assert in_the_ledger(self, verify).found == 0

    def test_a_view_and_its_tracking_are_one_transaction(self) -> None:
        view = self.a_factory().tracking_recorder(TricksView)
        view.count("sit", Tracking("up", 1))
        with pytest.raises(persistence.IntegrityError):
            view.count("sit", Tracking("up", 1))
        with pytest.raises(persistence.IntegrityError):
            view.insert_tracking_with(
                Tracking("up", 2), ("INSERT INTO trick VALUES (:name, 1)", {"name": "sit"})
            )
        assert view.counts() == {"sit": 1}
        assert view.max_tracking_id("up") == 1

    def test_recorders_of_different_names_track_apart(self) -> None:
        first, second = (self.a_factory(name).tracking_recorder() for name in ("First", "Second"))
        first.insert_tracking(Tracking("up", 9))
        assert second.max_tracking_id("up") is None


class SubscriptionPromises(Seam):
    def a_recorder(self) -> LedgerApplicationRecorder:
        recorder = self.a_factory().application_recorder()
        assert isinstance(recorder, LedgerApplicationRecorder)
        return recorder

    def test_a_filter_remembers_how_far_it_scanned(self) -> None:
        recorder = self.a_recorder()
        for n in range(1500):
            if n % 500 == 0:
                one = uuid4()
                recorder.insert_events([stored(one, v, topic="dull") for v in range(1, 501)])
        recorder.insert_events([stored(uuid4(), 1, topic="wanted"), stored(uuid4(), 1, topic="dull")])
        with recorder.subscribe(topics=["wanted"]) as subscription:
            assert next(subscription).id == 1501
            assert subscription.scanned_up_to >= 1501  # type: ignore[attr-defined]

    def test_a_waiting_subscription_is_woken_by_another_writer_and_ended_from_another_thread(self) -> None:
        recorder, other = self.a_recorder(), self.a_recorder()
        seen: list[Notification] = []
        got_one = threading.Event()
        subscription = recorder.subscribe()

        def follow() -> None:
            with subscription:
                for notification in subscription:
                    seen.append(notification)
                    got_one.set()

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        time.sleep(0.3)
        other.insert_events([stored(uuid4(), 1)])
        assert got_one.wait(10)
        subscription.stop()
        follower.join(5)
        assert not follower.is_alive()
        assert [n.id for n in seen] == [1]

    def test_followers_see_every_event_once_and_in_order_while_threads_write(self) -> None:
        recorder, other = self.a_recorder(), self.a_recorder()
        total = 300

        def write(n: int) -> None:
            one = uuid4()
            (recorder if n % 2 else other).insert_events([stored(one, v) for v in range(3)])

        seen: list[int] = []
        with recorder.subscribe() as subscription, ThreadPoolExecutor(8) as pool:
            writing = [pool.submit(write, n) for n in range(total // 3)]
            for notification in subscription:
                seen.append(notification.id)
                if len(seen) == total:
                    break
            for one in writing:
                one.result()
        assert seen == list(range(1, total + 1))

    def test_a_closed_factory_ends_a_waiting_subscription(self) -> None:
        factory = self.a_factory()
        subscription = factory.application_recorder().subscribe()
        closing = threading.Timer(0.3, factory.close)
        closing.start()
        with pytest.raises(persistence.InterfaceError):
            next(subscription)
        closing.join()


ALL = (ProcessPromises, SubscriptionPromises)
