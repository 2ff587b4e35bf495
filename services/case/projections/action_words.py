"""Words for next actions, for people: what to do, why, and what stands in the way; English, then Chinese."""

from datetime import date

from services.case.domain.next_action import Block, NextAction, Value, Why
from services.case.projections.queue_words import hold, is_chinese
from services.case.projections.treatment.words import act
from shared.kernel import money
from shared.kernel.money import Money

ACTIONS: dict[str, tuple[str, str]] = {
    "ANSWER_COMPLAINT": ("Answer the complaint", "答复投诉"),
    "ANSWER_DISPUTE": ("Decide the dispute", "处理异议"),
    "ASSESS_HARDSHIP": ("Decide on the claim of hardship", "审核困难申请"),
    "REVIEW_RELIEF": ("Review the relief before it ends", "复核即将到期的救济"),
    "CONFIRM_DEATH": ("Find out whether the debtor has died", "核实身故信息"),
    "RECALL_PLACEMENT": ("Recall the case from the agency", "从委外机构召回案件"),
    "CONFIRM_RECALL": ("Confirm that the case is back", "确认案件已召回"),
    "DECIDE_SETTLEMENT": ("Approve or reject the settlement", "审批和解方案"),
    "DECIDE_WAIVER": ("Approve or reject the waiver", "审批减免"),
    "DECIDE_WRITE_OFF": ("Approve or reject the write-off", "审批核销"),
    "RECORD_PAYMENT_PROOF": ("Look for the payment and record its proof", "核对还款并登记凭证"),
    "TAKE_STEP": ("Take the step of the treatment strategy", "执行催收策略步骤"),
    "MEET_LEGAL_DEADLINE": ("Act before a legal deadline ends", "在法定期限届满前处理"),
    "CALL": ("Call the debtor", "致电债务人"),
    "TAKE_PROMISE": ("Take a promise to pay", "登记还款承诺"),
    "OFFER_PLAN": ("Offer a plan", "提供分期方案"),
    "OFFER_SETTLEMENT": ("Offer a settlement", "提出和解方案"),
    "PLACE_WITH_AGENCY": ("Place the case with an agency", "委外催收"),
    "REFER_TO_LEGAL": ("Hand the case to the legal service", "移交法务"),
}

WHY: dict[str, tuple[str, str]] = {
    "LATE": ("it was due on {due}, {days} days ago", "应于 {due} 完成，已逾 {days} 天"),
    "DUE": ("due on {due}, in {days} days", "应于 {due} 前完成，还有 {days} 天"),
    "COMPLAINT": ("a complaint ({kind}) is open", "投诉（{kind}）未答复"),
    "DISPUTE": ("a dispute ({scope}) is open", "异议（{scope}）未处理"),
    "PROTECTED_UNTIL": ("the claim protects the debtor until {until} only", "申请保护期至 {until} 止"),
    "RELIEF_ENDS": ("the relief ends on {until}", "救济将于 {until} 到期"),
    "OFFERED": ("{amount} was offered for {owed}", "以 {amount} 了结 {owed}"),
    "WAIVER_ASKED": ("a waiver of {amount} was asked for", "申请减免 {amount}"),
    "SECOND_PERSON": ("somebody else than who proposed it decides", "须由提出人以外的人审批"),
    "DEATH_SAID": ("the debtor is said to have died (since {on})", "据报债务人身故（{on}）"),
    "NOT_WITH_AN_AGENCY": ("an agency must not have it: {hold}", "不得委外：{hold}"),
    "RECALLED": ("recalled on {on}, not confirmed", "{on} 已要求召回，尚未确认"),
    "PROMISE_DAY_CAME": ("promised by {due}, judged on {judged_on}", "承诺于 {due} 前还款，{judged_on} 判定"),
    "SAYS_PAID": ("the debtor says it was paid", "债务人称已还款"),
    "LATE_BY": (
        "stage {stage}, {days} days past due, {arrears} in arrears",
        "阶段 {stage}，逾期 {days} 天，拖欠 {arrears}",
    ),
    "BROKEN_PROMISES": ("{count} promises were broken", "失信承诺 {count} 次"),
    "STEP_DUE": ("{act} ({step}) is due until {until}", "{act}（{step}）应于 {until} 前完成"),
    "LIMITATION_ENDS": ("the limitation period of a debt ends on {due}", "债务时效将于 {due} 届满"),
    "DEADLINE_ENDS": ("a legal deadline ({deadline}) ends on {due}", "法务期限（{deadline}）将于 {due} 届满"),
    "NEVER_REACHED": ("tried {attempts} times, never spoken to", "联系 {attempts} 次，从未联系到本人"),
}

BLOCKS: dict[str, tuple[str, str]] = {
    "AGENCY": ("an agency collects", "委外机构催收中"),
    "LEGAL": ("the legal service has it", "法务处理中"),
    "PROMISE_OPEN": ("a promise is open", "承诺未到期"),
    "SETTLEMENT_AGREED": ("a settlement is agreed", "已达成和解"),
    "SETTLEMENT_OPEN": ("a settlement is open", "已有未结和解方案"),
    "NOTHING_OWED": ("nothing is overdue", "无逾期欠款"),
}


def title(action: str, language: str) -> str:
    """What to do."""
    return ACTIONS[action][is_chinese(language)]


def why(reason: Why, language: str) -> str:
    """A reason as a phrase."""
    shown = {name: _shown(name, value, language) for name, value in reason.values.items()}
    return WHY[reason.code][is_chinese(language)].format_map(shown)


def blocked(by: Block, language: str) -> str:
    """What stands in the way, as a phrase."""
    chinese = is_chinese(language)
    said = hold(by.code, language) if by.kind == "HOLD" else BLOCKS[by.code][chinese]
    if by.until is None:
        return said
    return f"{said}（至 {by.until}）" if chinese else f"{said} (until {by.until})"


def sentence(one: NextAction, language: str) -> str:
    """All reasons for an action in one sentence."""
    chinese = is_chinese(language)
    said = ("；" if chinese else "; ").join(why(reason, language) for reason in one.why)
    return f"{said}。" if chinese else f"{said[:1].upper()}{said[1:]}."


def _shown(name: str, value: Value, language: str) -> str:
    match value:
        case Money():
            return f"{money.decimal(value.minor, value.currency)} {value.currency}"
        case date():
            return value.isoformat()
        case str() if name == "hold":
            return hold(value, language)
        case str() if name == "act":
            return act(value, language)
        case _:
            return str(value)
