"""Words for the steps of a suit and of an order for payment, in the shape of `of_matters.py`."""

OF_SUITS: dict[str, tuple[str, str, str, str]] = {
    "SuitAssessed": (
        "Suit assessed", "拟起诉",
        "On {on}: {procedure} at {court} against {against} over {amount} ({cause}).",
        "{on} 拟以{procedure}向 {court} 起诉 {against}，标的 {amount}（{cause}）。",
    ),
    "SuitApproved": ("Suit approved", "批准起诉", "A second person agreed on {on}.", "{on} 第二人批准。"),
    "SuitRejected": ("Suit not approved", "不批准起诉", "On {on}: {reason}.", "{on} 不批准：{reason}。"),
    "SuitFiled": (
        "Suit filed", "起诉",
        "Filed on {on} over {amount}. Limitation restarts.", "{on} 提起诉讼，标的 {amount}。诉讼时效中断。",
    ),
    "SuitAccepted": (
        "Suit accepted", "立案",
        "The court took it up on {on}[; fee {fee}][, due {fee_due}].",
        "{on} 法院立案[；诉讼费 {fee}][，缴费期限 {fee_due}]。",
    ),
    "SuitNotAccepted": ("Suit not accepted", "不予受理", "On {on}: {reason}.", "{on} 裁定不予受理：{reason}。"),
    "CourtFeePaid": ("Court fee paid", "缴纳诉讼费", "{fee} on {on}.", "{on} 缴纳 {fee}。"),
    "SuitServed": (
        "Papers served", "送达应诉材料",
        "On {person} on {on}: {kind}.", "{on} 向 {person} 送达：{kind}。",
    ),
    "ServiceNoticePublished": (
        "Service by public notice", "公告送达",
        "Published on {on} in {medium}, for {person}.", "{on} 在 {medium} 公告送达 {person}。",
    ),
    "ServedByNotice": (
        "Served by notice", "公告期满视为送达",
        "The notice published on {published_on} counts as served on {person} on {on}.",
        "{published_on} 的公告于 {on} 期满，视为已向 {person} 送达。",
    ),
    "DefenceReceived": (
        "Defence received", "收到答辩",
        "From {person} on {on}; {limitation_pleaded}.", "{on} 收到 {person} 答辩；{limitation_pleaded}。",
    ),
    "SuitProcedureChanged": (
        "Procedure changed", "程序转换", "The court goes on in {procedure} since {on}: {reason}.",
        "{on} 转为{procedure}：{reason}。",
    ),
    "HearingSet": ("Hearing set", "排期开庭", "For {hearing_on}, told on {on}.", "{on} 通知：{hearing_on} 开庭。"),
    "SuitHeard": ("Suit heard", "开庭审理", "On {on}: {outcome}.", "{on} 开庭：{outcome}。"),
    "SuitMediated": (
        "Settled before the court", "法院调解",
        "On {on}: {amount} by {perform_by}.", "{on} 达成调解：{perform_by} 前支付 {amount}。",
    ),
    "SuitWithdrawn": ("Suit withdrawn", "撤诉", "On {on}: {reason}.", "{on} 撤诉：{reason}。"),
    "SuitDismissed": (
        "Suit dismissed", "驳回起诉", "Without a judgment of the claim, on {on}: {reason}.",
        "{on} 裁定驳回起诉：{reason}。",
    ),
    "JudgmentIssued": (
        "Judgment", "判决",
        "On {on}: {outcome}, {amount} within {perform_days} days of its taking effect; {limitation_upheld}.",
        "{on} 判决：{outcome}，生效后 {perform_days} 日内支付 {amount}；{limitation_upheld}。",
    ),
    "JudgmentServed": (
        "Judgment served", "送达判决书", "On {person} on {on}: {kind}.", "{on} 向 {person} 送达：{kind}。",
    ),
    "SuitAppealed": ("Appeal", "上诉", "By {by_side} on {on}.", "{on} {by_side}上诉。"),
    "AppealWithdrawn": (
        "Appeal withdrawn", "撤回上诉", "On {on}: {reason}. The first judgment is final.",
        "{on} 撤回上诉：{reason}。一审判决生效。",
    ),
    "AppealRemanded": (
        "Sent back on appeal", "发回重审", "On {on}: {reason}. The court of first instance has to go on.",
        "{on} 二审裁定：{reason}。由一审法院继续审理。",
    ),
    "AppealJudged": (
        "Appeal judged", "二审判决",
        "On {on}: {outcome}, {amount} within {perform_days} days.",
        "{on} 二审：{outcome}，{perform_days} 日内支付 {amount}。",
    ),
    "JudgmentEffective": (
        "Judgment in force", "判决生效",
        "In force since {on} ({because}): {amount}, to be performed by {perform_until}.",
        "{on} 生效（{because}）：{amount}，履行期至 {perform_until}。",
    ),
    "JudgmentPerformed": ("Judgment performed", "判决已履行", "{amount} on {on}.", "{on} 履行 {amount}。"),
}  # fmt: skip
OF_PAYMENT_ORDERS: dict[str, tuple[str, str, str, str]] = {
    "PaymentOrderAssessed": (
        "Order for payment assessed", "拟申请支付令",
        "On {on}: at {court} against {against} over {amount}.",
        "{on} 拟向 {court} 对 {against} 申请支付令，标的 {amount}。",
    ),
    "PaymentOrderApproved": (
        "Order for payment approved", "批准申请支付令", "A second person agreed on {on}.", "{on} 第二人批准。",
    ),
    "PaymentOrderRejected": (
        "Order for payment not approved", "不批准申请支付令", "On {on}: {reason}.", "{on} 不批准：{reason}。",
    ),
    "PaymentOrderApplied": (
        "Order for payment applied for", "申请支付令",
        "On {on} over {amount}. Limitation restarts.", "{on} 申请支付令，标的 {amount}。诉讼时效中断。",
    ),
    "PaymentOrderAccepted": (
        "Application accepted", "支付令申请受理", "On {on}[; fee {fee}].", "{on} 受理[；申请费 {fee}]。",
    ),
    "PaymentOrderRefused": (
        "Application turned down", "支付令申请驳回", "On {on}: {reason}.", "{on} 驳回：{reason}。",
    ),
    "PaymentOrderIssued": (
        "Order for payment issued", "发出支付令", "{amount} ordered on {on}.", "{on} 支付令：{amount}。",
    ),
    "PaymentOrderServed": (
        "Order for payment served", "支付令送达",
        "On {person} on {on}: {kind}. 15 days to pay or object.", "{on} 向 {person} 送达：{kind}。十五日内清偿或异议。",
    ),
    "PaymentOrderNotServed": (
        "Order for payment not served", "支付令未能送达",
        "On {on}: {reason}. The order is void.", "{on} 未能送达：{reason}。支付令失效。",
    ),
    "PaymentOrderObjected": (
        "Objection", "支付令异议",
        "By {person} on {on}: the order is void; {to_suit}.", "{on} {person} 提出异议，支付令失效；{to_suit}。",
    ),
    "PaymentOrderUnopposed": (
        "No objection in time", "支付令未获异议",
        "Nobody objected by {on}: it can be enforced; to be performed by {perform_until}.",
        "截至 {on} 无人异议，可申请执行；履行期至 {perform_until}。",
    ),
    "PaymentOrderPerformed": (
        "Order performed", "支付令已履行", "{amount} on {on}.", "{on} 履行 {amount}。",
    ),
    "PaymentOrderWithdrawn": (
        "Application withdrawn", "撤回支付令申请", "On {on}: {reason}.", "{on} 撤回：{reason}。",
    ),
}  # fmt: skip
