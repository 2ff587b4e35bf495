"""Words for what a book says of parties and accounts; the same shape as `life_words.LIFE`. Nobody is named."""

BOOK: dict[str, tuple[str, str, str, str]] = {
    "PartyRegistered": (
        "Party came into the book", "当事人入册", "{kind}, in the book since {on}.", "{kind}，自 {on} 入册。",
    ),
    "IdentityCorrected": (
        "Party corrected", "当事人信息更正",
        "The lender says otherwise who this is, as of {on} (revision {revision}).",
        "{on} 出借方更正当事人信息（第 {revision} 次更正）。",
    ),
    "ContactPointAdded": (
        "Way of contact added", "新增联系方式",
        "{medium} ({label}) from {source}, as of {on}.", "{on} 新增 {medium}（{label}），来源 {source}。",
    ),
    "ContactPointEnded": (
        "Way of contact ended", "联系方式失效", "Ended on {on}: {reason}.", "{on} 失效：{reason}。",
    ),
    "AccountBooked": (
        "Account booked", "账户入册",
        "{product} in {currency}, as of {on} (revision {revision}).",
        "{on} 入册：{product}，{currency}（第 {revision} 版）。",
    ),
    "AccountLeftBook": (
        "Account left the book", "账户出册", "Left on {on}: {reason}.", "{on} 出册：{reason}。",
    ),
    "RoleLinked": (
        "Role on the account", "账户角色", "A party is {kind} as of {on}.", "{on} 起当事人为 {kind}。",
    ),
    "RoleEnded": ("Role ended", "角色终止", "Ended on {on}.", "{on} 终止。"),
    "InstalmentScheduled": (
        "Instalment in the book", "还款计划",
        "Instalment {instalment}: {amounts} due on {due}, {paid} paid (revision {revision}).",
        "第 {instalment} 期：{due} 应还 {amounts}，已还 {paid}（第 {revision} 版）。",
    ),
    "InstalmentWithdrawn": (
        "Instalment withdrawn", "还款计划撤销",
        "Instalment {instalment} is in the book no longer, as of {on}.", "{on} 第 {instalment} 期移出还款计划。",
    ),
    "BalanceReported": (
        "Balance reported", "余额报送",
        "As of {as_of}: balance {balance}, overdue {overdue}, {days_past_due} days past due.",
        "截至 {as_of}：余额 {balance}，逾期 {overdue}，逾期 {days_past_due} 天。",
    ),
    "CollateralReferenced": (
        "Collateral", "担保物", "{kind} secures the account, as of {on}: {value}.", "{on} 担保物 {kind}：{value}。",
    ),
    "CollateralReleased": (
        "Collateral released", "担保解除", "Released on {on}.", "{on} 解除。",
    ),
}  # fmt: skip
