"""While its database server is gone `serve` says so in every answer, and goes on when it is back."""

import time
from pathlib import Path

from tests.kit.command import command_in
from tests.kit.importing import row, write
from tests.kit.postgres import PostgresServer
from tests.kit.served import served

BACK_DEADLINE_S = 40


def test_a_server_that_goes_and_comes_back(tmp_path: Path) -> None:
    with PostgresServer() as server:
        quittance = command_in(tmp_path, QUITTANCE_STORE=server.dsn())
        assert quittance("import", "statements", write(tmp_path / "a.csv", [row()])).code == 0
        with served(quittance) as running:
            http = running.http
            assert http.get("/v1/cases").status_code == 200
            server.kill9()
            for path in ("/v1/cases", "/v1/cases?queue=M1", "/readyz"):
                assert http.get(path).status_code == 503, path
            assert http.get("/livez").status_code == 200
            metered = http.get("/metrics")
            assert metered.status_code == 200, "the process goes on telling of itself"
            assert "quittance_ledger_head{" not in metered.text
            server.start()
            ends = time.monotonic() + BACK_DEADLINE_S
            back = ("/readyz", "/v1/cases", "/v1/feeds/case/events")
            while {http.get(path).status_code for path in back} != {200}:
                assert time.monotonic() < ends, "it is not back"
                time.sleep(0.2)
            assert "quittance_ledger_head{" in http.get("/metrics").text
