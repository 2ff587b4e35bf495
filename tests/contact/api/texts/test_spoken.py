"""A call by a script: what the script says is what the rules look at, and which script it was stays on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.contact.domain.facts.asking import ContactPermitted, ContactRefused
from services.contact.domain.facts.attempt import AttemptStarted
from tests.contact.api.texts.asked import Asking, asking

PERMITS, ATTEMPTS = "/v1/contact-permits", "/v1/contact-attempts"


async def events(asked: Asking, ref: str) -> list[Any]:
    return [seen.event for seen in await asked.service.acts.history(asked.service.acts.subject_id(ref))]


def call(**more: Any) -> dict[str, Any]:
    return {"debtor_ref": "D-1", "channel": "voice", **more}


def script(template: str, version: int = 1) -> dict[str, Any]:
    return {"template": template, "version": version}


async def test_a_permit_is_asked_for_with_what_the_script_says(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        bare = (await asked.post(PERMITS, call())).json()
        assert "CN-CBA2026-IDENT" in {one["rule"] for one in bare["reasons"]}
        said = (await asked.post(PERMITS, call(script=script("m1-call")))).json()
        assert said["outcome"] == "allow", said
        [permitted] = [one for one in await events(asked, "D-1") if isinstance(one, ContactPermitted)]
        assert {"identifies_institution", "discloses_debt", "script:m1-call@1"} <= set(
            permitted.proposed.content
        )


async def test_a_script_that_names_the_debt_is_refused_for_somebody_else(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        other = {"person": "prs_" + "0" * 32, "role": "contact", "purpose": "location"}
        told = (await asked.post(PERMITS, call(script=script("m1-call"), **other))).json()
        assert "CN-DISCLOSE-THIRD" in {one["rule"] for one in told["reasons"]}
        lawful = (await asked.post(PERMITS, call(script=script("locate-script"), **other))).json()
        assert "CN-DISCLOSE-THIRD" not in {one["rule"] for one in lawful["reasons"]}
        refused = [one for one in await events(asked, "D-1") if isinstance(one, ContactRefused)]
        assert "script:m1-call@1" in refused[0].proposed.content


async def test_only_a_script_in_force_is_asked_with_and_what_was_said_is_always_recorded(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        unknown = await asked.post(PERMITS, call(script=script("nobody")))
        assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/script")
        retired = "/v1/templates/m1-call/versions/1/retirements"
        assert (await asked.post(retired, {"reason": "REPLACED"})).status_code == 201
        refused = await asked.post(PERMITS, call(script=script("m1-call")))
        assert (refused.status_code, refused.json()["code"]) == (409, "template-not-in-force")
        made = call(
            script=script("m1-call"), source="DIALER", source_ref="1", at="2026-11-22T02:00:00Z",
            outcome={"outcome": "ring_no_answer"},
        )  # fmt: skip
        answer = await asked.post(ATTEMPTS, made)
        assert answer.status_code == 201, answer.text
        [started] = [one for one in await events(asked, "D-1") if isinstance(one, AttemptStarted)]
        assert "script:m1-call@1" in started.content
        assert "identifies_institution" in started.content
