"""Words for what the legal service reports of a case: English, then Chinese.

The words for codes of steps, outcomes and deadlines are those that the legal service publishes; one that is not among
them, such as why a case was referred, is shown as it is.
"""

from collections.abc import Mapping
from typing import Any

from shared.contracts import legal_words as published
from shared.kernel import money

TITLE_EN, TITLE_ZH = "Legal reports", "法务进展"
_SAID: dict[str, tuple[str, str]] = {
    "OPENED": ("A legal matter was opened on {on}: {code}.", "{on} 法务立项：{code}。"),
    "CLOSED": ("The legal matter was closed on {on}: {code}.", "{on} 法务结项：{code}。"),
    "REOPENED": ("The legal matter goes on as of {on}: {code}.", "{on} 法务事项恢复：{code}。"),
    "STEP": ("{track_kind} on {on}: {code}{more}.", "{on} {track_kind}：{code}{more}。"),
    "LETTER": ("Lawyer's letter on {on}: {code}{more}.", "{on} 律师函：{code}{more}。"),
    "COST": (
        "A cost of {amount} on {on} ({code}), borne by {borne_by}.",
        "{on} 费用 {amount}（{code}），由{borne_by}承担。",
    ),
    "COST_REVERSED": (
        "The cost of {amount} ({code}) is none any more, as of {on}.", "{on} 冲回费用 {amount}（{code}）。"
    ),
    "REPRESENTED": ("An attorney acts since {on}.", "自 {on} 起由律师代理。"),
    "REPRESENTATION_ENDED": ("The attorney acts no longer, as of {on}.", "{on} 律师代理终止。"),
    "DEADLINE": ("The last day of a legal deadline ({code}) is {due_on}.", "法务期限（{code}）末日为 {due_on}。"),
    "LIMITATION": (
        "The last day of a debt's period ({code}) is {due_on}.", "债务时效（{code}）末日为 {due_on}。"
    ),
}  # fmt: skip
_OTHER = ("{what} on {on}: {code}.", "{on} {what}：{code}。")
_RETRACTED = ("Entered in error, never was: {code} (said on {on}).", "登记有误，予以撤回：{code}（{on}）。")


def reported_en(said: Mapping[str, Any]) -> str:
    """The sentence in English."""
    return _sentence(said, 0)


def reported_zh(said: Mapping[str, Any]) -> str:
    """The sentence in Chinese."""
    return _sentence(said, 1)


def _sentence(said: Mapping[str, Any], which: int) -> str:
    pattern = _RETRACTED if said.get("retracted") else _SAID.get(said["what"], _OTHER)
    shown = {name: _text(said.get(name)) for name in ("what", "on", "due_on")}
    shown |= {name: _word(said, name, which) for name in ("code", "borne_by", "track_kind")}
    more = [_text(said[name]) for name in ("amount", "due_on") if said.get(name) is not None]
    comma = (", ", "，")[which]
    return pattern[which].format(
        **shown, amount=_text(said.get("amount")), more="".join(f"{comma}{one}" for one in more)
    )


_WORDS: dict[str, Mapping[str, tuple[str, str]]] = {
    "STEP": published.STEPS, "LETTER": published.STEPS, "CLOSED": published.ENDS, "REOPENED": published.ENDS,
    "COST": published.COSTS, "COST_REVERSED": published.COSTS, "DEADLINE": published.DEADLINES,
    "LIMITATION": published.CLOCKS,
}  # fmt: skip
_OF_FIELD = {"borne_by": published.BEARERS, "track_kind": published.TRACKS}


def _word(said: Mapping[str, Any], name: str, which: int) -> str:
    value = _text(said.get(name))
    known = _WORDS.get(said["what"], {}) if name == "code" else _OF_FIELD[name]
    return known[value][which] if value in known else value


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return f"{money.decimal(value['minor'], value['currency'])} {value['currency']}"
    return "-" if value is None else str(value)
