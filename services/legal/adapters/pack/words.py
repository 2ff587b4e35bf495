"""The words of a pack in both languages, by key."""

WORDS: dict[str, tuple[str, str]] = {
    "pack": ("Evidence pack", "证据包"),
    "case": ("Case", "案件"),
    "as_of": ("As of the end of", "截至"),
    "law": ("Rules applied", "适用规则"),
    "number": ("Pack", "证据包编号"),
    "footer": ("Made from records of events; hashes in the manifest", "依据事件记录生成，校验值见清单"),
    "timeline": ("What happened", "案件经过"),
    "contacts": ("Contacts", "联系记录"),
    "balance": ("Balance and parties", "欠款余额与当事人"),
    "letters": ("Lawyers' letters", "律师函"),
    "deliveries": ("Proofs of delivery", "送达证明"),
    "limitation": ("Limitation", "诉讼时效"),
    "matters": ("Legal proceedings", "法律程序"),
    "documents": ("Documents by their hashes", "文件及校验值"),
    "proofs": ("Proofs of the events", "事件证明"),
    "manifest": ("Manifest", "清单"),
    "time": ("Time", "时间"),
    "day": ("Day", "日期"),
    "what": ("What", "事项"),
    "said": ("In words", "内容"),
    "service": ("Kept by", "记录方"),
    "channel": ("Channel", "渠道"),
    "direction": ("Direction", "方向"),
    "outcome": ("Outcome", "结果"),
    "rules": ("Rules broken", "违反规则"),
    "id": ("Id", "编号"),
    "debt": ("Debt", "债务"),
    "tail": ("Account ends in", "账户尾号"),
    "costs": ("Costs", "费用"),
    "interest": ("Interest", "利息"),
    "penalty": ("Late charges", "违约金"),
    "principal": ("Principal", "本金"),
    "total": ("Total", "合计"),
    "role": ("Role", "身份"),
    "name": ("Name", "姓名"),
    "identity_no": ("Identity number", "证件号码"),
    "address": ("Addresses", "地址"),
    "person": ("Person", "人员"),
    "letter": ("Letter", "函件"),
    "status": ("Status", "状态"),
    "sha256": ("SHA-256", "SHA-256 校验值"),
    "again": ("Made again", "重新生成"),
    "same": ("the same bytes", "字节一致"),
    "not_same": ("could not be made again", "无法重新生成"),
    "evidence": ("Rests on", "依据"),
    "medium": ("How", "方式"),
    "retracted": ("Retracted", "已撤回"),
    "period": ("Period", "期间"),
    "expires_on": ("Last day", "届满日"),
    "raw_on": ("Last day before it rolls", "顺延前届满日"),
    "effect": ("Effect", "效果"),
    "article": ("Article", "法条"),
    "weakest": ("Weakest link", "最弱环节"),
    "advice": ("What would prove it better", "补强建议"),
    "without": ("Without it", "若无此证明"),
    "kind": ("Kind", "类型"),
    "document": ("Document", "文件"),
    "used_by": ("Used by", "出处"),
    "position": ("Position", "位置"),
    "leaf": ("Leaf hash", "叶哈希"),
    "event": ("Event", "事件"),
    "log": ("Log", "日志"),
    "file": ("File", "文件名"),
    "size": ("Bytes", "字节数"),
    "gap": ("Missing", "缺失"),
    "legal": ("Legal service", "法务服务"),
    "of_case": ("Case service", "案件服务"),
    "manifest_sha": ("SHA-256 of manifest.json", "manifest.json 的 SHA-256"),
    "how_to_check": (
        "`quittance legal check-pack FILE.zip` compares every file with the manifest; the SHA-256 of manifest.json "
        "is on record in the event legal.EvidencePackMade. The leaf hashes are leaves of the audit trees (RFC 6962) "
        "of the logs named: `quittance audit verify` proves that they stand there.",
        "使用 `quittance legal check-pack 文件.zip` 可逐一核对文件与清单；manifest.json 的 SHA-256 记录于事件 "
        "legal.EvidencePackMade。叶哈希为所列日志审计树（RFC 6962）的叶节点，可用 `quittance audit verify` 验证。",
    ),
    "no_limitation": (
        "Nothing of the case was heard yet: there is no chain.",
        "尚无本案记录，无法计算时效。",
    ),
    "no_contacts": (
        "The contact service did not answer: its list is missing. Ask for the pack again.",
        "触达服务未应答，联系记录缺失，请重新生成证据包。",
    ),
}


class Words:
    """The words in one language."""

    def __init__(self, language: str) -> None:
        self._at = 1 if language.startswith("zh") else 0

    def __getitem__(self, key: str) -> str:
        return WORDS[key][self._at]

    def all(self, *keys: str) -> tuple[str, ...]:
        """Several at once, for headings."""
        return tuple(self[key] for key in keys)
