"""Words for imports, and for where a fact of before go-live comes from; the same shape as `life_words.LIFE`."""

from collections.abc import Mapping
from typing import Any

from services.case.domain.history.evidence import GRADES

HISTORY: dict[str, tuple[str, str, str, str]] = {
    "ImportRequested": (
        "Import asked for", "申请导入", "Files of kind {kind} will be sent: {files}.",
        "将上传 {kind} 文件 {files} 个。",
    ),
    "ImportFileReceived": (
        "File received", "收到文件", "{size} bytes, SHA-256 {sha256}.", "{size} 字节，SHA-256 {sha256}。",
    ),
    "ImportQueued": ("Import queued", "导入排队", "The files are complete.", "文件已齐，等待导入。"),
    "ImportStarted": (
        "Import started", "导入开始",
        "Files of kind {kind}, by {via}, attempt {attempt}.", "导入 {kind} 文件，途径 {via}，第 {attempt} 次。",
    ),
    "ImportRowsTold": (
        "Rows told", "逐行结果", "What became of rows, part {part}.", "逐行结果，第 {part} 部分。",
    ),
    "ImportFinished": (
        "Import ended", "导入结束",
        "{outcome}: {rows} rows, {added} new, {unchanged} on record already, {rejected} rejected.",
        "{outcome}：共 {rows} 行，新增 {added}，已有 {unchanged}，拒收 {rejected}。",
    ),
    "ImportCancelled": (
        "Import stopped", "导入已停止", "What had been taken in stays.", "已导入的内容保留。",
    ),
}  # fmt: skip

_WHAT: dict[str, tuple[str, str]] = {
    "CASE": ("case", "案件"),
    "OPEN_SINCE": ("case, open since then", "案件自该日起未结"),
    "ATTEMPT": ("contact attempt", "联系记录"),
    "PROMISE": ("promise to pay", "还款承诺"),
    "PLAN": ("repayment plan", "分期计划"),
    "PLACEMENT": ("placement with an agency", "委外"),
    "PAYMENT": ("payment", "还款"),
    "HOLD": ("hold", "冻结"),
}
TITLE_EN, TITLE_ZH = "From before go-live", "上线前记录"


def taken_en(said: Mapping[str, Any]) -> str:
    """Where a fact of before go-live comes from, in English."""
    what, grade = _WHAT.get(said["what"]), GRADES.get(said["evidence"])
    return (
        f"{what[0] if what else said['what']} of {said['on']}, before go-live, as {said['origin']} has it; "
        f"evidence {said['evidence']}: {grade.en if grade else '-'}."
    )


def taken_zh(said: Mapping[str, Any]) -> str:
    """Where a fact of before go-live comes from, in Chinese."""
    what, grade = _WHAT.get(said["what"]), GRADES.get(said["evidence"])
    return (
        f"{said['on']}（上线前）：{what[1] if what else said['what']}，来源 {said['origin']}；"
        f"证据等级 {said['evidence']}：{grade.zh if grade else '-'}。"
    )
