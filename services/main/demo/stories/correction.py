"""A correction: what we knew before stays what we knew before."""

from pathlib import Path

from services.main.demo.department import must
from services.main.demo.stories.tale import Tale
from shared.kernel import clock

CORRECTED = "TWC-000405"
FILE = "corrections.csv"
LINES = (
    "account_ref,as_of,months_past_due,statement_balance,payment_received,credit_limit,currency",
    f"{CORRECTED},2005-09-30,1,60432,7500,160000,TWD",
)


def tell(tale: Tale, folder: Path) -> None:
    """The lender says that it reported 100,000 too much in September; the case before and after."""
    file = folder / FILE
    file.write_text("\n".join(LINES) + "\n")
    before = clock.in_utc(tale.session.clock.now()).isoformat(timespec="seconds").replace("+00:00", "Z")
    with tale.story(
        "correction", CORRECTED, "The lender corrects September's statement", "贷款人更正九月账单"
    ):
        for arguments in (
            ("import", "statements", str(file), "--corrections"),
            ("case", "show", CORRECTED, "--as-of", "2005-09-30", "--known-at", before),
            ("case", "show", CORRECTED, "--as-of", "2005-09-30"),
        ):
            must(tale.steps.run(*arguments))
