"""What the seam promises beside the library's own cases, on both back ends."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
from eventsourcing.persistence import Tracking

from shared.eventstore.library import postgres
from tests.shared.eventstore.library import following_cases, promise_cases, seam

globals().update(seam.on_each_back_end((*promise_cases.ALL, *following_cases.ALL), module=__name__))


class ServerThatCutsConnections(seam.OnPostgres):
    """As a restart, a failover or an impatient proxy would."""

    def test_recorders_and_a_waiting_subscription_go_on(self) -> None:
        recorder = self.a_factory().process_recorder()
        recorder.insert_events([seam.stored(uuid4(), 1)], tracking=Tracking("up", 1))
        with recorder.subscribe(gt=1) as subscription, ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(next, subscription)
            time.sleep(postgres.TRUSTED_S + 0.2)
            with psycopg.connect(self.settings["QUITTANCE_STORE"]) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            assert recorder.max_tracking_id("up") == 1
            assert recorder.insert_events([seam.stored(uuid4(), 1)], tracking=Tracking("up", 2)) == [2]
            assert waiting.result(timeout=15).id == 2
        assert recorder.max_notification_id() == 2
