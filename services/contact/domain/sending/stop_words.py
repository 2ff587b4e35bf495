"""Does a message say "no more"? Only what cannot mean anything else counts; a person reads every other message.

Sources: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe); 12 CFR 1006.6(e) (the opt-out
a message must offer); the replies that Chinese messages offer (TD, T, N, 退订; 通信短信息服务管理规定, 2015).
"""

import unicodedata

_WHOLE = frozenset(
    {
        "stop", "stopall", "quit", "end", "revoke", "opt out", "optout", "opt-out", "cancel", "unsubscribe", "remove",
        "td", "t", "n", "tuiding", "退订", "退訂", "取消", "拒收", "停止", "回t", "回td", "r", "不要再发", "别再发了",
    }
)  # fmt: skip
"""The whole message is this."""
_FIRST = frozenset({"stop", "unsubscribe", "td", "退订", "退訂"})
"""A message that begins with this word, and goes on politely or otherwise, says the same."""
_CHINESE_FIRST = ("退订", "退訂")
LOOKED_AT = 200


def says_stop(text: str) -> bool:
    """Does it? Case, width, punctuation and blanks around make no difference."""
    plain = unicodedata.normalize("NFKC", text[:LOOKED_AT]).casefold()
    kept = "".join(one if unicodedata.category(one)[0] in "LN" or one == "-" else " " for one in plain)
    words = kept.split()
    if not words:
        return False
    return " ".join(words) in _WHOLE or words[0] in _FIRST or words[0].startswith(_CHINESE_FIRST)
