"""`quittance contact templates` and `contact template`: lists, checks, looks, and what two people bring in."""

import json
from pathlib import Path

import pytest

from tests.contact.texts import LAWFUL_EN, LAWFUL_ZH, VALUES
from tests.kit.command import Command, command_in
from tests.kit.importing import SAMPLE

OWN = """
[[template]]
template = "spring"
channel = "sms"
situation = "soft_reminder"
stages = ["M1"]
purpose = "collect"
audience = "debtor"
variables = [
  { name = "institution", kind = "institution" }, { name = "name", kind = "name" },
  { name = "account", kind = "masked_account" }, { name = "amount", kind = "money" },
  { name = "due_date", kind = "date" }, { name = "hotline", kind = "phone" },
]
bodies = [{ language = "zh-CN", text = "ZH" }, { language = "en", text = "EN" }]
"""


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    return command_in(tmp_path)


def own(folder: Path, more: str = "", name: str = "own.toml") -> Path:
    file = folder / name
    file.write_text(OWN.replace("ZH", LAWFUL_ZH + more).replace("EN", LAWFUL_EN), encoding="utf-8")
    return file


def test_the_shipped_templates_are_shown_without_a_store(quittance: Command, tmp_path: Path) -> None:
    listed = quittance.json("contact", "templates")["items"]
    assert {"m1-remind", "m3-formal", "wrong-number-script"} <= {one["id"] for one in listed}
    told = quittance("contact", "templates", QUITTANCE_LANG="zh-CN")
    assert (told.code, "m1-remind" in told.out, "生效版本" in told.out) == (0, True, True)
    shown = quittance.json("contact", "template", "show", "m1-remind")
    assert shown["status"] == "SHIPPED"
    looked = quittance.json("contact", "template", "preview", "m1-remind", "--lang", "en")
    assert "Example Bank" in looked["text"]
    unknown = quittance("contact", "template", "show", "nothing")
    assert unknown.code == 1
    assert not (tmp_path / ".quittance").exists()


def test_values_come_from_a_file_and_names_are_hidden(quittance: Command, tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    file.write_text(json.dumps(VALUES), encoding="utf-8")
    done = quittance("contact", "template", "preview", "m1-remind", "--values", file, "--lang", "zh-CN")
    assert done.code == 0, done.err
    assert "王**您好" in done.out
    assert "王小明" not in done.out
    file.write_text("[1]", encoding="utf-8")
    assert quittance("contact", "template", "preview", "m1-remind", "--values", file).code == 1


def test_a_file_is_checked_and_every_fault_named(quittance: Command, tmp_path: Path) -> None:
    assert quittance.json("contact", "templates", "--check", own(tmp_path))["unfit"] == 0
    stern = own(tmp_path, "否则法院传票")
    done = quittance("contact", "templates", "--check", stern)
    assert done.code == 1
    assert "bodies.zh-CN: FORBIDDEN W-AUTHORITY" in done.out
    assert "传票" not in done.out
    stern.write_text(stern.read_text(encoding="utf-8").replace('"sms"', '"fax"'), encoding="utf-8")
    malformed = quittance("contact", "templates", "--check", stern)
    assert malformed.code == 1
    assert "template[1].channel: NOT_OF_THE_LIST" in malformed.err
    assert quittance("contact", "templates", "--check", stern, "--words").code == 2


def test_the_list_of_words_is_told_with_reasons_and_sources(quittance: Command) -> None:
    said = quittance.json("contact", "templates", "--words")
    assert {"W-THREAT-VIOLENCE", "R-LETTER"} <= {one["rule"] for one in said["rules"]}
    assert "不得辱骂" in quittance("contact", "templates", "--words", QUITTANCE_LANG="zh-CN").out


def test_two_people_bring_a_text_in_and_the_first_alone_waits(quittance: Command, tmp_path: Path) -> None:
    file = own(tmp_path)
    assert quittance("contact", "template", "import", file, "--by", "user:anna").code == 1, "no store yet"
    begun(quittance)
    first = quittance("contact", "template", "import", file, "--by", "user:anna", "--json")
    assert (first.code, first.answer["drafted"]) == (4, 1)
    again = quittance("contact", "template", "import", file, "--by", "user:anna", "--json")
    assert (again.code, again.answer["waiting"]) == (4, 1)
    second = quittance("contact", "template", "import", file, "--by", "user:ben", "--json")
    assert (second.code, second.answer["approved"]) == (0, 1), second.err
    assert quittance.json("contact", "template", "import", file, "--by", "user:ben")["unchanged"] == 1
    [listed] = [one for one in quittance.json("contact", "templates")["items"] if one["id"] == "spring"]
    assert listed["in_force"] == 1
    stern = own(tmp_path, "否则后果自负", name="stern.toml")
    refused = quittance("contact", "template", "import", stern, "--by", "user:anna")
    assert refused.code == 1
    assert "W-THREAT-CONSEQUENCE" in refused.err
    own(tmp_path, "谢谢。")
    assert quittance("contact", "template", "import", file, "--by", "user:anna").code == 4
    reject = ("contact", "template", "reject", "spring", "--version", "2", "--reason", "TOO_LONG")
    assert quittance(*reject, "--by", "user:anna").code == 1
    assert quittance.json(*reject, "--by", "user:ben")["status"] == "REJECTED"
    retire = ("contact", "template", "retire", "spring", "--version", "1", "--by", "user:ben")
    assert quittance(*retire, "--reason", "gone").code == 2
    assert quittance(*retire, "--reason", "GONE").code == 0
    assert quittance.json("contact", "template", "show", "spring", "--version", "1")["retired_on"]


def begun(quittance: Command) -> None:
    """A store that the contact service has begun."""
    import asyncio

    from services.contact.wiring import ContactSettings, open_contact

    assert quittance("import", "statements", SAMPLE).code == 0
    folder = quittance.folder / ".quittance"
    settings = ContactSettings(
        place=folder / "contact.db", key_file=next(folder.rglob("*keys*.json")), deployment="quittance",
        tenant="default", shards=1,
    )  # fmt: skip

    async def begin() -> None:
        async with open_contact(settings, provision=True):
            pass

    asyncio.run(begin())
