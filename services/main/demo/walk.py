"""The walk of the demo, step by step."""

import shutil
from datetime import date
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path

from services.main.commands.version import number
from services.main.demo import crash, department, tamper
from services.main.demo.contact_month import walk as contact_month
from services.main.demo.legal_year import walk as legal_year
from services.main.demo.steps import Steps
from services.main.demo.stories import months
from services.main.session import Session
from services.main.stores import SqliteFolder
from services.main.usage import Exit, Stopped, WrongUsage

SAMPLE = "statements-500.csv"
LAST_MONTH = date(2005, 9, 30)
MONTHS = ("2005-07-31", "2005-08-31", "2005-09-30")
QUEUE = "M2"
ACCOUNT = "TWC-000059"
"""One that fell behind, paid, and was cured."""
COPY = "altered-copy"
REJECTS = "rejects.csv"


def run(session: Session, *, then_serve: bool) -> None:
    """Show everything, then serve if asked to. Raises WrongUsage for a store that is not a folder."""
    store = session.settings.store
    if not isinstance(store, SqliteFolder):
        raise WrongUsage(
            en="the demo works on an embedded store: --store sqlite:///DIR/",
            zh="演示需要嵌入式存储：--store sqlite:///目录/",
        )
    steps = Steps(session.console)
    # The steps are processes of their own, told the same store and keys.
    steps.environment = {
        **steps.environment,
        "QUITTANCE_STORE": store.shown,
        "QUITTANCE_KEYS": str(session.settings.key_file),
    }
    session.console.tell(
        f"Quittance {number()}: 500 real credit-card accounts, six month ends, store {store.shown}",
        f"Quittance {number()}：500 个真实信用卡账户，六个月末，存储于 {store.shown}",
    )
    clocked = months.on_its_clock(session, steps, store)
    session = clocked or session
    with as_file(files("services.main.sample") / SAMPLE) as statements:
        _import(session, steps, statements, store)
    department.take_up(steps, store.folder)
    _look(steps)
    called = [] if clocked is None else months.tell(session, steps, store)
    if clocked is None:
        steps.console.tell(
            "no stories: the store goes by another clock; for the whole walk start with an empty folder: "
            "--store sqlite:///DIR/",
            "未演示案件情节：该账本使用其他时钟；如需完整演示，请使用空目录：--store sqlite:///目录/",
        )
    called += contact_month.tell(session, steps, store.folder)
    called += legal_year.tell(session, steps, store.folder)
    found = _prove(session, steps, store)
    _tell_next(session, steps, clocked is not None)
    if session.console.as_json:
        session.console.answer(
            {
                "steps": [{"command": command, "exit": code} for command, code in steps.ran],
                "requests": len(called),
                "altered_position": found,
            }
        )
    if then_serve:
        from services.main.platform import ALL
        from services.main.serving import serve

        session.console.say()
        serve(session, ALL, port=session.settings.port)


def _import(session: Session, steps: Steps, statements: Path, store: SqliteFolder) -> None:
    """Import, killed once on the way if the store is new."""
    file, rejects = store.file_of("case"), str(store.folder / REJECTS)
    before = crash.events_in(file)
    if before:
        steps.title(
            f"Import again: the store has {before:,} events already; the same file adds nothing to a complete import",
            f"再次导入：账本中已有 {before:,} 个事件；对完整的导入，同一文件不会再增加任何内容",
        )
        code = steps.run("import", "statements", str(statements), "--rejects", rejects)
        if code == Exit.FAILED:
            steps.console.tell(
                "one line is refused: the lender has corrected it since, and the older word does not come back",
                "一行被拒收：贷款人此后已更正该行，旧内容不会再次生效",
            )
        elif code:
            department.must(code)
    else:
        steps.title(
            "Import, and kill it on the way: kill -9, no warning",
            "导入，并在中途强制终止（kill -9，没有任何预警）",
        )
        left = crash.kill_on_the_way(steps, statements, file)
        if left is None:
            steps.console.tell("it was done before it could be killed", "在被终止之前已经完成")
        else:
            steps.console.tell(
                f"killed; the ledger holds {left:,} events", f"已终止；账本中有 {left:,} 个事件"
            )
        steps.title("Start it again: it goes on where it was", "重新开始：从中断处继续")
        department.must(steps.run("import", "statements", str(statements), "--rejects", rejects))
    ours, other = crash.totals(session), crash.left_alone(session, statements)
    if before and ours != other:
        steps.console.tell(
            "the store holds more than the import: the stories of an earlier walk, or a book of yours",
            "账本中的内容多于本次导入：包括此前演示的情节或您自己的数据",
        )
    else:
        crash.compare(steps, ours, other)


