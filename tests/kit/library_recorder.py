"""The eventsourcing library's own recorder as shipped, measured: the base of `append.vs_library`."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore


def datastore(dsn: str, *, connections: int) -> PostgresDatastore:
    """The library's connection pool on a database of the kit's server."""
    url = urlsplit(dsn)
    return PostgresDatastore(
        dbname=url.path.removeprefix("/"),
        host=url.hostname or "",
        port=url.port or 5432,
        user=url.username or "",
        password=url.password or "",
        pool_size=connections,
        max_overflow=connections,
        max_waiting=connections,
        schema="public",
    )


def recorder(store: PostgresDatastore) -> PostgresApplicationRecorder:
    """The application recorder with its table."""
    made = PostgresApplicationRecorder(store, events_table_name="stored_events")
    made.create_table()
    return made


def insert_rate(dsn: str, *, events: int, threads: int, state: bytes) -> float:
    """`events` single-event inserts, spread over `threads`, each thread its own stream; events a second."""
    store = datastore(dsn, connections=threads)
    own = recorder(store)
    each = events // threads

    def insert(_: Any) -> None:
        stream = uuid4()
        for version in range(1, each + 1):
            own.insert_events([StoredEvent(stream, version, "case.ArrearsReported", state)])

    try:
        own.max_notification_id()  # opens the pool
        with ThreadPoolExecutor(threads) as pool:
            started = time.perf_counter()
            list(pool.map(insert, range(threads)))
            seconds = time.perf_counter() - started
        stored = own.max_notification_id()
        if stored != each * threads:
            raise AssertionError(f"the library stored {stored} events of {each * threads}")
        return each * threads / seconds
    finally:
        store.close()
