"""Words for evidence packs, in the shape of `of_matters.py`."""

OF_PACKS: dict[str, tuple[str, str, str, str]] = {
    "EvidencePackAsked": (
        "Evidence pack wanted", "申请证据包",
        "Wanted on {on}, as of {as_of}: {reason}.", "{on} 申请截至 {as_of} 的证据包：{reason}。",
    ),
    "EvidencePackMade": (
        "Evidence pack made", "证据包生成",
        "Made on {on}: {files} files; missing: {gaps}; manifest {manifest}.",
        "{on} 生成：{files} 个文件；缺失：{gaps}；清单校验值 {manifest}。",
    ),
    "EvidencePackFailed": (
        "Evidence pack could not be made", "证据包生成失败", "On {on}: {reason}.", "{on}：{reason}。",
    ),
    "EvidencePackFetched": (
        "Evidence pack taken away", "证据包被取走",
        "Taken away on {on}; manifest {manifest}.", "{on} 取走；清单校验值 {manifest}。",
    ),
}  # fmt: skip
