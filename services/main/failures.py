"""From what went wrong to what is said about it: one line with a remedy and an exit code, never a traceback.

Only faults that a user or an operator can meet are here. Anything else is a bug, and shows as one.
"""

import re
import sqlite3
from collections.abc import Iterator

from services.contact.adapters.sending.channels import SettingWrong
from services.main.usage import Exit, Stopped
from shared.kernel.refusal import Refused

Telling = tuple[int, str, str]
"""Exit code, English, Chinese."""


def told(problem: BaseException) -> Telling | None:
    """What to say about a problem; None for a fault of our own."""
    if isinstance(problem, Stopped):
        return problem.code, problem.en, problem.zh
    if isinstance(problem, sqlite3.DatabaseError) or _no_database(problem):
        return (
            Exit.FAILED,
            "the store's file is damaged or not a store: put a copy back, then `quittance audit verify`",
            "账本文件已损坏或不是账本：请恢复副本，然后运行 `quittance audit verify`",
        )
    if isinstance(problem, OSError):
        return _of_the_system(problem)
    if isinstance(problem, UnicodeEncodeError):
        return (
            Exit.USAGE,
            "a text given cannot be read under this locale; set LC_ALL=C.UTF-8 and run the command again",
            "当前区域设置无法识别所给的文字；请设置 LC_ALL=C.UTF-8 后重新运行",
        )
    if isinstance(problem, Refused):
        return _of_a_rule(problem)
    if isinstance(problem, SettingWrong):
        return Exit.USAGE, problem.en, problem.zh
    for find in (_of_the_ledger, _of_the_views):
        for kind, en, zh in find():
            if isinstance(problem, kind):
                # The message of the problem is ours and holds no submitted value.
                return Exit.FAILED, en.format(said=problem), zh
    return None


def _no_database(problem: BaseException) -> bool:
    """Did SQLite find a file that is none of its own?"""
    return getattr(problem.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB


_CONTEXT = re.compile(r"Context: .*?\.(?: |$)")
"""What a refusal's text says of its context: that is printed itself. What comes after is advice again."""


def _of_a_rule(refusal: Refused) -> Telling:
    """Its title, what is known of this very case (safe values: our own names, counts), and its advice."""
    known = "; ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in refusal.context.items()
        if value
    )
    advice = _CONTEXT.sub("", " ".join((type(refusal).__doc__ or "").split())).strip()
    en, zh = refusal.title_en, refusal.title_zh
    if known:
        return Exit.FAILED, f"{en} ({known}). {advice}", f"{zh}（{known}）。"
    return Exit.FAILED, f"{en}. {advice}", f"{zh}。"


def _of_the_system(problem: OSError) -> Telling:
    file = problem.filename
    match problem:
        case FileNotFoundError():
            return Exit.FAILED, f"there is no file at {file}", f"找不到文件 {file}"
        case IsADirectoryError():
            return Exit.FAILED, f"{file} is a folder, not a file", f"{file} 是目录，不是文件"
        case NotADirectoryError():
            return Exit.FAILED, f"{file} is a file, not a folder", f"{file} 是文件，不是目录"
        case PermissionError():
            return Exit.FAILED, f"no permission for {file}", f"没有访问 {file} 的权限"
        case _:
            return (
                Exit.FAILED,
                f"the system refused: {problem.strerror}",
                f"系统拒绝了该操作：{problem.strerror}",
            )


Rows = Iterator[tuple[type[BaseException], str, str]]


def _of_the_ledger() -> Rows:
    from shared.eventstore import custody, key_check, ledger, port, sections

    yield (
        custody.KeysMissing,
        "the store holds events but its key file is not there; put it back, or name it with QUITTANCE_KEYS",
        "账本中已有事件，但找不到密钥文件；请恢复该文件，或用 QUITTANCE_KEYS 指明其位置",
    )
    yield (
        custody.KeysWrong,
        "the key file is not the one this store was written under, or is damaged; "
        "name the right one with QUITTANCE_KEYS",
        "密钥文件不属于该账本或已损坏；请用 QUITTANCE_KEYS 指明正确的文件",
    )
    yield (
        key_check.DeploymentWrong,
        "the store was written under another deployment's name, which stands in every record; "
        "set QUITTANCE_DEPLOYMENT to that name",
        "账本是以另一个部署名称写入的，该名称已记入每条记录；请将 QUITTANCE_DEPLOYMENT 设为原来的名称",
    )
    yield (
        sections.BoxBroken,
        "a record in the store was altered or is damaged; `quittance audit verify` names it",
        "账本中有记录被篡改或已损坏；`quittance audit verify` 会指出是哪一条",
    )
    yield (
        ledger.TenantUnknown,
        "this store holds nothing of the tenant; import statements first, or check QUITTANCE_TENANT",
        "账本中没有该租户的数据；请先导入账单，或检查 QUITTANCE_TENANT",
    )
    yield (
        port.StoreFull,
        "the disk that holds the store is full; free some space and run the command again",
        "账本所在的磁盘已满；请清理空间后重新运行",
    )
    yield (
        port.StoreUnavailable,
        "the store cannot be used now: {said}. Is it locked by another process, in a place that cannot be "
        "written, or the server down?",
        "账本暂时无法使用。请检查是否被其他进程锁定、所在位置是否可写，或数据库服务是否在运行",
    )
    yield (
        port.OutcomeUnknown,
        "the connection broke while writing; run the command again, nothing is written twice",
        "写入时连接中断；请重新运行，不会重复写入",
    )
    yield (port.LedgerError, "the ledger refused: {said}", "账本拒绝了该操作")


def _of_the_views() -> Rows:
    from shared.eventstore.projection import port

    yield (
        port.ViewsUnavailable,
        "the views cannot be used now; is the store locked by another process, its disk full or not to be written, "
        "or the server down?",
        "视图暂时无法使用。请检查账本是否被其他进程锁定、磁盘是否已满或不可写，或数据库服务是否在运行",
    )
    yield (
        port.NotCaughtUp,
        "a view does not move: another process holds its lease. See `quittance projection status`",
        "视图没有进展：其他进程持有其租约。请查看 `quittance projection status`",
    )
    yield (
        port.RebuildRunning,
        "another process is rebuilding this view; wait for it to end (one that was killed is forgotten in ten seconds)",
        "另一个进程正在重建该视图；请等待其结束（若该进程已被强行终止，十秒后即可重试）",
    )
    yield (
        port.NotParked,
        "that stream is not parked (any more); see `quittance parked ls`",
        "该流未被搁置（或已恢复）；请查看 `quittance parked ls`",
    )
    yield (port.UnknownView, "there is no such view; {said}", "没有该视图；请查看 `quittance projection ls`")
    yield (port.ProjectionError, "a view could not go on: {said}", "视图无法继续处理")
