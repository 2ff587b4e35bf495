"""The sentences of the timeline, in English and Chinese, made from an event's stored values."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from services.case.domain.state import CURED
from services.case.projections import legal_words
from services.case.projections.book.words import BOOK
from services.case.projections.history.words import HISTORY, TITLE_EN, TITLE_ZH, taken_en, taken_zh
from services.case.projections.life_words import LIFE
from services.case.projections.privacy.words import PRIVACY
from services.case.projections.staffing.words import STAFFING
from services.case.projections.treatment.words import TREATMENT
from shared.kernel import money

Said: TypeAlias = Mapping[str, Any]
Sentence: TypeAlias = Callable[[Said], str]


class Words(NamedTuple):
    """The words for one type of event."""

    title_en: str
    title_zh: str
    sentence_en: Sentence
    sentence_zh: Sentence


class _Shown(dict[str, str]):
    """What an event says as text; what it leaves open reads as a dash."""

    def __missing__(self, name: str) -> str:
        return "-"


def _text(value: Any) -> str:
    match value:
        case {"minor": minor, "currency": currency}:
            return f"{money.decimal(minor, currency)} {currency}"
        case {"principal": _, "currency": currency}:
            total = sum(minor for name, minor in value.items() if name != "currency")
            return f"{money.decimal(total, currency)} {currency}"
        case list() | tuple():
            return ", ".join(map(_text, value)) or "-"
        case None:
            return "-"
        case _:
            return str(value)


def _filled(pattern: str) -> Sentence:
    """A sentence of fields in braces."""
    return lambda said: pattern.format_map(_Shown({name: _text(value) for name, value in said.items()}))


_REASONS = {CURED: ("nothing is overdue any more", "欠款已清，恢复正常")}


def _amount(said: Said, name: str) -> str:
    value = said[name]
    return f"{money.decimal(value['minor'], value['currency'])} {value['currency']}"


def _reason(said: Said, which: int) -> str:
    known = _REASONS.get(said["reason"])
    return known[which] if known else str(said["reason"])


_WORDS: dict[str, Words] = {
    "case.CaseOpened": Words(
        "Case opened",
        "案件开立",
        lambda s: (
            f"Episode {s['episode']} opened on {s['as_of']}: {_amount(s, 'arrears')} in arrears, "
            f"{s['days_past_due']} days past due."
        ),
        lambda s: (
            f"{s['as_of']} 第 {s['episode']} 次开立案件：拖欠 {_amount(s, 'arrears')}，"
            f"逾期 {s['days_past_due']} 天。"
        ),
    ),
    "case.ArrearsReported": Words(
        "Arrears reported",
        "欠款情况更新",
        lambda s: (
            f"As of {s['as_of']}: {_amount(s, 'arrears')} in arrears, {s['days_past_due']} days past due."
        ),
        lambda s: f"截至 {s['as_of']}：拖欠 {_amount(s, 'arrears')}，逾期 {s['days_past_due']} 天。",
    ),
    "case.StageEntered": Words(
        "Stage entered",
        "进入阶段",
        lambda s: f"Moved from {s['previous']} to {s['stage']} on {s['as_of']} ({s['scheme']}).",
        lambda s: f"{s['as_of']} 由 {s['previous']} 转入 {s['stage']}（{s['scheme']}）。",
    ),
    "case.PaymentReceived": Words(
        "Payment received",
        "收到还款",
        lambda s: (
            f"{_amount(s, 'amount')} received on {s['period_from']} ({s.get('channel', '-')})."
            if s.get("payment")
            else f"{_amount(s, 'amount')} received between {s['period_from']} and {s['period_until']} (exclusive)."
        ),
        lambda s: (
            f"{s['period_from']} 收到 {_amount(s, 'amount')}（{s.get('channel', '-')}）。"
            if s.get("payment")
            else f"在 {s['period_from']} 至 {s['period_until']}（不含）之间收到 {_amount(s, 'amount')}。"
        ),
    ),
    "case.CaseCured": Words(
        "Case cured",
        "欠款已清",
        lambda s: f"Nothing is overdue as of {s['as_of']}.",
        lambda s: f"截至 {s['as_of']} 已无逾期欠款。",
    ),
    "case.CaseClosed": Words(
        "Case closed",
        "案件关闭",
        lambda s: f"Closed on {s['as_of']}: {_reason(s, 0)}.",
        lambda s: f"{s['as_of']} 结案：{_reason(s, 1)}。",
    ),
}

_WORDS |= {
    f"case.{name}": Words(title_en, title_zh, _filled(said_en), _filled(said_zh))
    for name, (title_en, title_zh, said_en, said_zh) in {
        **LIFE,
        **PRIVACY,
        **BOOK,
        **HISTORY,
        **STAFFING,
        **TREATMENT,
    }.items()
}
_WORDS["case.HistoryTaken"] = Words(TITLE_EN, TITLE_ZH, taken_en, taken_zh)
_WORDS["case.LegalStepReported"] = Words(
    legal_words.TITLE_EN, legal_words.TITLE_ZH, legal_words.reported_en, legal_words.reported_zh
)
KNOWN_TYPES = frozenset(_WORDS)
_FORGOTTEN = ("What this said has been erased.", "内容已依法删除。")


def _chinese(language: str) -> bool:
    return language.lower().split("-")[0] == "zh"


def title(type_: str, language: str) -> str:
    """What kind of thing happened; the stored name where there are no words for it."""
    found = _WORDS.get(type_)
    if found is None:
        return type_
    return found.title_zh if _chinese(language) else found.title_en


def words(type_: str, said: Said | None, language: str) -> str:
    """The sentence; empty where there are no words for the type."""
    chinese = _chinese(language)
    if said is None:
        return _FORGOTTEN[1 if chinese else 0]
    found = _WORDS.get(type_)
    if found is None:
        return ""
    return found.sentence_zh(said) if chinese else found.sentence_en(said)
