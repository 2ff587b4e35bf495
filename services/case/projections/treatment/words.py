"""Words for segments, strategies and their steps; the first have the shape of `life_words.LIFE`."""

from datetime import date

from services.case.projections.queue_words import is_chinese

TREATMENT: dict[str, tuple[str, str, str, str]] = {
    "StrategyProposed": (
        "Strategy proposed", "提出催收策略",
        "{strategy} was proposed on {on}, to begin on {effective_from}.",
        "{on} 提出 {strategy}，拟自 {effective_from} 起生效。",
    ),
    "StrategyPublished": (
        "Strategy published", "催收策略发布",
        "{strategy} was published on {on}; it is in force from {effective_from}.",
        "{on} 发布 {strategy}，自 {effective_from} 起生效。",
    ),
    "StrategyRejected": (
        "Strategy rejected", "催收策略驳回",
        "{strategy} was rejected on {on}: {reason}.", "{on} 驳回 {strategy}：{reason}。",
    ),
    "SegmentDecided": (
        "Segment decided", "确定客群",
        "In {segment} by rule {rule} of {strategy}, as of {as_of}: stage {stage}, {days_past_due} days past due, "
        "{arrears} in arrears.",
        "截至 {as_of} 按 {strategy} 规则 {rule} 归入 {segment}：阶段 {stage}，"
        "逾期 {days_past_due} 天，拖欠 {arrears}。",
    ),
    "StrategyPinned": (
        "Strategy applied", "适用催收策略",
        "From {as_of} by {strategy}, {segment} ({arm}): {because}.",
        "自 {as_of} 起按 {strategy} 的 {segment}（{arm}）执行：{because}。",
    ),
    "StrategyStepDue": (
        "Step due", "策略步骤到期",
        "{act} ({step}) is due from {as_of} to {until}.", "{act}（{step}）应于 {as_of} 至 {until} 完成。",
    ),
    "StrategyStepTaken": (
        "Step taken", "策略步骤完成", "{step} was taken on {as_of}.", "{step} 于 {as_of} 完成。",
    ),
    "StrategyStepSkipped": (
        "Step skipped", "策略步骤跳过",
        "{act} ({step}) is not taken, as of {as_of}: {reason}.", "截至 {as_of} 不执行 {act}（{step}）：{reason}。",
    ),
    "StrategyStepWithdrawn": (
        "Step not due after all", "策略步骤撤销",
        "{step} was not due, as is known on {as_of}: {reason}.", "按 {as_of} 所知，{step} 并未到期：{reason}。",
    ),
}  # fmt: skip

ACTS: dict[str, tuple[str, str]] = {
    "REMIND": ("a reminder", "提醒"),
    "CALL": ("a call", "致电"),
    "LETTER": ("a letter", "信函"),
    "REVIEW": ("a review", "复核"),
    "OFFER_PLAN": ("the offer of a plan", "提供分期方案"),
    "PLACE_WITH_AGENCY": ("placing with an agency", "委外"),
    "REFER_TO_LEGAL": ("handing over to the legal service", "移交法务"),
}
"""What a step asks for."""


def act(code: str, language: str) -> str:
    """What a step asks for; its code where there are no words for it."""
    return ACTS.get(code, (code, code))[is_chinese(language)]


def due(code: str, until: date, language: str) -> str:
    """That a step is due, as a phrase."""
    said = act(code, language)
    return (
        f"策略步骤：{said}（至 {until}）"
        if is_chinese(language)
        else f"the strategy asks for {said} until {until}"
    )
