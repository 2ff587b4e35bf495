"""Words for what happens in a case's life: title and sentence in English, then in Chinese; fields stand in braces."""

LIFE: dict[str, tuple[str, str, str, str]] = {
    "DaySwept": (
        "Day swept", "日终处理完成",
        "{as_of} is over: {cases} cases looked at, {changed} changed.",
        "{as_of} 已处理：检查 {cases} 案，变动 {changed} 案。",
    ),
    "ArrearsCorrected": (
        "Arrears corrected", "欠款更正",
        "For {as_of}, now {arrears} in arrears and {days_past_due} days past due (revision {revision}).",
        "{as_of} 更正为：拖欠 {arrears}，逾期 {days_past_due} 天（第 {revision} 次更正）。",
    ),
    "DebtAttached": (
        "Debt joined", "账户加入案件",
        "An account joined on {on}: {arrears} in arrears, {days_past_due} days past due.",
        "{on} 一个账户加入案件：拖欠 {arrears}，逾期 {days_past_due} 天。",
    ),
    "DebtDetached": (
        "Debt left", "账户移出案件", "An account left on {on}: {reason}.", "{on} 一个账户移出案件：{reason}。",
    ),
    "InstalmentFellDue": (
        "Instalment fell due", "分期到期", "{amounts} fell due on {on}.", "{on} 到期应还 {amounts}。",
    ),
    "ChargeBooked": (
        "Charge booked", "记入费用", "{amounts} booked on {on}: {reason}.", "{on} 记入 {amounts}：{reason}。",
    ),
    "BalanceAdjusted": (
        "Balance adjusted", "余额调整", "What is owed changed by {amounts} on {on}.", "{on} 欠款调整 {amounts}。",
    ),
    "PenaltyTermsSet": (
        "Penalty interest set", "设定罚息",
        "{ppm_per_day} parts per million a day from {on}.", "自 {on} 起每日百万分之 {ppm_per_day}。",
    ),
    "PenaltyInterestAccrued": (
        "Penalty interest accrued", "计提罚息",
        "By {as_of} penalty interest is {total} ({change} more).", "截至 {as_of} 罚息 {total}（变动 {change}）。",
    ),
    "AuditSearched": (
        "Audit trail searched", "检索审计记录",
        "Up to positions {heads}; debtor: {debtor}.", "截至位置 {heads}；债务人：{debtor}。",
    ),
    "PaymentEntered": (
        "Payment entered", "还款录入",
        "{source} reports {amount} with value date {on} ({channel}).",
        "{source} 报送 {amount}，起息日 {on}（{channel}）。",
    ),
    "PaymentMatched": (
        "Payment matched", "还款已匹配",
        "Matched to a case on {on}: {amount} ({rule}).", "{on} 匹配到案件：{amount}（{rule}）。",
    ),
    "PaymentUnmatched": (
        "Payment not matched", "还款待匹配",
        "No case was found on {on}: {reason}.", "{on} 未找到对应案件：{reason}。",
    ),
    "PaymentMismatchDiscovered": (
        "Payment was mismatched", "还款匹配有误",
        "{amount} left the case again, found on {on}: {reason}.", "{on} 发现匹配有误，{amount} 移出案件：{reason}。",
    ),
    "PaymentEntryReversed": (
        "Payment taken back", "还款撤回",
        "{amount} was taken back on {on}: {reason}.", "{on} 撤回 {amount}：{reason}。",
    ),
    "ReturnEntered": (
        "Return entered", "退回录入",
        "{source} reports that {amount} went back with value date {on}: {reason}.",
        "{source} 报送退回 {amount}，起息日 {on}：{reason}。",
    ),
    "ReturnMatched": (
        "Return matched", "退回已匹配",
        "Matched to a payment on {on}: {amount} ({rule}).", "{on} 匹配到还款：{amount}（{rule}）。",
    ),
    "ReturnUnmatched": (
        "Return not matched", "退回待匹配",
        "The payment was not found on {on}: {reason}.", "{on} 未找到对应还款：{reason}。",
    ),
    "ReferenceTraced": (
        "Bank reference traced", "登记银行流水号", "A payment or return bears it since {on}.",
        "自 {on} 起有还款或退回使用该流水号。",
    ),
    "PaymentAllocated": (
        "Payment allocated", "还款入账",
        "{amounts} put on what is owed, {unallocated} left over.", "{amounts} 冲抵欠款，余 {unallocated}。",
    ),
    "AllocationReversed": (
        "Allocation reversed", "入账冲回",
        "{amounts} is owed again as of {as_of}.", "截至 {as_of} 冲回 {amounts}，重新计为欠款。",
    ),
    "PaymentReturned": (
        "Payment bounced", "还款退回", "{amount} bounced on {on}: {reason}.", "{on} 退回 {amount}：{reason}。",
    ),
    "OverpaymentFound": (
        "Overpaid", "发现多还款",
        "{amount} more than was owed came in by {as_of}.", "截至 {as_of} 多还 {amount}。",
    ),
    "RefundPaid": ("Refund paid", "退款", "{amount} went back on {on}.", "{on} 退还 {amount}。"),
    "PromiseToPay": (
        "Promise taken", "承诺还款", "{amount} promised by {due}.", "承诺于 {due} 前还款 {amount}。",
    ),
    "PromiseAmended": (
        "Promise changed", "还款承诺变更", "Now {amount} by {due}, changed on {on}.",
        "{on} 变更为：{due} 前还款 {amount}。",
    ),
    "PromiseCancelled": (
        "Promise taken back", "承诺撤回", "Taken back on {on}: {reason}.", "{on} 撤回：{reason}。",
    ),
    "PromiseKept": (
        "Promise kept", "承诺已兑现",
        "{appropriated} came in, as of {as_of}.", "截至 {as_of} 到账 {appropriated}。",
    ),
    "PromisePartlyKept": (
        "Promise partly kept", "承诺部分兑现",
        "Only {appropriated} came in, as of {as_of}.", "截至 {as_of} 仅到账 {appropriated}。",
    ),
    "PromiseBroken": (
        "Promise broken", "承诺未兑现", "Not enough came in by {as_of}.", "截至 {as_of} 到账不足。",
    ),
    "PromiseReopened": (
        "Promise judged again", "承诺重新判定",
        "Later facts changed what was {previous}, as of {as_of}.", "截至 {as_of}，后续事实改变了原判定 {previous}。",
    ),
    "PlanQuoted": (
        "Plan quoted", "分期报价", "{total} in instalments; the quote ends on {expires}.",
        "分期总额 {total}；报价于 {expires} 失效。",
    ),
    "PlanOffered": (
        "Plan offered", "提出分期方案", "Put to the debtor on {on}.", "{on} 向债务人提出分期方案。",
    ),
    "PlanAgreed": (
        "Plan agreed", "分期计划达成", "{total} in instalments, agreed on {on}.", "{on} 达成分期，总额 {total}。",
    ),
    "PlanTerminated": (
        "Plan ended early", "分期计划提前终止", "Ended on {on}: {reason}.", "{on} 终止：{reason}。",
    ),
    "PlanInstalmentPaid": (
        "Instalment paid", "分期已还", "Instalment {number} was paid by {as_of}.", "第 {number} 期于 {as_of} 前已还。",
    ),
    "PlanInstalmentMissed": (
        "Instalment missed", "分期未还", "Instalment {number} was not paid by {as_of}.",
        "第 {number} 期截至 {as_of} 未还。",
    ),
    "PlanInstalmentReopened": (
        "Instalment open again", "分期重新待还",
        "Later facts changed what was {previous} of instalment {number}, as of {as_of}.",
        "截至 {as_of}，后续事实改变了第 {number} 期的原判定 {previous}。",
    ),
    "PlanBreached": (
        "Plan breached", "分期违约", "As of {as_of}; it can be cured until {cure_by}.",
        "截至 {as_of} 违约，可在 {cure_by} 前补救。",
    ),
    "PlanBreachCured": (
        "Breach cured", "违约已补救", "The plan goes on, as of {as_of}.", "截至 {as_of} 分期计划继续。",
    ),
    "PlanDefaulted": (
        "Plan failed", "分期计划失败", "The breach was not cured by {as_of}.", "截至 {as_of} 违约未补救。",
    ),
    "PlanCompleted": (
        "Plan completed", "分期计划完成", "All instalments were paid by {as_of}.", "截至 {as_of} 全部分期已还。",
    ),
    "PlanReopened": (
        "Plan judged again", "分期计划重新判定",
        "Later facts changed what was {previous}, as of {as_of}.", "截至 {as_of}，后续事实改变了原判定 {previous}。",
    ),
    "PlanReplaced": (
        "Plan replaced", "分期计划被取代", "A later plan took its place on {as_of}.", "{as_of} 由后一分期计划取代。",
    ),
    "HoldPlaced": (
        "Collecting paused", "暂停催收", "{kind} from {on} until {until}: {reason}.",
        "{kind}，自 {on} 至 {until}：{reason}。",
    ),
    "HoldLifted": ("Pause ended", "恢复催收", "Ended on {on}: {reason}.", "{on} 结束：{reason}。"),
    "HoldExpired": ("Pause ended", "恢复催收", "Its day came: {as_of}.", "{as_of} 到期。"),
    "HardshipClaimed": (
        "Hardship claimed", "申报困难", "The debtor claimed hardship on {on}.", "{on} 债务人申报困难。",
    ),
    "ReliefGranted": (
        "Relief granted", "给予纾困", "From {on} until {until}: {measures}.", "自 {on} 至 {until}：{measures}。",
    ),
    "ReliefExtended": (
        "Relief extended", "救济延期",
        "On {on} it was given until {until} (exclusive).", "{on} 延长至 {until}（不含）。",
    ),
    "ReliefReviewFellDue": (
        "Relief to be reviewed", "救济到期复核",
        "Review number {number} is due on {as_of}.", "第 {number} 次复核于 {as_of} 到期。",
    ),
    "DisputeAnswerFellDue": (
        "Dispute not answered in time", "异议逾期未答复",
        "No decision by {as_of}, the day for it.", "截至答复期限 {as_of} 仍未作出结论。",
    ),
    "ComplaintAnswerFellDue": (
        "Complaint not answered in time", "投诉逾期未答复",
        "No answer by {as_of}, the day for it.", "截至答复期限 {as_of} 仍未答复。",
    ),
    "FirstContactFellDue": (
        "First contact overdue", "首次联系逾期",
        "Opened on {opened_on}; nobody had tried to reach the debtor by {as_of}.",
        "{opened_on} 开立；截至 {as_of} 尚无人联系债务人。",
    ),
    "FellDueRetracted": (
        "Not overdue after all", "逾期更正",
        "{what}, due on {due_on}, had been done in time, as is known on {as_of}.",
        "{what}（期限 {due_on}）按 {as_of} 所知并未逾期。",
    ),
    "ReliefDeclined": (
        "Relief declined", "未予纾困", "Declined on {on}: {reason}.", "{on} 未予纾困：{reason}。",
    ),
    "ReliefEnded": ("Relief ended", "纾困结束", "Ended on {on}: {reason}.", "{on} 结束：{reason}。"),
    "DisputeRaised": (
        "Dispute raised", "提出异议", "{scope}, {amount}; to be answered by {answer_by}.",
        "{scope}，{amount}；须于 {answer_by} 前答复。",
    ),
    "DisputeAcknowledged": (
        "Dispute acknowledged", "异议已受理", "The debtor was told on {on} that it is looked into.",
        "{on} 告知债务人异议已受理。",
    ),
    "DisputeReopened": (
        "Dispute opened again", "异议重新受理", "New material on {on}; to be answered by {answer_by}.",
        "{on} 提交新材料，须于 {answer_by} 前答复。",
    ),
    "DisputeUpheld": ("Dispute upheld", "异议成立", "Upheld on {on}.", "{on} 认定异议成立。"),
    "DisputePartlyUpheld": (
        "Dispute partly upheld", "异议部分成立", "Partly upheld on {on}.", "{on} 认定异议部分成立。",
    ),
    "DisputeRejected": ("Dispute rejected", "异议不成立", "Rejected on {on}.", "{on} 认定异议不成立。"),
    "DisputeFoundDuplicate": (
        "Dispute is a duplicate", "重复异议", "Found on {on} to repeat an earlier one.", "{on} 认定与先前异议重复。",
    ),
    "DisputeWithdrawn": ("Dispute withdrawn", "异议撤回", "Withdrawn on {on}.", "{on} 撤回异议。"),
    "ComplaintReceived": (
        "Complaint received", "收到投诉", "{kind}; to be answered by {answer_by}.",
        "{kind}；须于 {answer_by} 前答复。",
    ),
    "ComplaintAnswered": (
        "Complaint answered", "投诉已答复", "Answered on {on}: {finding}; redress {redress}.",
        "{on} 答复：{finding}；补偿 {redress}。",
    ),
    "ComplaintEscalated": (
        "Complaint escalated", "投诉升级", "Went to {to} on {on}.", "{on} 升级至 {to}。",
    ),
    "DeathReported": (
        "Death reported", "据报身故", "The debtor is said to have died (reported {on}).", "{on} 据报债务人身故。",
    ),
    "DeathConfirmed": (
        "Death confirmed", "确认身故", "The debtor's death was confirmed on {on}.", "{on} 确认债务人身故。",
    ),
    "IncapacityRecorded": (
        "Incapacity recorded", "丧失行为能力", "The debtor lost legal capacity ({on}).", "{on} 债务人丧失行为能力。",
    ),
    "ReportRetracted": (
        "Report taken back", "撤销报告", "The report no longer holds since {on}: {reason}.",
        "自 {on} 起该报告不再成立：{reason}。",
    ),
    "SettlementProposed": (
        "Settlement offered", "提出和解", "{amount} instead of {owed}, paid by {pay_by}.",
        "以 {amount} 了结 {owed}，须于 {pay_by} 前付清。",
    ),
    "SettlementApproved": (
        "Settlement approved", "和解获批", "Approved by a second person on {on}.", "{on} 由第二人批准。",
    ),
    "SettlementRejected": (
        "Settlement rejected", "和解被否", "Rejected on {on}: {reason}.", "{on} 否决：{reason}。",
    ),
    "SettlementLapsed": (
        "Settlement lapsed", "和解失效", "Nothing came of it by {as_of}.", "截至 {as_of} 未履行，和解失效。",
    ),
    "Settled": (
        "Settled", "已和解结清", "{paid} paid and {waived} given up, as of {as_of}.",
        "截至 {as_of} 已付 {paid}，减免 {waived}。",
    ),
    "SettlementDefaulted": (
        "Settlement not paid", "和解违约", "Only {paid} came in by {as_of}.", "截至 {as_of} 仅付 {paid}。",
    ),
    "OriginalDebtRevived": (
        "Original debt revived", "恢复原债务", "{owed} is owed again, as of {as_of}.", "截至 {as_of} 恢复欠款 {owed}。",
    ),
    "WaiverProposed": (
        "Waiver proposed", "申请减免", "{amounts} asked to be waived on {on}: {reason}.",
        "{on} 申请减免 {amounts}：{reason}。",
    ),
    "WaiverApproved": (
        "Waiver approved", "减免获批", "Approved by a second person on {on}.", "{on} 由第二人批准。",
    ),
    "WaiverRejected": (
        "Waiver rejected", "减免被否", "Rejected on {on}: {reason}.", "{on} 否决：{reason}。",
    ),
    "HandlingModeChanged": (
        "Other hands", "处理方变更", "From {previous} to {mode}, as of {as_of}.",
        "截至 {as_of} 由 {previous} 转为 {mode}。",
    ),
    "DebtPlacedWithAgency": (
        "Placed with an agency", "委外催收", "With {agency} from {on} until {until}.",
        "自 {on} 至 {until} 委托 {agency}。",
    ),
    "RecallRequested": (
        "Recall asked for", "要求召回", "Asked for on {on}: {reason}.", "{on} 要求召回：{reason}。",
    ),
    "RecallConfirmed": (
        "Recall confirmed", "召回确认", "The agency confirmed it on {on}.", "{on} 委外机构确认召回。",
    ),
    "PlacementExpired": (
        "Placement ended", "委外到期", "Its day came: {as_of}.", "{as_of} 委外到期。",
    ),
    "LegalReferred": (
        "Handed to legal", "移交法务", "{owed} owed, handed over on {on}: {reason}.",
        "{on} 移交法务，欠款 {owed}：{reason}。",
    ),
    "LegalReferralEnded": (
        "Back from legal", "法务处理结束", "Ended on {on}: {outcome}.", "{on} 结束：{outcome}。",
    ),
    "LegalReferralRefused": (
        "Legal may not have it", "法务接手受阻",
        "The legal service took it up on {on}; it cannot be handed over: {reason} ({because}).",
        "{on} 法务自行接手，但不得移交：{reason}（{because}）。",
    ),
    "CaseAllocated": (
        "Case assigned", "案件分派", "Given to a collector on {on}: {reason}.", "{on} 分派给催收员：{reason}。",
    ),
    "CaseSkipped": (
        "Case skipped", "跳过案件", "Passed by in queue {queue} on {on}, until {until}: {reason}.",
        "{on} 在队列 {queue} 中跳过，至 {until}：{reason}。",
    ),
    "DebtChargedOff": (
        "Charged off", "账面核销", "{amount} recognised as a loss on {on}; it is still owed.",
        "{on} 账面核销 {amount}，债务仍在。",
    ),
    "ChargeOffReversed": (
        "Charge-off taken back", "撤销账面核销", "Taken back on {on}: {reason}.", "{on} 撤销：{reason}。",
    ),
    "WriteOffProposed": (
        "Write-off proposed", "申请放弃债权", "To give {owed} up, proposed on {on}: {reason}.",
        "{on} 申请放弃 {owed}：{reason}。",
    ),
    "WriteOffRejected": (
        "Write-off rejected", "放弃债权被否", "Rejected on {on}: {reason}.", "{on} 否决：{reason}。",
    ),
    "DebtWrittenOff": (
        "Debt written off", "放弃债权", "{owed} was given up on {on}.", "{on} 放弃债权 {owed}。",
    ),
    "CaseReopened": (
        "Case reopened", "案件重新开立", "Reopened as of {as_of}: {reason}.", "截至 {as_of} 重新开立：{reason}。",
    ),
    "ContactAttempted": (
        "Contact attempted", "联系记录", "{channel} on {on}: {outcome}; against: {breach}.",
        "{on} {channel}：{outcome}；违反：{breach}。",
    ),
    "ContactRevised": (
        "Contact attempt looked at again", "联系记录更新",
        "Of {on}: {outcome}; against: {breach}; retracted: {retracted}.",
        "{on} 的联系：{outcome}；违反：{breach}；撤回：{retracted}。",
    ),
    "ContactRefused": (
        "Contact not allowed", "不予联系", "{channel} on {on}; rules: {rules}; again from: {until}.",
        "{on} {channel}；依据规则：{rules}；可再次申请：{until}。",
    ),
    "CircumstanceRecorded": (
        "Circumstance recorded", "情况登记", "{topic}, recorded on {on}.", "{on} 登记：{topic}。",
    ),
    "CostBooked": (
        "Cost booked", "登记成本",
        "{kind}: {amount} on {on}, from {source}.", "{on} {kind}：{amount}，来源 {source}。",
    ),
    "CostReversed": (
        "Cost reversed", "冲回成本", "{amount} reversed on {on}: {reason}.", "{on} 冲回 {amount}：{reason}。",
    ),
    "TargetSet": (
        "Recovery target set", "设定回款目标",
        "Team {team}, month of {month}: {amount} (revision {revision}).",
        "团队 {team}，{month} 当月：{amount}（第 {revision} 版）。",
    ),
}  # fmt: skip
