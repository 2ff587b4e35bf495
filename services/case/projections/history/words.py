"""Words for imports, and for where a fact of before go-live comes from; the same shape as `life_words.LIFE`."""

HISTORY: dict[str, tuple[str, str, str, str]] = {
    "HistoryTaken": (
        "From before go-live", "上线前记录",
        "{what} of {on}, before go-live, as {origin} has it (evidence: {evidence}).",
        "{on}（上线前）：{what}，来源 {origin}（证据等级：{evidence}）。",
    ),
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
