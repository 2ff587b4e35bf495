"""Two lenders' layouts of one book, from files to the ledger: the same events, nothing twice, and what changed since."""

# ruff: noqa: E501 - an inline table of TOML stands in one line

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.main.cli import app
from services.main.sample.book.writing import EXPECTED, write
from tests.case.adapters.book.layouts import layout_a, layout_b, written

ADDED = ("parties", "points", "accounts", "roles", "instalments", "balances", "collateral")

DELTA = """
format = "quittance-book/1"
lender = "INVENTED_BANK"
invented = true
as_of = 2026-02-28
kind = "DELTA"
paid_in = "BOOK"
zone = "Asia/Shanghai"
currency = "CNY"
[files.contacts]
path = "contacts.csv"
[files.loans]
path = "loans.csv"
[files.schedule]
path = "schedule.csv"
[[points]]
file = "contacts"
columns = { party_ref = "customer", medium = "medium", label = "label", value = "value", source = "source" }
op = { column = "op", drop = ["D"], keep = ["U"] }
[[accounts]]
file = "loans"
columns = { account_ref = "loan", debtor_ref = "customer", product = "product" }
constants = { drop_reason = "SOLD" }
op = { column = "op", drop = ["D"], keep = ["U"] }
[[instalments]]
file = "schedule"
columns = { account_ref = "loan", number = "no", due_on = "due", principal = "principal" }
"""


class Quittance:
    """The command, in this process: what is tried is what it does and not a score of starts of the interpreter."""

    def __call__(self, *words: str | Path, **environment: str) -> Any:
        return CliRunner().invoke(app, [str(word) for word in words], env=environment, prog_name="quittance")

    def json(self, *words: str | Path) -> Any:
        done = self(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture
def quittance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quittance:
    for name in ("QUITTANCE_STORE", "QUITTANCE_KEYS", "QUITTANCE_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Quittance()


def delta(folder: Path) -> tuple[Path, Path]:
    """One telephone is another, one is gone, one instalment more, one loan sold."""
    folder.mkdir()
    contacts = "C002,PHONE,mobile,15412340022,DEBTOR,U\nC001,PHONE,work,,,D"
    written(folder / "contacts.csv", f"customer,medium,label,value,source,op\n{contacts}\n")
    written(folder / "loans.csv", "loan,customer,product,op\nL-4,C003,CONSUMER,D\n")
    written(folder / "schedule.csv", "loan,no,due,principal\nL-2,4,2026-06-05,1000.00\n")
    return folder, written(folder.parent / "delta.toml", DELTA)


def test_either_layout_leads_to_the_same_events_and_the_other_adds_nothing(
    tmp_path: Path, quittance: Quittance
) -> None:
    a, b = layout_a(tmp_path / "a"), layout_b(tmp_path / "b")
    for name, (folder, mapping) in (("a", a), ("b", b)):
        assert quittance("import", "book", folder, "--mapping", mapping, "--check").exit_code == 0
        store = f"sqlite:///{tmp_path}/store-{name}/"
        first = quittance.json("import", "book", folder, "--mapping", mapping, "--store", store)
        assert (first["rejected"], first["invented"], first["unchanged"]) == (0, True, 0)
        assert {key: first[key] for key in ADDED} == {
            "parties": 4, "points": 7, "accounts": 4, "roles": 6, "instalments": 12, "balances": 4, "collateral": 0,
        }  # fmt: skip
        assert first["cases_opened"] == 3
        for again, said_by in ((folder, mapping), *[(c, m) for c, m in (a, b) if c != folder]):
            more = quittance.json("import", "book", again, "--mapping", said_by, "--store", store)
            assert (more["imported"], more["rejected"], more["events"]) == (0, 0, 0)
        assert quittance("audit", "verify", "--store", store).exit_code == 0
    counted = [_events(quittance, f"sqlite:///{tmp_path}/store-{name}/") for name in "ab"]
    assert counted[0] == counted[1]
    assert counted[0]["InstalmentScheduled"] == 12
    assert counted[0]["CaseOpened"] == 3


def _events(quittance: Quittance, store: str) -> Counter[str]:
    told = quittance("events", "tail", "-n", "1000", "--store", store, "--json").stdout
    return Counter(re.findall(r'"type":"(?:[a-z]+\.)*([A-Za-z]+)', told))


def test_a_delta_changes_a_telephone_adds_an_instalment_and_drops_a_loan(
    tmp_path: Path, quittance: Quittance
) -> None:
    folder, mapping = layout_b(tmp_path / "b")
    assert quittance("import", "book", folder, "--mapping", mapping).exit_code == 0
    changes, changed_by = delta(tmp_path / "delta")
    found = quittance.json("import", "book", changes, "--mapping", changed_by)
    assert (found["rejected"], found["points"], found["accounts"], found["instalments"]) == (0, 2, 1, 1)
    assert found["accounts_left"] == 1
    told = quittance("events", "tail", "-n", str(found["events"]), "--json").stdout
    for event in ("ContactPointAdded", "ContactPointEnded", "InstalmentScheduled", "AccountLeftBook"):
        assert event in told
    assert quittance.json("import", "book", changes, "--mapping", changed_by)["events"] == 0
    late = quittance("import", "book", folder, "--mapping", mapping, "--json")
    assert late.exit_code == 1, "the first delivery says otherwise than the later one, and is older"
    assert json.loads(late.stdout)["imported"] == 0
    assert "15412340022" not in told + late.output


def test_five_percent_of_broken_rows_are_listed_and_no_good_row_is_lost(
    tmp_path: Path, quittance: Quittance
) -> None:
    sound, spoilt = write(tmp_path / "sound"), write(tmp_path / "spoilt", broken=True)
    stores = [f"sqlite:///{tmp_path}/{name}-store/" for name in ("sound", "spoilt")]
    whole = quittance.json(
        "import", "book", sound.mapping.parent, "--mapping", sound.mapping, "--store", stores[0]
    )
    done = quittance(
        "import", "book", spoilt.mapping.parent, "--mapping", spoilt.mapping, "--store", stores[1], "--json"
    )
    assert done.exit_code == 1
    assert {key: json.loads(done.stdout)[key] for key in (*ADDED, "imported", "events", "cases_opened")} == {
        key: whole[key] for key in (*ADDED, "imported", "events", "cases_opened")
    }
    assert json.loads(done.stdout)["rejected"] == spoilt.broken
    listed = (tmp_path / "spoilt.rejects.csv").read_bytes()
    assert listed == (spoilt.mapping.parent / EXPECTED).read_bytes()
    mended = quittance.json(
        "import", "book", sound.mapping.parent, "--mapping", sound.mapping, "--store", stores[1]
    )
    assert (mended["imported"], mended["events"]) == (0, 0)


def test_what_is_wrong_is_said_in_both_languages(tmp_path: Path, quittance: Quittance) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    (folder / "links.csv").unlink()
    for language, word in (("en", "missing-file"), ("zh-CN", "交付文件无法按映射读取")):
        done = quittance("import", "book", folder, "--mapping", mapping, "--check", QUITTANCE_LANG=language)
        assert (done.exit_code, word in done.stderr, "links" in done.stderr) == (1, True, True)
    written(mapping, mapping.read_text().replace("lender =", "lendr ="))
    for language, word in (("en", "cannot be used"), ("zh-CN", "数据映射文件无法使用")):
        done = quittance("import", "book", folder, "--mapping", mapping, "--check", QUITTANCE_LANG=language)
        assert (done.exit_code, word in done.stderr, "lender" in done.stderr) == (1, True, True)
    assert not (tmp_path / ".quittance").exists(), "a check needs no store and makes none"
