"""Words for who looked at personal data; the same shape as `life_words.LIFE`. Nobody is named."""

PRIVACY: dict[str, tuple[str, str, str, str]] = {
    "PersonalDataSearched": (
        "Person looked for",
        "检索个人信息",
        "Looked for by {kind} ({purpose}): {found} found.",
        "按 {kind} 检索（{purpose}）：找到 {found} 个。",
    ),
    "PersonalDataShown": (
        "Masked data shown",
        "查看脱敏信息",
        "{fields} of {party} shown masked ({purpose}).",
        "脱敏显示 {party} 的 {fields}（{purpose}）。",
    ),
    "PersonalDataRevealed": (
        "Personal data revealed",
        "查看完整个人信息",
        "{fields} of {party} shown until {until} ({purpose}).",
        "显示 {party} 的 {fields} 至 {until}（{purpose}）。",
    ),
    "PersonalDataRefused": (
        "Looking refused",
        "拒绝查看个人信息",
        "{what} beyond {limit} an hour was refused ({purpose}).",
        "{what} 超过每小时 {limit} 次，已拒绝（{purpose}）。",
    ),
    "AccessLogRead": (
        "Access log read",
        "查阅访问记录",
        "Who looked was asked for: party {party}, case {case}, purpose {purpose}.",
        "查阅访问记录：当事人 {party}，案件 {case}，目的 {purpose}。",
    ),
}
"""Event name -> (title, Chinese title, sentence, Chinese sentence); a name in braces is filled from the facts."""
