"""A case whose keys were destroyed, over HTTP: its events keep their place and say nothing, and nothing can be done."""

import sqlite3
from pathlib import Path

from tests.case.api.acts import Acted, cny, refused
from tests.kit.command import command_in
from tests.kit.served import served


def destroy(folder: Path, name: str) -> None:
    """The keys of a class, by hand: the command that erases comes with a later issue."""
    [store] = folder.rglob("case.db")
    with sqlite3.connect(store) as file:
        assert file.execute("DELETE FROM data_key WHERE class=?", (name,)).rowcount
    file.close()


def test_what_was_erased_stays_erased(tmp_path: Path) -> None:
    quittance = command_in(tmp_path, QUITTANCE_LOG="error")
    with served(quittance) as running:
        case = Acted(running.http).open()
        claim = case.done("/hardship-claims", cause="BEREAVEMENT")["id"]
        promise = case.done("/promises", amount=cny("5.00"), due_on=case.day(3))["id"]
        path = f"/v1/cases/{case.case_id}/events"
        before = running.http.get(path).json()["items"]
    destroy(tmp_path, "id")
    with served(quittance) as running:
        after = running.http.get(path).json()["items"]
        # The server that was started again swept the day before, which may have added to the case.
        assert [item["id"] for item in after][: len(before)] == [item["id"] for item in before]
        claimed = next(item for item in after if item["type"] == "case.HardshipClaimed")
        assert {part["name"].partition(":")[0]: part["state"] for part in claimed["sections"]} == {
            "facts": "shown",
            "id": "erased",
        }
    destroy(tmp_path, "facts")
    with served(quittance) as running:
        gone = running.http.get(path).json()["items"][: len(before)]
        assert [(item["id"], item["type"]) for item in gone] == [(one["id"], one["type"]) for one in before]
        assert {part["state"] for item in gone for part in item["sections"]} == {"erased"}
        again = Acted(running.http, case.case_id)
        for refusal in (
            again.post("/payments", amount=cny("5.00"), channel="CARD"),
            again.post("/debts", account_ref="A-2", arrears=cny("5.00"), days_past_due=1),
            again.post(f"/v1/promises/{promise}/cancellations", reason="DEBTOR_ASKED"),
            again.post(f"/v1/hardship-claims/{claim}/ends", reason="DEBTOR_ASKED"),
        ):
            assert refused(refusal) == (409, "case-forgotten"), refusal.text
