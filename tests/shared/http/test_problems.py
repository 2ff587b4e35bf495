"""The catalogue is total: every problem and every refusal has a status, texts in both languages and a page."""

import json
from datetime import UTC, datetime

import services.case.wiring  # noqa: F401 (defines the refusals of the case service)
from shared.http.problems import CATALOGUE, body, every_problem
from shared.kernel.refusal import all_refusals


def test_every_refusal_is_a_problem() -> None:
    assert set(all_refusals()) | set(CATALOGUE) == set(every_problem())


def test_every_problem_has_a_status_and_words_in_both_languages() -> None:
    ours = {
        code
        for code, refusal in all_refusals().items()
        if refusal.__module__.startswith(("services.", "shared."))
    }
    for code, kind in every_problem().items():
        if code not in ours | set(CATALOGUE):
            continue  # a refusal that another test of this process made up
        assert 400 <= kind.status <= 599, code
        assert code == kind.code
        for text in (kind.title_en, kind.detail_en):
            assert text.strip(), code
            assert text.isascii(), code
        for text in (kind.title_zh, kind.detail_zh):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text), code


def test_a_body_has_no_empty_parts() -> None:
    said = body(CATALOGUE["not-found"], language="en", request_id="req_1")
    assert set(said) == {"type", "title", "status", "code", "detail", "request_id", "retryable"}


def test_days_and_instants_of_a_refusal_are_told_as_json_has_them() -> None:
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    said = body(
        every_problem()["not-found"],
        language="en",
        request_id="r",
        context={"on": at.date(), "at": at, "n": 3},
    )
    assert json.loads(json.dumps(said))["context"] == {
        "on": "2026-11-22",
        "at": "2026-11-22T08:00:00+00:00",
        "n": 3,
    }
