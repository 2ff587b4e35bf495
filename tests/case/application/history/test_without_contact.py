"""Where no contact service is reached, what only it could keep is rejected with that reason, and the rest taken in."""

from pathlib import Path

import pytest

from tests.case.application.history.test_take_history import past
from tests.kit.past import MAPPING, WHOLE

CONTACT = """
[files.outs]
path = "optouts.csv"
[files.yes]
path = "consents.csv"
[[optouts]]
file = "outs"
columns = { debtor_ref = "cust", ref = "id", at = "time", channel = "how" }
[[consents]]
file = "yes"
columns = { debtor_ref = "cust", ref = "id", at = "time", kind = "kind" }
"""


async def test_consents_and_opt_outs_are_rejected_and_the_rest_is_taken_in(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rows = {
        **WHOLE,
        "optouts": ("C-1,o-1,2026-02-01 09:00:00,SMS",),
        "consents": ("C-1,n-1,2026-02-01 09:00:00,CALLS", "C-1,n-2,2026-02-01 09:00:00,FAX"),
    }
    head, code, rest = MAPPING.partition("[codes.results]")
    files, _, blocks = CONTACT.partition("[[optouts]]")
    text = f"{head}{files}{code}{rest}\n[[optouts]]{blocks}"
    async with past("sqlite", tmp_path, request) as it:
        done = await it.take(rows, text)
        assert (done.added, done.rejected) == (15, 3)
        reasons = sorted(line.split(",")[3] for line in it.rejected)
        assert reasons == ["no-contact-service", "no-contact-service", "unmapped-code"], it.rejected
