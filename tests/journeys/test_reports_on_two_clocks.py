"""Reports and one case before and after a correction, as the command shows them; an earlier answer never changes."""

import csv
import re
import time
from pathlib import Path
from typing import Any

from shared.kernel.clock import SystemClock
from tests.kit.command import Command

PAGE = Path(__file__).parents[2] / "docs/how-to/ask-on-two-clocks.md"
HEADINGS = "account_ref,as_of,months_past_due,statement_balance,payment_received,credit_limit,currency"
FIRST = [
    "case-A,2005-04-30,1,900.00,0,5000,TWD",
    "case-A,2005-05-31,2,700.00,300.00,5000,TWD",
    "B-1,2005-05-31,0,100.00,0,5000,TWD",
]
CORRECTED = ["case-A,2005-05-31,1,600.00,400.00,5000,TWD"]


def written(folder: Path, name: str, lines: list[str]) -> str:
    (folder / name).write_text("\n".join([HEADINGS, *lines, ""]))
    assert list(csv.DictReader((folder / name).open()))
    return name


def asked(quittance: Command, known_at: str | None) -> list[Any]:
    """Every answer about the end of May."""
    known = ["--known-at", known_at] if known_at else []
    day = ["--as-of", "2005-05-31"]
    case = quittance.json("case", "show", "case-A", *day, *known)
    return [
        quittance.json("report", "buckets", *day, *known),
        quittance.json("report", "roll-rates", "--from", "2005-04-30", "--to", "2005-05-31", *known),
        quittance.json("report", "money", *day, *known),
        quittance.json("report", "money", *day, *known, "--case", "case-A"),
        {name: case[name] for name in ("stage", "days_past_due", "arrears", "paid", "owed", "lifecycle")},
    ]


def test_before_and_after_a_correction(quittance: Command) -> None:
    done = quittance("import", "statements", written(quittance.folder, "first.csv", FIRST))
    assert done.code == 0, done.err
    known = SystemClock().now().isoformat()
    before = asked(quittance, None)
    time.sleep(0.01)
    more = quittance(
        "import", "statements", written(quittance.folder, "more.csv", CORRECTED), "--corrections"
    )
    assert more.code == 0, more.err
    after = asked(quittance, None)
    assert asked(quittance, known) == before
    assert before[0][1] == {"bucket": "M2", "accounts": 1, "balance": "700.00", "currency": "TWD"}
    assert after[0][1] == {"bucket": "M1", "accounts": 1, "balance": "600.00", "currency": "TWD"}
    assert (before[1][0]["to"], after[1][0]["to"]) == ("M2", "M1")
    [was], [now] = before[2], after[2]
    assert (was["received"], was["arrears"]) == ("300.00", "700.00")
    assert (now["received"], now["arrears"]) == ("400.00", "600.00")
    assert (before[3], after[3]) == (before[2], after[2]), "B-1 never had a case"
    assert (before[4]["stage"], after[4]["stage"]) == ("M2", "M1")


def test_sums_are_told_in_both_languages(quittance: Command) -> None:
    assert quittance("import", "statements", written(quittance.folder, "first.csv", FIRST)).code == 0
    day = ("--as-of", "2005-05-31")
    told = [line.split() for line in quittance("report", "money", *day).out.splitlines()]
    assert ["received", "300.00", "TWD"] in told
    assert "收到还款" in quittance("report", "money", *day, QUITTANCE_LANG="zh-CN").out
    assert (
        "截至当时"
        in quittance("report", "money", *day, "--known-at", "2005-12-31", QUITTANCE_LANG="zh-CN").out
    )
    shown = quittance("case", "show", "case-A", *day)
    assert "stage M2, 60 days past due" in shown.out
    assert "owed 700.00 TWD (costs 0.00" in shown.out
    chinese = quittance("case", "show", "case-A", *day, QUITTANCE_LANG="zh-CN")
    assert "欠款 700.00 TWD（费用 0.00" in chinese.out
    assert quittance("report", "money", *day, "--known-at", "canary").code == 2
    unknown = quittance("report", "money", *day, "--case", "nobody")
    assert (unknown.code, "no such case" in unknown.err) == (1, True)


def test_the_page_about_two_clocks_can_be_typed(quittance: Command) -> None:
    """Its two files, and every command in it, in order; what it says of the answers is so."""
    blocks = re.findall(r"```(\w*)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    files = [text for kind, text in blocks if not kind]
    for name, text in zip(("april-may.csv", "june.csv"), files, strict=True):
        (quittance.folder / name).write_text(text)
    shown = []
    for kind, text in blocks:
        for line in text.splitlines() if kind == "bash" else ():
            done = quittance(*line.split()[1:])
            assert done.code == 0, (line, done.err)
            shown.append(done.out)
    assert "stage M2" in shown[1]
    assert "owed 700.00 TWD" in shown[1]
    assert "stage M1" in shown[3]
    assert "owed 600.00 TWD" in shown[3]
    assert "nothing was known" in shown[-1]
