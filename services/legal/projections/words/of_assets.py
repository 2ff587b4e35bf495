"""Words for the steps of preservation and of enforcement, in the shape of `of_matters.py`."""

OF_PRESERVATIONS: dict[str, tuple[str, str, str, str]] = {
    "PreservationApplied": (
        "Preservation applied for", "申请财产保全",
        "On {on}, {phase}, at {court} against {against} over {amount}.",
        "{on} 向 {court} 对 {against} 申请{phase}保全，标的 {amount}。",
    ),
    "SecurityGiven": ("Security given", "提供担保", "{kind} of {amount} on {on}.", "{on} 提供{kind} {amount}。"),
    "PreservationRuled": (
        "Preservation ordered", "裁定保全", "For {amount}, on {on}.", "{on} 裁定保全 {amount}。",
    ),
    "PreservationRefused": (
        "Preservation refused", "驳回保全申请", "On {on}: {reason}.", "{on} 驳回：{reason}。",
    ),
    "PreservationExecuted": (
        "Preservation carried out", "保全执行",
        "{asset} for {amount} on {on}, until {until}.", "{on} 保全{asset} {amount}，至 {until}。",
    ),
    "PreservationRenewalAsked": (
        "Renewal asked for", "申请续行保全", "On {on}.", "{on} 申请续行保全。",
    ),
    "PreservationRenewed": ("Preservation renewed", "续行保全", "On {on}, until {until}.", "{on} 续行保全至 {until}。"),
    "PreservationLapsed": ("Preservation lapsed", "保全失效", "On {on}: {reason}.", "{on} 保全失效：{reason}。"),
    "PreservationLifted": ("Preservation lifted", "解除保全", "On {on}: {reason}.", "{on} 解除：{reason}。"),
    "PreservationConverted": (
        "Preservation goes over", "保全转入后续程序",
        "Into the procedure that follows, on {on}, without a gap.", "{on} 自动转入后续程序，效力不间断。",
    ),
}  # fmt: skip
OF_ENFORCEMENTS: dict[str, tuple[str, str, str, str]] = {
    "EnforcementApplied": (
        "Enforcement applied for", "申请执行",
        "On {on} at {court} against {against} over {amount}.", "{on} 向 {court} 对 {against} 申请执行，标的 {amount}。",
    ),
    "EnforcementAccepted": ("Enforcement accepted", "执行立案", "Taken up on {on}.", "{on} 立案执行。"),
    "EnforcementNotAccepted": (
        "Enforcement not accepted", "执行不予受理", "On {on}: {reason}.", "{on} 不予受理：{reason}。",
    ),
    "EnforcementNoticeServed": (
        "Told to perform", "送达执行通知", "{person} on {on}: {kind}.", "{on} 向 {person} 送达：{kind}。",
    ),
    "AssetsSearched": ("Assets searched for", "财产查控", "On {on}, found: {found}.", "{on} 查控结果：{found}。"),
    "AssetSeized": (
        "Asset seized", "查封、扣押、冻结", "{kind} worth {amount} on {on}, until {until}.",
        "{on} 查控{kind} {amount}，至 {until}。",
    ),
    "AssetReleased": ("Asset released", "解除查封", "On {on}: {reason}.", "{on} 解除：{reason}。"),
    "AssetAppraised": ("Asset appraised", "评估财产", "At {value} on {on}.", "{on} 评估价 {value}。"),
    "AuctionHeld": (
        "Auction", "拍卖", "Round {round} on {on}: {outcome}[, price {price}].",
        "{on} 第 {round} 次拍卖：{outcome}[，成交价 {price}]。",
    ),
    "ProceedsDistributed": (
        "Proceeds distributed", "分配执行款", "{amount} on {on}, of which {to_us} to the lender.",
        "{on} 分配 {amount}，其中归出借方 {to_us}。",
    ),
    "EnforcementSatisfied": ("Satisfied in full", "执行完毕", "{amount} on {on}.", "{on} 执行完毕 {amount}。"),
    "EnforcementTerminatedForNow": (
        "Ended for now", "终结本次执行程序", "On {on}: {reason}. It can be resumed at any time.",
        "{on} 终本：{reason}。可随时恢复执行。",
    ),
    "EnforcementResumed": (
        "Enforcement resumed", "恢复执行", "On {on}, found: {found}.", "{on} 恢复执行，发现：{found}。",
    ),
    "EnforcementClosed": ("Enforcement closed", "终结执行", "On {on}: {reason}.", "{on} 终结执行：{reason}。"),
}  # fmt: skip
