"""Words for the steps of an arbitration, in the shape of `of_matters.py`."""

OF_ARBITRATIONS: dict[str, tuple[str, str, str, str]] = {
    "ArbitrationAssessed": (
        "Arbitration assessed", "拟申请仲裁",
        "On {on}: at {institution} against {against} over {amount}.",
        "{on} 拟向 {institution} 对 {against} 申请仲裁，标的 {amount}。",
    ),
    "ClauseVerified": (
        "Arbitration clause verified", "仲裁条款核实", "Read and found to bind on {on}.", "{on} 核实仲裁条款有效。",
    ),
    "ClauseNotFound": (
        "No arbitration clause", "无有效仲裁条款", "On {on}: {reason}.", "{on} 无有效仲裁条款：{reason}。",
    ),
    "ArbitrationApproved": (
        "Arbitration approved", "批准申请仲裁", "A second person agreed on {on}.", "{on} 第二人批准。",
    ),
    "ArbitrationRejected": (
        "Arbitration not approved", "不批准申请仲裁", "On {on}: {reason}.", "{on} 不批准：{reason}。",
    ),
    "ArbitrationFiled": (
        "Arbitration filed", "申请仲裁",
        "Filed on {on} over {amount}. Limitation restarts.", "{on} 申请仲裁，标的 {amount}。诉讼时效中断。",
    ),
    "ArbitrationAccepted": (
        "Arbitration accepted", "仲裁受理", "Taken up on {on}[; fee {fee}].", "{on} 受理[；仲裁费 {fee}]。",
    ),
    "ArbitrationNotAccepted": (
        "Arbitration not accepted", "仲裁不予受理", "On {on}: {reason}.", "{on} 不予受理：{reason}。",
    ),
    "ArbitrationServed": (
        "Papers served", "送达仲裁材料", "On {person} on {on}: {kind}.", "{on} 向 {person} 送达：{kind}。",
    ),
    "TribunalFormed": (
        "Tribunal formed", "组成仲裁庭", "{arbitrators} arbitrators, on {on}.", "{on} 组庭，仲裁员 {arbitrators} 人。",
    ),
    "ArbitrationHearingSet": (
        "Hearing set", "排期开庭", "For {hearing_on}, told on {on}.", "{on} 通知：{hearing_on} 开庭。",
    ),
    "ArbitrationHeard": ("Arbitration heard", "仲裁开庭", "On {on}: {outcome}.", "{on} 开庭：{outcome}。"),
    "AwardIssued": (
        "Award", "仲裁裁决",
        "On {on}: {outcome}, {amount} to be performed by {perform_until}.",
        "{on} 裁决：{outcome}，{amount}，履行期至 {perform_until}。",
    ),
    "ArbitrationConciliated": (
        "Settled before the tribunal", "仲裁调解",
        "On {on}: {amount} by {perform_until}.", "{on} 达成调解：{perform_until} 前支付 {amount}。",
    ),
    "ArbitrationWithdrawn": (
        "Arbitration withdrawn", "撤回仲裁申请", "On {on}: {reason}.", "{on} 撤回：{reason}。",
    ),
    "AwardReceived": (
        "Award received", "收到裁决书",
        "By {person} on {on}: the time to ask for it to be set aside runs.",
        "{on} {person} 收到裁决书，申请撤销期限起算。",
    ),
    "AwardEffective": (
        "Award in force", "裁决生效",
        "In force since {on}: {amount}, to be performed by {perform_until}.",
        "{on} 生效：{amount}，履行期至 {perform_until}。",
    ),
    "AwardPerformed": ("Award performed", "裁决已履行", "{amount} on {on}.", "{on} 履行 {amount}。"),
    "SetAsideApplied": (
        "Setting aside asked for", "申请撤销裁决", "By {by_side} on {on}.", "{on} {by_side}申请撤销。",
    ),
    "AwardUpheld": ("Award upheld", "维持裁决", "By the court on {on}.", "{on} 法院驳回撤销申请，裁决维持。"),
    "AwardSetAside": (
        "Award set aside", "撤销裁决",
        "By the court on {on}: {reason}.", "{on} 法院撤销裁决：{reason}。",
    ),
    "EnforcementOfAwardRefused": (
        "Enforcement of the award refused", "不予执行裁决",
        "By the court on {on}: {reason}. The dispute may be brought again.",
        "{on} 法院裁定不予执行：{reason}。可另行仲裁或起诉。",
    ),
}  # fmt: skip
