"""Templates written, approved, rejected, retired and looked at over HTTP; scripts for whoever speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.contact.adapters.texts.template_files import shipped_templates
from tests.contact.api.texts.asked import Asking, asking
from tests.contact.stores import backends
from tests.contact.texts import LAWFUL_ZH, VALUES, raw

HERE = "/v1/templates"


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def written(asked: Asking, code: str = "spring", **changes: Any) -> None:
    answer = await asked.post(HERE, {"template": code, **raw(**changes)})
    assert answer.status_code == 201, answer.text


@backends
async def test_a_template_is_written_approved_by_another_used_and_retired(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking(backend, tmp_path, request) as asked:
        made = await asked.post(HERE, {"template": "spring", **raw()}, key="one")
        assert made.status_code == 201, made.text
        assert made.json()["links"]["self"] == f"{HERE}/spring/versions/1"
        again = await asked.post(HERE, {"template": "spring", **raw()}, key="one")
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
        version = f"{HERE}/spring/versions/1"
        preview = await asked.post(f"{HERE}/spring/previews", {"language": "zh-CN"})
        assert refused(preview) == (409, "template-not-in-force")
        assert refused(await asked.post(f"{version}/approvals", {})) == (409, "maker-is-checker")
        approved = await asked.post(f"{version}/approvals", {}, by="ben")
        assert approved.json()["events"] == ["TemplateApproved"]
        assert refused(await asked.post(f"{version}/rejections", {"reason": "X"}, by="ben")) == (
            409, "not-awaiting-approval",
        )  # fmt: skip
        await asked.seen()
        [shown] = [one for one in (await asked.get(HERE)).json()["items"] if one["id"] == "spring"]
        assert (shown["in_force"], shown["versions"][0]["status"]) == (1, "APPROVED")
        one = (await asked.get(version)).json()
        assert one["bodies"][0]["text"] == LAWFUL_ZH
        assert "opt_out_line" in one["markers"]
        gone = await asked.post(f"{version}/retirements", {"reason": "REPLACED"}, by="ben")
        assert gone.json()["events"] == ["TemplateRetired"]
        assert (await asked.get(f"{HERE}/spring")).json()["in_force"] is None


@pytest.fixture
def sqlite() -> str:
    return "sqlite"


async def test_the_next_version_waits_while_the_first_is_used(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        await written(asked)
        await asked.post(f"{HERE}/spring/versions/1/approvals", {}, by="ben")
        second = await asked.post(f"{HERE}/spring/versions", raw(stages=["M2"]))
        assert second.json()["number"] == 2
        assert (await asked.get(f"{HERE}/spring")).json()["in_force"] == 1
        same = await asked.post(f"{HERE}/spring/versions", raw(stages=["M2"]))
        assert (same.status_code, same.json()["events"], same.json()["number"]) == (200, [], 2)
        no = await asked.post(f"{HERE}/spring/versions/2/rejections", {"reason": "TOO_STERN"}, by="ben")
        assert no.json()["events"] == ["TemplateRejected"]
        assert refused(await asked.post(HERE, {"template": "spring", **raw(stages=["M3"])})) == (
            409, "template-exists",
        )  # fmt: skip
        later = await asked.post(
            f"{HERE}/spring/versions", raw(stages=["M3"]) | {"effective_from": "2026-12-01"}
        )
        assert later.status_code == 201
        early = await asked.post(f"{HERE}/spring/versions", raw() | {"effective_from": "2026-11-01"})
        assert refused(early) == (422, "template-begins-in-the-past")


async def test_a_text_that_may_not_be_used_is_refused_by_rule_and_not_repeated(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        body = raw(bodies=[{"language": "zh-CN", "text": LAWFUL_ZH + "否则法院传票"}])
        answer = await asked.post(HERE, {"template": "stern", **body}, **{"Accept-Language": "zh-CN"})
        assert refused(answer) == (422, "template-unfit")
        said = answer.json()
        assert "bodies.zh-CN: FORBIDDEN W-AUTHORITY" in said["context"]["faults"]
        assert said["title"] == "该文本不得使用"
        assert "传票" not in answer.text
        malformed = await asked.post(HERE, {"template": "stern", **raw(channel="social")})
        assert refused(malformed) == (422, "template-malformed")
        assert refused(await asked.post(HERE, {"template": "Stern!", **raw()})) == (422, "template-malformed")
        unknown = await asked.post(f"{HERE}/nobody/versions", raw())
        assert refused(unknown) == (404, "template-unknown")
        assert refused(await asked.get(f"{HERE}/nobody")) == (404, "template-unknown")
        assert refused(await asked.get(f"{HERE}/m1-remind/versions/9")) == (404, "template-unknown")
        dry = await asked.post(HERE, {"template": "dry", **raw()}, Prefer="dry-run")
        assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
        assert refused(await asked.get(f"{HERE}/dry")) == (404, "template-unknown")


async def test_a_preview_hides_names_and_tells_the_hash_of_the_exact_text(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        texts = asked.service.texts
        values = VALUES
        looked = f"{HERE}/m1-remind/previews"
        answer = await asked.post(looked, {"language": "zh-CN", "values": values})
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert "王小明" not in answer.text
        assert "王**您好" in said["text"]
        assert said["hash"] == (await texts.render("m1-remind", 1, "zh-CN", values)).hash
        sample = await asked.post(looked, {"language": "en"})
        assert "Example Bank" in sample.json()["text"]
        for body, code in (
            ({"language": "fr"}, "template-language-missing"),
            ({"language": "en", "values": {"name": "<b>"}}, "template-value-unfit"),
            ({"language": "en", "version": 0}, "invalid"),
            ({"language": "en", "else": 1}, "invalid"),
        ):
            answer = await asked.post(looked, body)
            assert (answer.status_code, answer.json()["code"]) == (422, code)
            assert "<b>" not in answer.text


async def test_a_script_says_line_by_line_what_must_be_said_and_what_never(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        opening = (await asked.get("/v1/scripts/call_opening", lang="zh-CN")).json()
        must = [line["say"] for line in opening["lines"] if line["must"]]
        assert any("{institution}" in line for line in must)
        assert any("核实您的身份" in line for line in must)
        assert {"W-INSULT", "W-AUTHORITY"} <= {one["rule"] for one in opening["never"]}
        english = (await asked.get("/v1/scripts/wrong_number", **{"Accept-Language": "en"})).json()
        assert english["language"] == "en"
        assert [one["rule"] for one in english["must_not"]] == ["R-STRANGER-NOTHING"]
        m3 = (await asked.get("/v1/scripts/negotiation", stage="M3")).json()
        assert (m3["template"], m3["version"]) == ("m3-call", 1)
        assert (await asked.get("/v1/scripts/negotiation", stage="M2")).json()["template"] == "m2-call"
        visit = (await asked.get("/v1/scripts/visit", stage="M3", channel="visit")).json()
        assert visit["template"] == "visit-script"
        assert refused(await asked.get("/v1/scripts/negotiation", stage="M0")) == (404, "script-unknown")
        assert refused(await asked.get("/v1/scripts/pressure")) == (404, "script-unknown")
        assert refused(await asked.get("/v1/scripts/visit", lang="fr")) == (422, "invalid")
        assert refused(await asked.get("/v1/scripts/locate", version=7)) == (404, "template-unknown")


async def test_an_own_script_comes_before_the_shipped_one_once_it_is_approved(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        [shipped] = shipped_templates()["wrong-number-script"]
        body = {
            "channel": "voice", "situation": "wrong_number", "purpose": "service", "audience": "debtor",
            "variables": [{"name": "institution", "kind": "institution"}],
            "bodies": [{"language": "zh-CN", "text": "抱歉，打错了。这里是{institution}，我们不再联系您。"}],
        }  # fmt: skip
        assert (await asked.post(HERE, {"template": "our-wrong-number", **body})).status_code == 201
        assert (await asked.get("/v1/scripts/wrong_number")).json()["content"] == shipped.content
        await asked.post(f"{HERE}/our-wrong-number/versions/1/approvals", {}, by="ben")
        await asked.seen()
        assert (await asked.get("/v1/scripts/wrong_number")).json()["template"] == "our-wrong-number"


async def test_lists_are_filtered_and_every_scope_is_asked_for(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as asked:
        letters = (await asked.get(HERE, channel="letter", stage="M2")).json()["items"]
        assert {one["id"] for one in letters} >= {"m2-notice", "plan-offer"}
        assert all(one["channel"] == "letter" for one in letters)
        assert len((await asked.get(HERE)).json()["items"]) == len(shipped_templates())
        assert (await asked.get(HERE, status="DRAFTED")).json()["items"] == []
        assert refused(await asked.get(HERE, channel="fax")) == (422, "invalid")
        for path, scope in ((HERE, "case:read"), ("/v1/scripts/locate", "rules:commit")):
            assert refused(await asked.get(path, scope=scope)) == (403, "insufficient-scope")
