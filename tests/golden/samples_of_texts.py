"""Samples of templates: written, approved, rejected, retired."""

from datetime import date

from msgspec import Struct

from services.contact.domain.facts import texts

DAY = date(2026, 3, 2)
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
WORDS = "house.words/2026.1.0#9f86d081884c7d65"

SAMPLES_OF_TEXTS: dict[str, Struct] = {
    "contact.TemplateDrafted/v1": texts.TemplateDrafted(
        template="m1-remind",
        version=2,
        on=DAY,
        effective_from=date(2026, 3, 9),
        text=texts.TemplateText(
            channel="sms",
            situation="soft_reminder",
            stages=("M1",),
            purpose="collect",
            audience="debtor",
            variables=(
                texts.Variable(name="institution", kind="institution"),
                texts.Variable(name="amount", kind="money"),
                texts.Variable(
                    name="way",
                    kind="choice",
                    choices=(texts.Choice(code="app", zh="手机银行", en="the app"),),
                ),
            ),
            bodies=(
                texts.Body(language="zh-CN", text="【{institution}】{amount}，{way}。回复T退订。"),
                texts.Body(
                    language="en", text="{institution}: {amount}, {way}. Reply STOP.", subject_line=None
                ),
            ),
        ),
        content=HASH,
        markers=("discloses_debt", "identifies_institution", "opt_out_line"),
        words=WORDS,
        by="user:anna",
    ),
    "contact.TemplateApproved/v1": texts.TemplateApproved(
        template="m1-remind",
        version=2,
        content=HASH,
        on=DAY,
        effective_from=date(2026, 3, 9),
        words=WORDS,
        by="user:ben",
    ),
    "contact.TemplateRejected/v1": texts.TemplateRejected(
        template="m1-remind", version=2, content=HASH, on=DAY, reason="TOO_STERN", by="user:ben"
    ),
    "contact.TemplateRetired/v1": texts.TemplateRetired(
        template="m1-remind", version=1, on=DAY, reason="REPLACED", by="user:ben"
    ),
}
