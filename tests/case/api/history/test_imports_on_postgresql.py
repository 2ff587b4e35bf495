"""Imports over HTTP on PostgreSQL with eight lanes: the same answers as on the embedded store."""

from pathlib import Path

from tests.case.api.history.sending import HEADER, Sending, line
from tests.kit.command import command_in
from tests.kit.past import MAPPING, delivery
from tests.kit.served import served


def test_the_same_over_postgresql(tmp_path: Path, pg_dsn: str) -> None:
    quittance = command_in(tmp_path, QUITTANCE_STORE=pg_dsn, QUITTANCE_LOG="error")
    with served(quittance) as running:
        text = HEADER + line("P-1") + line("P-2") + "P-3,never,1,1,1,1,TWD\n"
        first = Sending(running.http).ask().files(s=text)
        said = first.post("/starts", wait=True)
        assert said.status_code == 207, said.text
        assert [row["outcome"] for row in said.json()["rows"]] == ["ADDED", "ADDED", "REJECTED"]
        again = Sending(running.http).ask().files(s=text)
        assert again.post("/starts").status_code == 201
        assert again.ended()["counts"]["unchanged"] == 2
        files = {file.stem: file.read_text() for file in sorted(delivery(tmp_path).iterdir())}
        past = Sending(running.http).ask("history", *(f"{name}.csv" for name in files), mapping=MAPPING)
        said = past.files(**files).post("/starts", wait=True)
        assert (said.status_code, said.json()["counts"]["added"]) == (207, 15)
    runs = quittance.json("import", "runs")
    assert [(one["kind"], one["status"], one["via"]) for one in runs] == [
        ("statements", "DONE", "HTTP"), ("statements", "DONE", "HTTP"), ("history", "DONE", "HTTP"),
    ]  # fmt: skip
    assert runs[0]["content"] == runs[1]["content"]
