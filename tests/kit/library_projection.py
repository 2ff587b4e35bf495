"""The eventsourcing library's own ProjectionRunner, writing three tables like ours: base of `rebuild.vs_library`."""

import os
import time
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from tests.kit.library_recorder import datastore

DEADLINE_S = 120
EVENTS_A_CASE = 6


class BenchCase(Aggregate):
    """A case as the library's users write one."""

    @event("Opened")
    def __init__(self, debtor: str) -> None:
        self.debtor, self.arrears = debtor, 0

    @event("Reported")
    def report(self, account: str, as_of: str, days_past_due: int, arrears: int) -> None:
        """What the lender said."""
        self.arrears = arrears


class BenchCases(Application[UUID]):
    """The application whose events are projected."""


class ThreeTables(PostgresTrackingRecorder):
    """Queue, timeline and audit rows, in one transaction an event with the position, as the library works."""

    _TABLES = (
        "CREATE TABLE IF NOT EXISTS {0}.bench_queue (case_id uuid PRIMARY KEY, days integer, arrears bigint)",
        "CREATE TABLE IF NOT EXISTS {0}.bench_timeline"
        " (case_id uuid, version bigint, type text, at timestamptz, said text, PRIMARY KEY (case_id, version))",
        "CREATE TABLE IF NOT EXISTS {0}.bench_audit"
        " (position bigint PRIMARY KEY, case_id uuid, version bigint, type text, at timestamptz)",
    )
    _QUEUE = (
        "INSERT INTO {0}.bench_queue VALUES (%s, %s, %s)"
        " ON CONFLICT (case_id) DO UPDATE SET days = excluded.days, arrears = excluded.arrears"
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.sql_create_statements.extend(self._in_schema(statement) for statement in self._TABLES)

    def _in_schema(self, statement: str) -> Any:
        return SQL(statement).format(Identifier(self.datastore.schema))

    def write(self, domain_event: Any, tracking: Tracking) -> None:
        """One event's rows and the tracking row."""
        case, version, kind = (
            domain_event.originator_id,
            domain_event.originator_version,
            type(domain_event).__name__,
        )
        at, values = domain_event.timestamp, dict(domain_event.__dict__)
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(
                self._in_schema(self._QUEUE), (case, values.get("days_past_due", 0), values.get("arrears", 0))
            )
            cursor.execute(
                self._in_schema("INSERT INTO {0}.bench_timeline VALUES (%s, %s, %s, %s, %s)"),
                (case, version, kind, at, str(values.get("account"))),
            )
            cursor.execute(
                self._in_schema("INSERT INTO {0}.bench_audit VALUES (%s, %s, %s, %s, %s)"),
                (tracking.notification_id, case, version, kind, at),
            )
            self._insert_tracking(cursor, tracking)


class ThreeViews(Projection[ThreeTables]):
    """Every event goes into all three tables."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """See ThreeTables.write."""
        self.view.write(domain_event, tracking)


def rate(dsn: str, *, events: int) -> float:
    """Store so many events with the library, then project them with its runner; events a second of the latter."""
    store = datastore(dsn, connections=1)  # only to take the address apart
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": store.pool.kwargs["dbname"],
        "POSTGRES_HOST": store.pool.kwargs["host"],
        "POSTGRES_PORT": str(store.pool.kwargs["port"]),
        "POSTGRES_USER": store.pool.kwargs["user"],
        "POSTGRES_PASSWORD": store.pool.kwargs["password"],
        "POSTGRES_SCHEMA": "public",
        "POSTGRES_POOL_SIZE": "4",
    }
    store.close()
    last = _fill(env, events)
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=BenchCases,
        projection_class=ThreeViews,
        view_class=ThreeTables,
        env=os.environ | env,
    ) as runner:
        runner.wait(last, timeout=DEADLINE_S)
    return last / (time.perf_counter() - started)


def _fill(env: dict[str, str], events: int) -> int:
    app = BenchCases(env=env)
    try:
        for number in range(max(1, events // EVENTS_A_CASE)):
            case = BenchCase(debtor=f"TWC-{number}")
            for month in range(EVENTS_A_CASE - 1):
                case.report(f"account-{number}", f"2005-0{month + 4}-28", 30 * month, 100_000 + month)
            app.save(case)
        return app.recorder.max_notification_id() or 0
    finally:
        app.close()
