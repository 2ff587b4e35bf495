"""Texts as the tests write them: a lawful text message, changed by what a test is about."""

from typing import Any

from services.contact.adapters.texts.word_file import shipped_words
from services.contact.domain.facts.texts import TemplateText
from services.contact.domain.texts import document
from services.contact.domain.texts.lint import Linted, lint

WORDS = shipped_words()
VALUES = {
    "institution": "示例银行",
    "name": "王小明",
    "account": "1234",
    "amount": "1234.50 CNY",
    "due_date": "2026-03-01",
    "hotline": "021-95588",
}
LAWFUL_ZH = (
    "【{institution}】{name}您好，您{account}的账户有{amount}已于{due_date}到期。详询{hotline}。回复T退订。"
)
LAWFUL_EN = (
    "{institution}: Hello {name}, {amount} on your account {account} was due on {due_date}. "
    "Questions: {hotline}. Reply T to stop these messages."
)


def raw(**changes: Any) -> dict[str, Any]:
    """A template as a file or a request holds it."""
    kinds = (
        ("institution", "institution"), ("name", "name"), ("account", "masked_account"),
        ("amount", "money"), ("due_date", "date"), ("hotline", "phone"),
    )  # fmt: skip
    found: dict[str, Any] = {
        "channel": "sms",
        "situation": "soft_reminder",
        "stages": ["M1"],
        "purpose": "collect",
        "audience": "debtor",
        "variables": [{"name": name, "kind": kind} for name, kind in kinds],
        "bodies": [{"language": "zh-CN", "text": LAWFUL_ZH}, {"language": "en", "text": LAWFUL_EN}],
    }
    return found | changes


def a_text(**changes: Any) -> TemplateText:
    """A template's text."""
    return document.read(raw(**changes))


def saying(words: str, *, language: str = "zh-CN") -> TemplateText:
    """The lawful text with some words added."""
    lawful = LAWFUL_ZH if language == "zh-CN" else LAWFUL_EN
    return a_text(bodies=[{"language": language, "text": f"{lawful} {words}"}])


def linted(text: TemplateText) -> Linted:
    """The text under the shipped list."""
    return lint(text, WORDS)


def broken(text: TemplateText) -> set[str]:
    """The rules and codes that stand against a text, without where."""
    return {fault.split(": ", 1)[1] for fault in linted(text).faults}