def _look(steps: Steps) -> None:
    """Counts, buckets, roll rates, queue, a case."""
    steps.title("Cases", "案件")
    department.must(steps.run("report", "cases"))
    steps.title("The portfolio at the last month end", "最后一个月末的资产组合")
    department.must(steps.run("report", "buckets", "--as-of", MONTHS[-1]))
    steps.title("How accounts rolled in the last two months", "最近两个月的滚动率")
    for earlier, later in pairwise(MONTHS):
        department.must(steps.run("report", "roll-rates", "--from", earlier, "--to", later))
    steps.title("Whom to call next, and why", "下一个应联系谁，原因何在")
    department.must(steps.run("queue", "list"))
    department.must(steps.run("queue", "list", QUEUE, "--limit", "5"))
    steps.title("One case, from its events", "由事件还原的一个案件")
    department.must(steps.run("case", "show", ACCOUNT))


def _prove(session: Session, steps: Steps, store: SqliteFolder) -> int:
    """Verify the store, then a copy in which one byte was altered; the position of the altered record."""
    steps.title("Does the ledger still say what was written?", "账本是否仍与写入时一致？")
    department.must(steps.run("audit", "verify"))
    copied = store.folder / COPY
    tamper.copy(store.folder, session.settings.key_file, copied)
    altered = tamper.alter(copied / "case.db")
    steps.title(
        f"Now alter one byte of a copy: {chr(altered.was)!r} becomes {chr(altered.is_)!r} at byte {altered.offset:,} "
        f"of {copied / 'case.db'}",
        f"现在篡改副本中的一个字节：{copied / 'case.db'} 第 {altered.offset:,} 字节由 {chr(altered.was)!r} 改为 "
        f"{chr(altered.is_)!r}",
    )
    steps.environment = {**steps.environment, "QUITTANCE_KEYS": str(copied / tamper.KEYS_COPIED)}
    code = steps.run("audit", "verify", store=copied)
    if code != Exit.VERIFICATION_FAILED:
        raise Stopped(
            en="the altered record was not found: this is a bug, please report it",
            zh="未发现被篡改的记录：这是一个缺陷，请报告",
        )
    steps.console.tell(
        f"exit code {code}: the record at position {altered.position} was named, and the store itself is untouched",
        f"退出码 {code}：已指出位置 {altered.position} 的记录；原账本未受影响",
    )
    shutil.rmtree(copied)
    return altered.position


def _tell_next(session: Session, steps: Steps, with_stories: bool) -> None:
    from services.main.clocks import TEST_CLOCK
    from services.main.tokens import development_token

    address = f"http://127.0.0.1:{session.settings.port}"
    # With an issuer configured the reader brings a token of theirs.
    given = [] if session.settings.issuer else [f"TOKEN={development_token(session.settings)}"]
    clock = [f"export {TEST_CLOCK}={session.settings.test_clock}"] if with_stories else []
    steps.title(
        "Try next (quittance is .venv/bin/quittance)", "接下来可以尝试（quittance 即 .venv/bin/quittance）"
    )
    for line in (
        *clock,
        f"quittance case show {ACCOUNT} --as-of 2005-07-31",
        f"quittance queue next {QUEUE}",
        f"quittance audit list --case {ACCOUNT}",
        "quittance events tail -n 5",
        "quittance projection rebuild --all",
        *given,
        f'curl -s -H "Authorization: Bearer $TOKEN" "{address}/v1/cases?queue={QUEUE}&limit=3"',
        f'curl -s -H "Authorization: Bearer $TOKEN" "{address}/v1/feeds/case/events?limit=2"',
    ):
        steps.console.say(f"  {line}")
    if with_stories:
        steps.title(
            "One story is yours: take a promise, and see what it led to",
            "留给您的一个情节：登记一个还款承诺，再看它引发了什么",
        )
        for line in months.left_to_you(session, address):
            steps.console.say(f"  {line}")
