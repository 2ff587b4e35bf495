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
}  # fmt: skip
