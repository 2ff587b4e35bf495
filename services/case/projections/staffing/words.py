"""Words for what is said of the staff and of how cases are shared out, as in `life_words.LIFE`. Nobody is named."""

STAFFING: dict[str, tuple[str, str, str, str]] = {
    "StaffRegistered": (
        "Joined", "入职登记", "{role} in team {team} from {on}.", "自 {on} 起任 {team} 组 {role}。",
    ),
    "StaffRenamed": ("Name changed", "姓名变更", "Another name from {on}.", "自 {on} 起变更姓名。"),
    "TeamChanged": (
        "Team changed", "调组", "From team {previous} to {team} on {on}.", "{on} 由 {previous} 组调至 {team} 组。",
    ),
    "RoleChanged": (
        "Role changed", "岗位变更", "From {previous} to {role} on {on}.", "{on} 由 {previous} 变更为 {role}。",
    ),
    "SkillsChanged": (
        "Skills changed", "技能变更",
        "From {on}: stages {stages}, products {products}, languages {languages}.",
        "自 {on}：阶段 {stages}，产品 {products}，语言 {languages}。",
    ),
    "CaseCapChanged": (
        "Cap changed", "案件上限变更", "At most {cap} open cases from {on}.", "自 {on} 起在手案件上限 {cap}。",
    ),
    "LeaveTaken": (
        "Leave", "休假", "{kind} from {on} until {until} (exclusive).", "{kind}，自 {on} 至 {until}（不含）。",
    ),
    "LeaveCancelled": ("Leave ended", "休假结束", "Back on {on}.", "{on} 返岗。"),
    "StaffLeft": ("Left", "离职", "Works no more from {on}: {reason}.", "自 {on} 起离职：{reason}。"),
    "StaffReturned": ("Came back", "复职", "Works again from {on}.", "自 {on} 起复职。"),
    "AllocationRun": (
        "Cases shared out", "批量分案",
        "On {on} by {seed}: {given} given, {kept} kept, {left} left over, {refused} refused.",
        "{on}（种子 {seed}）：分派 {given}，保留 {kept}，未分 {left}，拒绝 {refused}。",
    ),
    "AllocationShared": ("Part of a plan to share out", "分案明细", "Part {part}.", "第 {part} 部分。"),
    "AllocationFinished": (
        "Sharing out finished", "分案完成", "{given} cases are with their collectors since {on}.",
        "{on} 完成分派 {given} 案。",
    ),
    "RetentionRequested": (
        "Retention asked for", "申请留案", "To be kept until {until}, asked for on {on}: {reason}.",
        "{on} 申请留案至 {until}：{reason}。",
    ),
    "CaseRetained": (
        "Case retained", "留案获批", "Its collector keeps it, as a second person agreed on {on}.",
        "{on} 由第二人批准留案。",
    ),
    "RetentionDeclined": (
        "Retention declined", "留案未获批", "Declined on {on}: {reason}.", "{on} 未获批准：{reason}。",
    ),
    "RetentionEnded": ("Retention ended", "留案结束", "Ended on {on}: {reason}.", "{on} 结束：{reason}。"),
    "RetentionExpired": (
        "Retention expired", "留案到期", "Its day came, or the case went to another: {as_of}.",
        "{as_of} 到期或案件已转出。",
    ),
    "AssistanceRequested": (
        "Help asked for", "申请协催", "{kind} help until {until}, asked for on {on}: {reason}.",
        "{on} 申请 {kind} 协催至 {until}：{reason}。",
    ),
    "AssistanceGranted": (
        "Help agreed to", "协催获批", "Somebody helps from {on} until {until}, as a second person agreed.",
        "{on} 由第二人批准，协催至 {until}。",
    ),
    "AssistanceDeclined": (
        "Help declined", "协催未获批", "Declined on {on}: {reason}.", "{on} 未获批准：{reason}。",
    ),
    "AssistanceEnded": ("Help ended", "协催结束", "Ended on {on}: {reason}.", "{on} 结束：{reason}。"),
    "AssistanceExpired": ("Help expired", "协催到期", "Its day came: {as_of}.", "{as_of} 到期。"),
}  # fmt: skip
