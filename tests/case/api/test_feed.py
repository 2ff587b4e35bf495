"""The feed: gapless, in order, resumable at any event, filtered without losing place, and no names in it."""

import json

import httpx

PATH = "/v1/feeds/case/events"


def _all(http: httpx.Client, **params: str | int) -> list[dict[str, object]]:
    events: list[dict[str, object]] = []
    after: str | None = None
    while True:
        asked = {**params, **({"after": after} if after else {})}
        page = http.get(PATH, params=asked)
        assert page.status_code == 200, page.text
        events += page.json()
        if page.headers["Feed-Final"] == page.headers["Feed-Head"]:
            return events
        assert page.headers["Feed-Final"] != after, "every page goes on"
        after = page.headers["Feed-Final"]


def test_the_whole_feed_has_no_gap_and_no_name(http: httpx.Client) -> None:
    events = _all(http, limit=1000)
    assert [int(str(event["feedposition"])) for event in events] == list(range(1, len(events) + 1))
    assert "TWC-" not in str(events)
    assert {event["specversion"] for event in events} == {"1.0"}
    versions: dict[str, int] = {}
    for event in events:
        subject, version = str(event["subject"]), int(str(event["streamversion"]))
        assert version == versions.get(subject, 0) + 1, "a stream's events come in version order"
        versions[subject] = version


def test_a_reader_goes_on_behind_any_event(http: httpx.Client) -> None:
    page = http.get(PATH, params={"limit": 5})
    assert page.headers["Content-Type"] == "application/cloudevents-batch+json"
    third = page.json()[2]
    rest = http.get(PATH, params={"limit": 2, "after": third["feedposition"]}).json()
    assert rest == page.json()[3:5]
    link = page.headers["Link"]
    following = http.get(link[1 : link.index(">")]).json()
    assert following[0]["feedposition"] == "6"


def test_a_filter_keeps_positions_and_moves_the_final_one(http: httpx.Client) -> None:
    opened = _all(http, types="case.CaseOpened,case.CaseCl*", limit=1000)
    assert {event["type"] for event in opened} == {
        "quittance.case.CaseOpened.v1",
        "quittance.case.CaseClosed.v1",
    }
    assert _all(http, types="CaseOpened,CaseCl*", limit=1000) == opened, "the service may be left out"
    nothing = http.get(PATH, params={"types": "case.Nothing"})
    assert nothing.json() == []
    assert int(nothing.headers["Feed-Final"]) > 4_000, "a filtered reader's lag is right"


def test_the_head_answers_an_empty_array_at_once(http: httpx.Client) -> None:
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    page = http.get(PATH, params={"after": head})
    assert (page.status_code, page.json()) == (200, [])
    assert page.headers["Feed-Final"] == head


def test_a_poll_at_the_head_waits_and_then_says_nothing_new(http: httpx.Client) -> None:
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    page = http.get(PATH, params={"after": head, "wait": 1})
    assert page.json() == []
    assert page.elapsed.total_seconds() >= 0.9


def test_one_shard_is_read_by_itself(http: httpx.Client) -> None:
    assert (
        http.get(PATH, params={"shard": 0, "limit": 3}).json() == http.get(PATH, params={"limit": 3}).json()
    )


def _stream(http: httpx.Client, count: int, **headers: str) -> list[dict[str, str]]:
    """The first `count` messages of the stream, as their fields."""
    found: list[dict[str, str]] = []
    with http.stream("GET", PATH, headers={"Accept": "text/event-stream", **headers}) as said:
        assert said.status_code == 200
        assert said.headers["Content-Type"].startswith("text/event-stream")
        message: dict[str, str] = {}
        for line in said.iter_lines():
            if not line and message:
                found.append(message)
                message = {}
                if len(found) == count:
                    return found
            elif line:
                name, _, value = line.partition(": ")
                message[name] = value
    return found


def test_a_stream_says_what_the_pages_say(http: httpx.Client) -> None:
    page = http.get(PATH, params={"limit": 150}).json()
    first, *events = _stream(http, 151)
    assert first == {"retry": "1000"}
    assert [json.loads(event["data"]) for event in events] == page
    assert [event["id"] for event in events] == [event["feedposition"] for event in page]
    assert {event["event"] for event in events} == {event["type"] for event in page}


def test_a_stream_goes_on_behind_the_last_event_a_reader_had(http: httpx.Client) -> None:
    last, *_ = http.get(PATH, params={"limit": 1, "after": "41"}).json()
    _, first, second = _stream(http, 3, **{"Last-Event-ID": last["feedposition"]})
    assert (first["id"], second["id"]) == ("43", "44")


def test_a_stream_that_cannot_begin_is_a_problem(http: httpx.Client) -> None:
    for asked in ({"params": {"after": "x"}}, {"headers": {"Last-Event-ID": "1.2"}}):
        kept = {"headers": {"Accept": "text/event-stream", **asked.get("headers", {})}}
        said = http.get(PATH, **{**asked, **kept})
        assert (said.status_code, said.json()["code"]) == (400, "bad-cursor")
    assert http.get(PATH, headers={"Accept": "*/*"}).headers["Content-Type"].endswith("batch+json")
