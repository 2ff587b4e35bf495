"""schemathesis over the live server: every check, every phase, on the operations of the OpenAPI document."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.served import Served

EXAMPLES = 6
DEADLINE_S = 420
SETTINGS = """\
[checks.positive_data_acceptance]
# What a schema cannot say: a cursor of other filters, a version that is old, an amount with too many places,
# two filters that exclude each other, a look at a person too many. That bad data is refused is another check, and as
# strict as it comes.
expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "410", "412", "422", "429"]

[checks.negative_data_rejection]
# 412: the version is looked at before a header that only says a wish.
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428", "429"]

[checks.missing_required_header]
# 428 is the answer of RFC 6585 where If-Match is missing.
expected-statuses = ["400", "401", "403", "406", "415", "422", "428"]

[warnings]
enabled = false
"""


@pytest.mark.timeout(DEADLINE_S)
def test_schemathesis_finds_nothing(server: Served, tmp_path: Path) -> None:
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS)
    line = [
        Path(sys.executable).with_name("schemathesis"), "--config-file", settings, "run",
        f"{server.http.base_url}/openapi.json", "--checks", "all", "--max-examples", EXAMPLES, "--seed", 1,
        "--header", f"Authorization: {server.http.headers['Authorization']}", "--request-timeout", 20,
        "--generation-database", "none", "--continue-on-failure", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(
        list(map(str, line)),
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S - 30,
    )
    said = done.stdout[max(0, done.stdout.find("= FAILURES =")) :]
    assert done.returncode == 0, said[:20_000] + done.stderr[-2000:]
