"""Words for what a matter's stream says beside its steps: title and sentence in English, then in Chinese.

Fields stand in braces and are said as `saying.py` says them.
"""

OF_MATTERS: dict[str, tuple[str, str, str, str]] = {
    "MatterOpened": (
        "Matter opened", "法务事项开立",
        "Taken up on {on} ({reason})[; {owed} was owed].", "{on} 受理（{reason}）[；据报欠款 {owed}]。",
    ),
    "PartyNamed": (
        "Party named", "列明当事人",
        "Against the {role}[ {person}], on {debts}, since {on}[; {guarantee}][, until {until}].",
        "{on} 列明{role}[ {person}]，涉{debts}[；{guarantee}][，保证期间至 {until}]。",
    ),
    "PartyDropped": (
        "Party dropped", "撤回对当事人的主张",
        "No longer against that party since {on}: {reason}.", "{on} 起不再向该当事人主张：{reason}。",
    ),
    "ClaimStated": (
        "Claim stated", "列明债权",
        "As of {as_of} {owed} is owed on a debt, of which {claimed} is claimed ({reason}).",
        "截至 {as_of} 该笔欠款 {owed}，主张 {claimed}（{reason}）。",
    ),
    "FeasibilityAssessed": (
        "Prospects assessed", "诉讼可行性评估",
        "On {on}: cost {cost}, recovery {recovery} at {likelihood_percent} per cent; assets: {asset_signs}. "
        "Advice: {advice}.",
        "{on} 评估：成本 {cost}，预计回收 {recovery}（把握 {likelihood_percent}%）；"
        "财产线索：{asset_signs}。建议：{advice}。",
    ),
    "PlacedWithFirm": (
        "With a law firm", "委托律师事务所",
        "With {firm} (licence {licence}) from {on}[ until {until} (exclusive)].",
        "{on} 起委托 {firm}（执业许可证号 {licence}）[，至 {until}（不含）]。",
    ),
    "PlacementEnded": (
        "Mandate ended", "委托终止", "The firm has it no longer since {on}: {reason}.", "{on} 委托终止：{reason}。",
    ),
    "DocumentFiled": (
        "Paper on file", "文件归档",
        "{kind}[ of {pages} pages] put on file on {on}.", "{on} 归档：{kind}[，共 {pages} 页]。",
    ),
    "MediationOffered": (
        "Mediation offered", "提出调解", "Offered at {body} on {on}.", "{on} 提出在 {body} 调解。",
    ),
    "MediationAgreed": (
        "Agreed in mediation", "达成调解协议",
        "On {on} the debtor agreed to pay {amount} by {pay_by}; {confirmed}.",
        "{on} 债务人同意于 {pay_by} 前支付 {amount}；{confirmed}。",
    ),
    "MediationFailed": (
        "Mediation failed", "调解未果", "Ended without agreement on {on}: {reason}.", "{on} 调解未果：{reason}。",
    ),
    "DebtorRepresented": (
        "Attorney acts", "委托代理人",
        "Since {on} an attorney acts for {person}: only they are contacted.",
        "{on} 起 {person} 由代理人代理，此后仅联系代理人。",
    ),
    "RepresentationEnded": (
        "Attorney acts no longer", "代理终止", "Since {on}.", "自 {on} 起代理终止。",
    ),
    "MatterCostBooked": (
        "Cost booked", "记入费用",
        "{amount} on {on} for {kind}, borne by {borne_by}[; paid to {firm}].",
        "{on} {kind} {amount}，由{borne_by}承担[；收款方 {firm}]。",
    ),
    "MatterCostReversed": (
        "Cost taken back", "冲回费用", "Taken back on {on}: {reason}.", "{on} 冲回：{reason}。",
    ),
    "StepRetracted": (
        "Step retracted", "撤销步骤",
        "A step that never was, retracted on {on}: {reason}.", "{on} 撤销误录的步骤：{reason}。",
    ),
    "StepRefused": (
        "Step refused", "步骤被拒",
        "“{wanted}” was refused on {on} by {rule} ({source}), over {debts}.",
        "{on} “{wanted}”被拒：依 {rule}（{source}），涉{debts}。",
    ),
    "OverrideGiven": (
        "Let through", "特批放行",
        "A second person lets “{wanted}” through on {on}: {reason}.", "{on} 经第二人特批“{wanted}”：{reason}。",
    ),
    "DeadlineNear": (
        "Deadline", "期限提醒",
        "{deadline}: {within} as of {as_of}; last day {expires_on}.",
        "{deadline}：截至 {as_of} {within}；末日 {expires_on}。",
    ),
    "MatterClosed": ("Matter closed", "法务事项办结", "Closed on {on}: {outcome}.", "{on} 办结：{outcome}。"),
    "MatterReopened": (
        "Matter reopened", "法务事项重启", "It goes on since {on}: {reason}.", "{on} 重启：{reason}。",
    ),
    "CaseTurned": (
        "The case took a turn", "案件状态变化",
        "{what} on {on} by the case service ({reason}); the matter is as it was.",
        "{on} 案件服务告知：{what}（{reason}）；法务事项未变。",
    ),
    "MatterTold": (
        "Told the other services", "告知其他服务",
        "{what} as of {on}[: {code}][, {amount}][; {retracted}].",
        "{on} 告知：{what}[ {code}][，{amount}][；{retracted}]。",
    ),
}  # fmt: skip
