"""Codes of the contact service and of clocks in words, for whoever reads a pack in court; one without words stays."""

from services.legal.projections.words import saying

OF_CONTACTS: dict[str, tuple[str, str]] = {
    "voice": ("call", "电话"),
    "ringless_voicemail": ("voicemail without a ring", "静默语音信箱"),
    "sms": ("text message", "短信"),
    "email": ("e-mail", "电子邮件"),
    "im": ("instant message", "即时消息"),
    "letter": ("letter", "信函"),
    "visit": ("visit", "上门"),
    "social": ("social media", "社交媒体"),
    "out": ("by us", "我方联系"),
    "in": ("by them", "对方来电来函"),
    "conversation": ("spoke with the person", "与本人通话"),
    "conversation_third_party": ("spoke with somebody else", "与第三人通话"),
    "conversation_wrong_party": ("wrong number", "号码非本人"),
    "answered_dropped": ("answered, then cut off", "接通后中断"),
    "answered_hung_up": ("answered, hung up", "接通后挂断"),
    "blocked_by_carrier": ("blocked by the carrier", "运营商拦截"),
    "busy": ("busy", "占线"),
    "network_failure": ("network failure", "网络故障"),
    "not_in_service": ("number not in service", "号码停用"),
    "rejected": ("rejected", "拒接"),
    "ring_no_answer": ("nobody answered", "无人接听"),
    "voicemail_full_message": ("voicemail, message left", "语音信箱，已留言"),
    "voicemail_limited": ("voicemail, limited message", "语音信箱，有限留言"),
    "voicemail_limited_content": ("voicemail, limited message", "语音信箱，有限留言"),
    "voicemail_no_message": ("voicemail, no message", "语音信箱，未留言"),
    "SENDING": ("being sent", "发送中"),
    "RETRY": ("to be sent again", "待重发"),
    "DISPATCHED": ("sent", "已发出"),
    "DELIVERED": ("delivered", "已送达"),
    "BOUNCED": ("came back", "退回"),
    "UNRESOLVED": ("unknown whether it was sent", "发送结果不明"),
    "SET_ASIDE": ("set aside", "搁置"),
}
EFFECTS: dict[str, tuple[str, str]] = {
    "START": ("starts", "起算"),
    "RESTART": ("starts anew", "中断，重新起算"),
    "HELD": ("held by a procedure", "程序进行中"),
    "RUNS_AGAIN": ("runs again", "程序终结，重新起算"),
    "SUSPENDS": ("suspended", "中止"),
    "RESUMES": ("goes on", "中止原因消除"),
    "WAIVES": ("waived", "放弃时效抗辩"),
    "TOO_LATE": ("came too late", "届满后发生，不生效力"),
    "UNDONE": ("counts for nothing", "视为未发生"),
}


def contact(value: str | None, language: str) -> str:
    """A channel, direction, outcome or state of delivery."""
    return _of(OF_CONTACTS, value, language)


def effect(value: str, language: str) -> str:
    """What a fact did to a clock."""
    return _of(EFFECTS, value, language)


def _of(words: dict[str, tuple[str, str]], value: str | None, language: str) -> str:
    if value is None:
        return saying.NOTHING
    found = words.get(value)
    if found is None:
        return saying.code(value, language)
    return found[1 if saying.chinese(language) else 0]
