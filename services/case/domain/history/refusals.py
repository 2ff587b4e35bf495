"""Why a row of history is not taken in: stable codes, and what each means in both languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """A reason in both languages."""

    en: str
    zh: str


NO_CASE, AFTER_GO_LIVE, BEFORE_DEBT, CONFLICT = (
    "no-case",
    "on-or-after-go-live",
    "before-debt",
    "history-conflict",
)
LATER_CASE, CASE_OVERLAPS, DATE_ORDER, NO_AMOUNT = (
    "later-case",
    "case-overlaps",
    "date-order",
    "amount-not-positive",
)
PLAN_SUM, NO_INSTALMENTS, NO_PLAN, OVERLAPS = "plan-sum", "no-instalments", "no-plan", "overlaps"
OTHER_CURRENCY, OTHER_ACCOUNT, FORGOTTEN = "other-currency", "other-account", "forgotten"
NO_CONTACT = "no-contact-service"
NO_LEGAL, NOT_OF_LAW = "no-legal-service", "kind-not-of-the-law"
NOT_OVERDUE, NO_REASON, DUPLICATE = "not-overdue", "no-reason", "duplicate-key"

REASONS: dict[str, Words] = {
    NO_CASE: Words(
        "the debtor has no case, and no row of `cases` opens one", "该债务人没有案件，cases 中也没有对应的行"
    ),
    AFTER_GO_LIVE: Words(
        "it happened on the day of go-live or later: that is told by who did it",
        "发生在上线当日或之后，应由经办人录入",
    ),
    BEFORE_DEBT: Words(
        "it happened before the debtor's first account was opened", "早于债务人首个账户的开户日"
    ),
    CONFLICT: Words("something else is on record under the same reference", "同一编号已有不同内容的记录"),
    DUPLICATE: Words(
        "an earlier row of the delivery says something else under the same reference",
        "本次交付中同一编号的先前行内容不同",
    ),
    LATER_CASE: Words(
        "the debtor has a case that began later: an earlier one cannot be put before it",
        "该债务人已有更晚的案件，无法在其之前补开案件",
    ),
    CASE_OVERLAPS: Words("the debtor had a case open on that day already", "该债务人当日已有未结案件"),
    DATE_ORDER: Words("a date lies before one that it must not be before", "日期先后颠倒"),
    NO_AMOUNT: Words("the amount is not above zero", "金额必须大于零"),
    NOT_OVERDUE: Words("a case needs at least one day past due", "开立案件须逾期至少一天"),
    PLAN_SUM: Words("the instalments do not add up to the plan's total", "各期金额之和与分期总额不符"),
    NO_INSTALMENTS: Words(
        "the plan has neither instalments nor a count and a first day",
        "分期计划没有分期明细，也没有期数和首期日",
    ),
    NO_PLAN: Words(
        "no row of `plans` names the plan of this instalment, or that row was rejected",
        "没有对应的分期计划，或该计划被拒收",
    ),
    OVERLAPS: Words("another of its kind covers a part of the same days", "同类记录的期间相互重叠"),
    OTHER_CURRENCY: Words("the currency is not the case's", "币种与案件不一致"),
    OTHER_ACCOUNT: Words("the account is none of the case's", "该账户不属于此案件"),
    NO_REASON: Words("the reason is missing", "缺少原因"),
    NO_CONTACT: Words(
        "consents and opt-outs are the contact service's, which this process does not reach: import them by "
        "`quittance import history`, or where all services run together",
        "同意与退订由联系服务保存，当前进程未连接该服务：请使用 `quittance import history` 或一体部署导入",
    ),
    NO_LEGAL: Words(
        "demands and filings are the legal service's, which this process does not reach: import them by "
        "`quittance import history`, or where all services run together",
        "催收送达与立案记录由法务服务保存，当前进程未连接该服务：请使用 `quittance import history` 或一体部署导入",
    ),
    NOT_OF_LAW: Words(
        "the law pack in force knows no procedure of that kind", "现行法律规则包中没有该类程序"
    ),
    "channel-unknown": Words(
        "the contact service knows no such channel: map the code (VOICE, SMS, EMAIL, IM, LETTER, VISIT …)",
        "联系服务不认识该渠道：请在映射中转换代码（VOICE、SMS、EMAIL、IM、LETTER、VISIT 等）",
    ),
    "number-unreadable": Words(
        "that can be no number or address of its channel", "不是该渠道可用的号码或地址"
    ),
    "consent-unknown": Words(
        "a consent is of kind CALLS, SMS or EMAIL", "同意的种类须为 CALLS、SMS 或 EMAIL"
    ),
    "nothing-named": Words("an opt-out names a channel, a number or both", "退订须注明渠道、号码或两者"),
    FORGOTTEN: Words(
        "the debtor was forgotten, and does not come back by a file", "该债务人信息已依法删除，不得再次导入"
    ),
}


class HistoryRefused(Exception):
    """A row cannot have happened as it stands, or says otherwise than the record; `reason` is one of REASONS."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field
