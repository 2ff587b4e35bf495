"""A month of the department: cases shared out, a promise, the bank that keeps it and takes it back, and the figure."""

from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from services.main.demo import bank_day
from services.main.demo.department import must
from services.main.demo.stories.tale import Tale, twd
from shared.kernel import clock

PROMISED = "TWC-000377"
QUEUE = "M2"
BEGINS, DUE, CAME, TOLD, BACK, ASKED, AFTER = (
    date(2006, 2, 1), date(2006, 2, 8), date(2006, 2, 6), date(2006, 2, 7), date(2006, 2, 13),
    date(2006, 2, 15), date(2006, 2, 16),
)  # fmt: skip
AMOUNT = "2500.00"


def tell(tale: Tale, folder: Path) -> None:
    """All of it, in order; what the figure said before and after is shown as it was known then."""
    run = tale.steps.run
    tale.steps.title("February: cases are shared out (分案), first as a preview", "二月：分案，先预览")
    tale.steps.console.tell(f"  … {BEGINS}", f"  … {BEGINS}")
    must(run("allocate", "--queue", QUEUE, "--seed", "2006-02", "--dry-run"))
    must(run("allocate", "--queue", QUEUE, "--seed", "2006-02"))
    transfer = bank_day.Transfer(account=PROMISED, amount=AMOUNT, currency="TWD", traced="DEMO-E2E-1")
    with tale.story(
        "bank",
        PROMISED,
        "A promise, and the bank's statement that keeps it",
        "一个承诺，以及使其兑现的银行对账单",
    ):
        tale.go_to(BEGINS)
        tale.about("promises", {"amount": twd(AMOUNT), "due_on": f"{DUE}", "on": f"{BEGINS}"})
        tale.go_to(TOLD)
        statement = bank_day.came(folder, transfer, on=CAME)
        _take_in(tale, statement)
        tale.steps.console.tell("  the same file again:", "  同一文件再次导入：")
        _take_in(tale, statement)
        tale.go_to(date(2006, 2, 10))
    before = _now(tale)
    with tale.story(
        "taken-back",
        PROMISED,
        "The bank takes it back: the promise is judged again",
        "银行退回：承诺重新判定",
    ):
        tale.go_to(BACK)
        _take_in(tale, bank_day.went_back(folder, transfer, on=BACK))
        tale.go_to(AFTER)
    tale.steps.title("What we knew then, what we know now, and why", "当时所知、现在所知及其原因")
    _figure(tale, "--known-at", before)
    _figure(tale)
    _figure(tale, "--known-at", before, "--and-known-at", _now(tale))


def _take_in(tale: Tale, statement: Path) -> None:
    with as_file(files("services.main.sample") / "bank.toml") as mapping:
        must(tale.steps.run("import", "payments", str(statement), "--mapping", str(mapping)))


def _figure(tale: Tale, *known: str) -> None:
    must(tale.steps.run("report", "kpi", "promise-kept", "--as-of", f"{ASKED}", *known))


def _now(tale: Tale) -> str:
    """The moment by the demo's clock, to the second, as `--known-at` takes it."""
    at = clock.in_utc(tale.session.clock.now()).isoformat(timespec="seconds")
    return at.replace("+00:00", "Z")
