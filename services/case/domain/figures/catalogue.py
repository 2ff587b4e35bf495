"""Every KPI by name: its formula in both languages, its measures, and by what it can be broken down.

Source: shared/reference/domain.md 5; docs/explanation/figures.md says why each is counted as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.case.domain.figures import measure as m
from services.case.domain.figures.measure import Measure
from services.case.domain.figures.rules import PAR_DAYS
from shared.kernel.refusal import Refused

TEAM, STAGE, COLLECTOR, CHANNEL = "team", "stage", "collector", "channel"
DIMENSIONS = (TEAM, STAGE, COLLECTOR, CHANNEL)
_HELD = (TEAM, STAGE, COLLECTOR)
_ALL = DIMENSIONS


class KpiUnknown(Refused):
    """No figure has this name. Ask for one of those that are known. Context: `known`."""

    code = "kpi-unknown"
    title_en = "There is no figure of that name"
    title_zh = "没有该名称的指标"


class BreakdownRefused(Refused):
    """What the figure counts has no such thing. Break it down by one that is known, or not at all. Context: `known`."""

    code = "breakdown-refused"
    title_en = "The figure cannot be broken down this way"
    title_zh = "该指标不支持这种分组"


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure, or some that belong together. `formula`: what stands above and below, in a sentence a banker reads."""

    name: str
    title_en: str
    title_zh: str
    formula_en: str
    formula_zh: str
    measures: tuple[Measure, ...]
    by: tuple[str, ...]
    rules: tuple[str, ...] = ()

    @property
    def by_code(self) -> Mapping[str, Measure]:
        """The measures by their code, in order."""
        return {one.code: one for one in self.measures}

    def broken_down(self, by: str | None) -> str | None:
        """The dimension. Raises BreakdownRefused where what is counted has none of it."""
        if by is not None and by not in self.by:
            raise BreakdownRefused(known=self.by)
        return by


def kpi(name: str) -> Kpi:
    """The figure of a name. Raises KpiUnknown."""
    if name not in KPIS:
        raise KpiUnknown(known=tuple(KPIS))
    return KPIS[name]


