"""Serving while things happen: a poll that is woken, an end with polls open, logs without values, two processes."""

import signal
import threading
import time
from pathlib import Path

import httpx

from tests.journeys import plain_counting as plain
from tests.kit.command import Command, command_in
from tests.kit.importing import SAMPLE, row, write
from tests.kit.served import served

FEED = "/v1/feeds/case/events"


def _eventually(http: httpx.Client, path: str, count: int, *, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while len(http.get(path).json()["items"]) != count:
        assert time.monotonic() < ends, "the views did not catch up"
        time.sleep(0.05)


def test_a_poll_is_woken_by_another_process_and_the_views_follow(quittance: Command) -> None:
    with served(quittance) as server:
        answers: list[httpx.Response] = []

        def poll() -> None:
            answers.append(server.http.get(FEED, params={"wait": 30}, timeout=40))

        thread = threading.Thread(target=poll)
        thread.start()
        time.sleep(0.5)
        assert not answers
        file = write(quittance.folder / "one.csv", [row("A-1", months=2)])
        assert quittance("import", "statements", file).code == 0
        thread.join(10)
        assert answers[0].json()[0]["type"] == "quittance.case.ImportStarted.v1"
        assert answers[0].elapsed.total_seconds() < 20
        _eventually(server.http, "/v1/cases", 1)
        assert server.http.get("/readyz").status_code == 200


def test_sigterm_ends_it_within_seconds_and_answers_the_open_polls(quittance: Command) -> None:
    with served(quittance) as server:
        answers: list[httpx.Response] = []

        def poll() -> None:
            answers.append(server.http.get(FEED, params={"wait": 60}, timeout=70))

        threads = [threading.Thread(target=poll) for _ in range(5)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join(5)
        assert time.monotonic() - began < 3
        assert [(answer.status_code, answer.json()) for answer in answers] == [(200, [])] * 5
        assert server.process.wait(10) == 0
        assert time.monotonic() - began < 8


def test_sigterm_ends_open_streams_within_a_second_and_says_goodbye(quittance: Command) -> None:
    with served(quittance) as server:
        ended: list[tuple[float, str]] = []

        def follow() -> None:
            with server.http.stream("GET", FEED, headers={"Accept": "text/event-stream"}) as said:
                text = "".join(said.iter_text())
            ended.append((time.monotonic(), text))

        threads = [threading.Thread(target=follow) for _ in range(5)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join(5)
        assert [text.endswith("event: bye\nretry: 1000\ndata: {}\n\n") for _, text in ended] == [True] * 5
        assert max(at for at, _ in ended) - began < 1
        assert server.process.wait(10) == 0


def test_a_stream_tells_of_what_another_process_records(quittance: Command) -> None:
    with served(quittance) as server:
        file = write(quittance.folder / "one.csv", [row("A-1", months=2)])
        with server.http.stream("GET", FEED, headers={"Accept": "text/event-stream"}) as said:
            lines = said.iter_lines()
            assert next(lines) == "retry: 1000"
            assert quittance("import", "statements", file).code == 0
            assert next(line for line in lines if line.startswith("event: ")) == (
                "event: quittance.case.ImportStarted.v1"
            )


def test_ctrl_c_ends_a_server_in_order(quittance: Command) -> None:
    with served(quittance) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(10) == 0


def test_ctrl_c_ends_other_commands_with_130_and_no_traceback(quittance: Command) -> None:
    assert quittance("import", "statements", SAMPLE).code == 0
    child = quittance.start("events", "tail", "--follow")
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=10)
    assert child.returncode == 130
    assert "Traceback" not in err


def test_a_reader_who_has_enough_ends_the_writer_quietly(imported: Command) -> None:
    child = imported.start("events", "export")
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.readline()
    child.stdout.close()
    err = child.stderr.read()
    assert child.wait(20) == 0
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_the_log_has_routes_and_ids_of_requests_and_no_values(quittance: Command) -> None:
    with served(quittance) as server:
        said = server.http.get("/v1/cases/canary-4711", params={"as_of": "canary-4712"})
        server.http.get("/v1/cases", params={"stage": "canary-4713"})
        server.process.send_signal(signal.SIGTERM)
        _, err = server.process.communicate(timeout=15)
    assert said.headers["Request-Id"] in err
    assert '"route": "/v1/cases/{case_id}"' in err
    assert "canary" not in err


def test_service_and_worker_run_apart(quittance: Command) -> None:
    assert quittance("import", "statements", SAMPLE).code == 0
    worker = quittance.start("work", "case")
    try:
        with served(quittance, "case") as server:
            ends = time.monotonic() + 30
            while (
                'quittance_view_lag_events{lane="1",view="case.audit"} 0'
                not in server.http.get("/metrics").text
            ):
                assert time.monotonic() < ends
                time.sleep(0.1)
            items = server.http.get("/v1/cases", params={"limit": 200}).json()["items"]
            assert len(items) == sum(plain.cases(SAMPLE)[key] for key in ("open", "closed"))
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=15)
    assert worker.returncode == 0


def test_the_same_over_postgresql_with_eight_lanes(tmp_path: Path, pg_dsn: str) -> None:
    quittance = command_in(tmp_path, QUITTANCE_STORE=pg_dsn)
    with served(quittance) as server:
        answers: list[httpx.Response] = []

        def poll() -> None:
            answers.append(server.http.get(FEED, params={"wait": 30}, timeout=40))

        thread = threading.Thread(target=poll)
        thread.start()
        time.sleep(0.5)
        assert quittance("import", "statements", SAMPLE).code == 0
        thread.join(15)
        assert answers[0].json(), "a poll over eight lanes is woken by any of them"
        seen: set[str] = set()
        after = "0"
        while True:
            page = server.http.get(FEED, params={"after": after, "limit": 700})
            ids = [event["id"] for event in page.json()]
            assert not seen.intersection(ids)
            seen.update(ids)
            if not ids:
                break
            after = page.json()[-1]["feedposition"]
        assert page.headers["Feed-Final"] == page.headers["Feed-Head"]
        assert len(seen) == sum(map(int, after.split(".")))
        by_shard = [server.http.get(FEED, params={"shard": n, "limit": 1000}) for n in range(8)]
        assert sum(int(one.headers["Feed-Head"]) for one in by_shard) == len(seen)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
