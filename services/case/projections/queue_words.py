"""Words about queues, for people: English, then Chinese."""

QUEUES: dict[str, tuple[str, str]] = {
    "nothing-owed": ("behind in months, no money owed", "逾期但无欠款"),
    "promised": ("the debtor's word is out", "已承诺，未到期"),
    "on-hold": ("collecting is on hold", "暂停催收"),
    "agency": ("an agency collects", "委外机构催收"),
    "legal": ("the legal service has it", "法务处理"),
}
"""The queues that are not called by a stage."""

HOLDS: dict[str, tuple[str, str]] = {
    "DISPUTE": ("dispute", "异议"),
    "HARDSHIP": ("hardship", "困难救济"),
    "PLAN": ("plan", "分期计划"),
    "MORATORIUM": ("moratorium", "暂缓履行"),
    "BANKRUPTCY": ("bankruptcy", "破产"),
    "DECEASED": ("death", "身故"),
    "INCAPABLE": ("incapacity", "丧失行为能力"),
    "ATTORNEY": ("lawyer appointed", "已委托律师"),
    "CEASE": ("debtor asked to stop", "要求停止联系"),
    "COMPLAINT": ("complaint", "投诉"),
    "FRAUD": ("fraud", "欺诈"),
    "SYSTEM": ("system", "系统"),
}
"""The kinds of hold."""


SKIPS: dict[str, tuple[str, str]] = {
    "DEBTOR_ASKED_LATER": ("the debtor asked to be called later", "债务人要求稍后联系"),
    "NO_CONTACT_DATA": ("there is no way to reach the debtor", "无联系方式"),
    "WAITING_FOR_PAPERS": ("papers are awaited", "等待材料"),
    "OUTSIDE_HOURS": ("it is no time to call there", "不在允许联系的时间"),
    "SYSTEM_TROUBLE": ("something does not work here", "系统故障"),
    "OTHER_LANGUAGE": ("the debtor speaks another language", "语言不通"),
    "NEEDS_SPECIALIST": ("somebody else knows better", "需专人处理"),
    "CONFLICT_OF_INTEREST": ("the collector knows the debtor", "利益冲突，需回避"),
}
"""The reasons for which a case is skipped."""


def skip(reason: str, language: str) -> str:
    """Why a case was skipped; the code where there are no words for it."""
    return SKIPS.get(reason, (reason, reason))[is_chinese(language)]


def is_chinese(language: str) -> bool:
    """Does the reader read Chinese?"""
    return language.lower().split("-")[0] == "zh"


def queue(name: str, language: str) -> str:
    """What stands in a queue; a stage's queue is called by the stage alone."""
    said = QUEUES.get(name)
    if said is None:
        return f"阶段 {name}" if is_chinese(language) else f"stage {name}"
    return said[is_chinese(language)]


def hold(kind: str, language: str) -> str:
    """What a hold is; its code where there are no words for it."""
    return HOLDS.get(kind, (kind, kind))[is_chinese(language)]
