"""The department takes up its work: the lender's book with an invented person behind every account, and the staff."""

from importlib.resources import as_file, files
from pathlib import Path

from services.main.demo.steps import Steps
from services.main.usage import Stopped

BOOK, MAP = "book", "MAP.toml"
STAFF = "staff.csv"
SEED = "1"


def take_up(steps: Steps, folder: Path) -> None:
    """Take the book and the staff list in; the book a second time, which adds nothing.

    Raises Stopped where a step fails.
    """
    book = folder / BOOK
    steps.title(
        "The lender's book: people, roles, phones and instalments, all of it INVENTED",
        "贷款人的台账：人员、角色、电话和分期，全部为虚构（INVENTED）",
    )
    if not (book / MAP).exists():
        must(steps.run("sample", "book", str(book), "--seed", SEED))
    take_in = ("import", "book", str(book), "--mapping", str(book / MAP))
    must(steps.run(*take_in, "--check"))
    must(steps.run(*take_in))
    steps.title("The same book again adds nothing", "同一台账再次导入，不会增加任何内容")
    must(steps.run(*take_in))
    steps.title("Who works here, and who takes what", "人员名册与技能")
    with as_file(files("services.main.sample") / STAFF) as staff:
        must(steps.run("staff", "import", str(staff), "--rejects", str(folder / "staff-rejects.csv")))
    must(steps.run("staff", "teams"))


def must(code: int) -> None:
    """Stop the demo where a step failed. Raises Stopped."""
    if code:
        raise Stopped(
            en="a step of the demo failed; what it said stands above", zh="演示的一个步骤失败；原因见上方输出"
        )