_ROLL = Kpi(
    "roll", "Roll rates", "迁徙率",
    "Accounts by bucket at the first day (row) and at the last (cell), divided by the row's total at the first day. "
    "Settled, charged off, written off, sold and cured have cells of their own, so every row sums to 1. "
    "net_flow is the balance in the next bucket at the end divided by the balance in this one at the start.",
    "期初按档位分行、期末按去向分列，除以该行期初合计；结清、核销、放弃、出售、恢复正常各列一项，每行合计为 1。"
    "net_flow 为期末下一档余额除以期初本档余额。",
    (
        Measure("accounts", m.ACCOUNTS, m.ACCOUNTS, "by count", "按户数"),
        Measure("balance", m.MONEY, m.MONEY, "by opening balance", "按期初余额"),
        Measure("closing_balance", m.MONEY, m.MONEY, "closing balance by opening balance", "期末余额比期初余额"),
        Measure("net_flow", m.MONEY, m.MONEY, "net flow (not a roll rate)", "净流入率（非迁徙率）"),
    ),
    (TEAM, COLLECTOR),
)  # fmt: skip
_CURE = Kpi(
    "cure", "Cure rates", "恢复正常率",
    "Accounts in arrears on the first day that were cured within so many days (30) and stayed so for so many more "
    "(30), divided by the accounts in arrears on the first day. Cures after a plan, a relief or a waiver count apart "
    "from those by payment; self_cured had no permitted contact attempt before.",
    "期初拖欠账户中，若干天（30）内恢复正常且此后保持若干天（30）的户数，除以期初拖欠户数；"
    "因分期、纾困或减免而恢复的与还款恢复的分列；self_cured 指此前无许可联系者。",
    tuple(
        Measure(code, m.ACCOUNTS, m.ACCOUNTS, en, zh)
        for code, en, zh in (
            ("cured", "cured", "恢复正常"),
            ("by_payment", "cured by payment", "还款恢复"),
            ("by_restructuring", "cured by restructuring", "重组恢复"),
            ("self_cured", "self-cured", "自行恢复"),
            ("relapsed", "cured, and behind again too soon", "恢复后复发"),
        )
    ),
    _HELD,
    ("cure/1",),
)  # fmt: skip
_CONTACT = Kpi(
    "contact", "Contact and right-party rates", "接通率与本人接通率",
    "Right-party contacts divided by attempts, by attempts at which anybody was reached, and (cases with at least one) "
    "by cases attempted: three rates, since the sources each use another. connect is attempts that reached anybody "
    "divided by attempts.",
    "本人接通数分别除以拨打次数、接通次数，以及（至少一次本人接通的案件数）除以被联系案件数，三个口径并列；"
    "connect 为接通次数除以拨打次数。",
    (
        Measure("connect", m.CONNECTS, m.ATTEMPTS, "anybody reached, per attempt", "接通率（按次）"),
        Measure("right_party_per_attempt", m.CONNECTS, m.ATTEMPTS, "right party, per attempt", "本人接通率（按次）"),
        Measure("right_party_per_connect", m.CONNECTS, m.CONNECTS, "right party, per connect", "本人接通率（按接通）"),
        Measure("right_party_per_account", m.CASES, m.CASES, "right party, per account", "本人接通率（按户）"),
    ),
    _ALL,
    ("contact-outcomes/1",),
)  # fmt: skip
_PROMISE = Kpi(
    "promise", "Promise-to-pay rate", "承诺率",
    "Promises taken on a day on which the debtor was reached, divided by right-party contacts; promises that came in "
    "without such a contact are inbound, and stand apart.",
    "联系到本人当日取得的承诺数除以本人接通数；未经联系而主动作出的承诺单列为 inbound。",
    (
        Measure("promise_to_pay", m.PROMISES, m.CONNECTS, "outbound promises per right party", "承诺率（呼出）"),
        Measure("inbound", m.PROMISES, m.PROMISES, "inbound, of all promises", "主动承诺占比"),
    ),
    _HELD,
    ("contact-outcomes/1",),
)  # fmt: skip
_KEPT = Kpi(
    "promise-kept", "Promise-kept rate", "承诺兑现率",
    "By count: promises kept divided by promises that fell due in the period. By money: what came for them, at most "
    "what was promised, divided by what was promised. A promise that was amended is judged once, by its last terms; "
    "partly kept counts by money only; a bounced payment takes the judgement back.",
    "按笔数：已兑现承诺除以期内到期承诺；按金额：到账（不超过承诺额）除以到期承诺额。"
    "变更过的承诺按最后条款只判一次；部分兑现仅计金额；退票后重新判定。",
    (
        Measure("by_count", m.PROMISES, m.PROMISES, "kept, by count", "兑现率（笔数）"),
        Measure("by_money", m.MONEY, m.MONEY, "kept, by money", "兑现率（金额）"),
        Measure("not_judged", m.PROMISES, m.PROMISES, "fallen due, not judged yet", "到期未判定"),
    ),
    _HELD,
)  # fmt: skip
_RECOVERY = Kpi(
    "recovery", "Recovery rate", "回款率",
    "Cleared cash of the period (received less bounced less refunded) of the cases that were overdue when it began, "
    "divided by their overdue balance then; by_count: how many of them paid anything. Newly overdue cases are not in "
    "it. Waivers, write-offs and re-ageing are not cash.",
    "期初逾期案件在期内的净到账（收款减退票减退款）除以其期初逾期余额；by_count 为其中有还款的户数占比。"
    "不含期内新增逾期；减免、核销与重新计龄不是现金。",
    (
        Measure("by_money", m.MONEY, m.MONEY, "by money", "按金额"),
        Measure("by_count", m.CASES, m.CASES, "by count", "按户数"),
    ),
    _ALL,
)  # fmt: skip
_LIQUIDATION = Kpi(
    "liquidation", "Liquidation by vintage", "账龄组回收率",
    "For cases opened (or placed with an agency) in a month: cleared cash up to each age in months, divided by what "
    "was overdue when they came in. net takes off costs booked on those cases. Cash never counts against another "
    "month's intake.",
    "按开立（或委外）月份分组：截至各月龄的累计净到账除以进入时的逾期余额；net 扣除已登记到案件的成本。"
    "现金只与同组余额相比。",
    (
        Measure("opened", m.MONEY, m.MONEY, "since opening", "自开立", cumulative=True),
        Measure("opened_net", m.MONEY, m.MONEY, "since opening, less costs", "自开立（扣成本）", cumulative=True),
        Measure("placed", m.MONEY, m.MONEY, "since placement", "自委外", cumulative=True),
        Measure("placed_net", m.MONEY, m.MONEY, "since placement, less costs", "自委外（扣成本）", cumulative=True),
    ),
    _HELD,
)  # fmt: skip
_DAYS = Kpi(
    "days", "Days in collections", "催收周期",
    "closed: days from opening to end less days under a forced hold, mean and median, of cases that ended in the "
    "period. all: the Kaplan-Meier median over every case there is, so that old open ones are not left out.",
    "closed：期内结束案件自开立至结束的天数（扣除强制冻结天数）的均值与中位数；"
    "all：对全部案件（含未结）的 Kaplan-Meier 中位数。",
    (
        Measure("closed_mean", m.DAYS, m.CASES, "closed, mean", "已结均值"),
        Measure("closed_median", m.DAYS, m.CASES, "closed, median", "已结中位数", how=m.MEDIAN),
        Measure("all_median", m.DAYS, m.CASES, "all, median (Kaplan-Meier)", "全部中位数（KM）", how=m.SURVIVAL),
    ),
    _HELD,
    ("forced-holds/1",),
)  # fmt: skip
_COMPLAINTS = Kpi(
    "complaints", "Complaint rates", "投诉率",
    "Complaints per 1,000 active cases a month and per 10,000 permitted attempts, by the day they arrived (receipt) "
    "and by the day of what they are about (event); found right of those answered; median days to the answer; "
    "complaints of a case that had complained before.",
    "每千活跃案件月投诉数、每万次许可联系投诉数，分别按收到日（receipt）与事发日（event）；"
    "答复中认定属实占比；答复天数中位数；重复投诉占比。",
    (
        Measure("per_cases_by_receipt", m.COMPLAINTS, m.CASE_MONTHS, "per 1,000 cases a month, by receipt",
                "每千案件月（收到日）", per=1_000),
        Measure("per_cases_by_event", m.COMPLAINTS, m.CASE_MONTHS, "per 1,000 cases a month, by event",
                "每千案件月（事发日）", per=1_000),
        Measure("per_attempts_by_receipt", m.COMPLAINTS, m.ATTEMPTS, "per 10,000 attempts, by receipt",
                "每万次联系（收到日）", per=10_000),
        Measure("per_attempts_by_event", m.COMPLAINTS, m.ATTEMPTS, "per 10,000 attempts, by event",
                "每万次联系（事发日）", per=10_000),
        Measure("upheld", m.COMPLAINTS, m.ANSWERS, "breach found, of those answered", "认定属实占比"),
        Measure("days_to_answer", m.DAYS, m.ANSWERS, "median days to answer", "答复天数中位数", how=m.MEDIAN),
        Measure("repeat", m.COMPLAINTS, m.COMPLAINTS, "repeated, of all", "重复投诉占比"),
    ),
    _HELD,
)  # fmt: skip
_COST = Kpi(
    "cost", "Cost to collect", "单位回款成本",
    "Costs booked in the period (staff time, channel fees, agency commission, legal costs, overhead) divided by its "
    "cleared cash, and by the cases that were open in it. Legal costs that the debtor repays are a receipt, never a "
    "negative cost.",
    "期内登记成本（人工、渠道、委外佣金、法务、分摊）除以期内净到账，以及除以期内在催案件数；"
    "债务人偿还的法律费用计为收款，不作负成本。",
    (
        Measure("per_cash", m.MONEY, m.MONEY, "per unit of cleared cash", "每单位净到账"),
        Measure("per_account", m.MONEY, m.CASES, "per case worked", "每案件"),
        Measure("by_kind", m.MONEY, m.MONEY, "by kind of cost", "按成本类别"),
    ),
    _HELD,
)  # fmt: skip
_OVERDUE = Kpi(
    "overdue", "Overdue rate and portfolio at risk", "逾期率与风险贷款率",
    "The whole balance of accounts more than X days past due (not only what is in arrears), divided by the whole book, "
    "for X of 0, 30, 60 and 90; by money and by count. A balance in credit counts as nothing.",
    "逾期超过 X 天账户的全部余额（不仅是拖欠部分）除以全部账面余额，X 取 0、30、60、90；按金额与户数。贷方余额按零计。",
    (
        Measure("balance", m.MONEY, m.MONEY, "by balance", "按余额"),
        Measure("accounts", m.ACCOUNTS, m.ACCOUNTS, "by count", "按户数"),
    ),
    (),
)  # fmt: skip

KPIS: Mapping[str, Kpi] = {
    one.name: one
    for one in (
        _ROLL, _CURE, _CONTACT, _PROMISE, _KEPT, _RECOVERY, _LIQUIDATION, _DAYS, _COMPLAINTS, _COST, _OVERDUE,
    )
}  # fmt: skip
"""By name, in the order in which they are listed."""
PAR_ROWS = tuple(f"PAR-{days}" for days in PAR_DAYS)
