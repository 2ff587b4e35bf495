"""Words for what bears on limitation, in the shape of `of_matters.py`."""

OF_PROOFS: dict[str, tuple[str, str, str, str]] = {
    "DebtJoined": ("Debt in the case", "债务归入案件", "Since {on}.", "自 {on} 起归入案件。"),
    "DebtLeft": ("Debt out of the case", "债务移出案件", "Since {on}.", "自 {on} 起移出案件。"),
    "ProofRecorded": (
        "Bears on limitation", "影响时效的事实",
        "{kind} on {on}, on {debts}, towards or by {person}; proved by {evidence}, told by {source}.",
        "{on} {kind}，涉 {debts}，相对人 {person}；凭证等级 {evidence}，来源 {source}。",
    ),
    "ProofRetracted": (
        "Proof does not stand", "凭证撤销",
        "Taken back on {on}: {reason}. It is as if it had never been.", "{on} 撤销：{reason}。视为自始不存在。",
    ),
    "ProofRestored": (
        "Proof stands again", "凭证恢复", "On {on}: {reason}.", "{on} 恢复：{reason}。",
    ),
    "GuaranteeTold": (
        "Guarantee", "保证", "{form} by {person}[, agreed until {until}], told for {on}.",
        "{on} {person} 提供{form}[，约定保证期间至 {until}]。",
    ),
    "JointDebtorTold": (
        "Joint debtor", "共同债务人",
        "{person} owes jointly since {on}.", "{on} 起 {person} 为共同债务人。",
    ),
    "RoleTaken": (
        "Role ended", "角色终止",
        "Somebody owes or guarantees no longer, since {on}.", "{on} 起不再负有债务或保证责任。",
    ),
    "InstalmentTold": (
        "Instalment in the book", "还款计划", "{instalment} falls due on {due} by the book.",
        "按账册，{instalment} 于 {due} 到期。",
    ),
    "EvidenceTold": (
        "Evidence of an earlier fact", "历史事实的凭证",
        "A fact from before go-live, of {on}, rests on {evidence}.", "上线前事实（{on}）的凭证等级：{evidence}。",
    ),
    "MatterLinked": ("Matter about the case", "关联法务事项", "Since {on}.", "{on} 关联法务事项。"),
    "LimitationNear": (
        "Limitation", "时效提醒",
        "{clock} of {person}: {within} as of {as_of}; last day {expires_on}.",
        "{person}的{clock}：截至 {as_of} {within}；末日 {expires_on}。",
    ),
}  # fmt: skip
