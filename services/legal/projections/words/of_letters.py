"""Words for the steps of a lawyer's letter, in the shape of `of_matters.py`."""

OF_LETTERS: dict[str, tuple[str, str, str, str]] = {
    "LetterRequested": (
        "Letter requested", "申请律师函",
        "To the {role}[ {person}], in {language}, from {template}, on {on}.",
        "{on} 申请向{role}[ {person}]发律师函，语言 {language}，模板 {template}。",
    ),
    "LetterDrafted": (
        "Letter drafted", "律师函起草",
        "Drafted on {on} from {template} version {template_version}, {pages} pages: {claimed} claimed as of {as_of} on "
        "{debts}, answer within {answer_days} days; limitation {limitation}.",
        "{on} 按 {template} 第 {template_version} 版起草，共 {pages} 页：截至 {as_of} 主张 {claimed}（{debts}），"
        "限 {answer_days} 日答复；时效状态 {limitation}。",
    ),
    "LetterReturned": (
        "Letter sent back to the drafter", "律师函退回修改",
        "The reviewer wants it changed on {on}: {reason}.", "{on} 审核人退回修改：{reason}。",
    ),
    "LetterApproved": (
        "Letter approved", "律师函审核通过", "A second person approved the draft on {on}.", "{on} 第二人审核通过。",
    ),
    "LetterSigned": (
        "Letter signed", "律师函签章", "Signed by {firm} on {on}.", "{on} 由 {firm} 签章。",
    ),
    "LetterDispatchBegun": (
        "Dispatch begun", "律师函交付发送",
        "The contact service is asked to send it by {channel} on {on}, try {try_no}.",
        "{on} 交触达服务以{channel}发送（第 {try_no} 次）。",
    ),
    "LetterDispatched": (
        "Letter dispatched", "律师函发出",
        "By {channel} on {on}, try {try_no}.", "{on} 以{channel}发出（第 {try_no} 次）。",
    ),
    "LetterDispatchRefused": (
        "Dispatch refused", "律师函不予发出",
        "By {channel} on {on}: {rules}[; may be sent from {until}].",
        "{on} {channel}不予发出：{rules}[；可发送时间 {until}]。",
    ),
    "LetterDelivered": (
        "Letter delivered", "律师函送达",
        "Arrived on {on}, proved by {proof}; an answer is awaited until {answer_until}. Limitation restarts.",
        "{on} 送达，凭证：{proof}；答复期限 {answer_until}。诉讼时效中断、重新计算。",
    ),
    "LetterUndeliverable": (
        "Letter not delivered", "律师函未能送达", "Came back on {on}: {reason}.", "{on} 未能送达：{reason}。",
    ),
    "LetterAnswered": (
        "Letter answered", "律师函获答复", "An answer came on {on}: {answer}.", "{on} 收到答复：{answer}。",
    ),
    "LetterDeadlinePassed": (
        "No answer in time", "逾期未答复",
        "Nobody answered by {answer_until}.", "截至 {answer_until} 未获答复。",
    ),
    "LetterWithdrawn": ("Letter given up", "律师函撤回", "Given up on {on}: {reason}.", "{on} 撤回：{reason}。"),
    "LetterClosed": ("Letter closed", "律师函办结", "Closed on {on}: {reason}.", "{on} 办结：{reason}。"),
}  # fmt: skip
