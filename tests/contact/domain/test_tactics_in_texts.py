"""The tactics of lenders' guides, tried in writing: as a template, and as words in a message that is asked about.

Each is refused on the whole path: the word list takes no template that says it, and a text that says it (by a value,
or a template of an older list) carries the marker that the packs refuse. T-numbers are those of domain.md 1.K.
"""

from typing import Any, NamedTuple

import pytest

from services.contact.domain.texts import document
from services.contact.domain.texts.document import TemplateMalformed
from services.contact.domain.texts.lint import TemplateUnfit, lint, markers_of
from services.contact.domain.texts.rendering import render
from tests.contact.questions import answer, asked
from tests.contact.texts import LAWFUL_EN, LAWFUL_ZH, VALUES, WORDS, a_text, linted, raw, saying

UNREACHABLE = {"t": "2026-03-01T10:00:00+08:00", "ev": "flag_set", "flag": "debtor_unreachable"}


class Said(NamedTuple):
    """Words in both languages, the marker they mean, and the rule of the packs that refuses it."""

    zh: str
    en: str
    marker: str
    rule: str = "HOUSE-CONTENT"


TACTICS: dict[str, Said] = {
    "T3_publish_a_dunning_notice": Said(
        "我们将发布催讨公告，向公众展示您不履行还款义务的情况",
        "We will place a public notice in the newspapers about you",
        "public_notice",
        "CN-PUBLIC-SHAME",
    ),
    "T6_seize_by_oneself": Said("我们将冻结您的账户并拍卖您的房产", "We will seize your house", "threat"),
    "T14_reach_relatives_and_colleagues": Said(
        "我们将联系您的亲友、同事了解情况",
        "We will contact your relatives and your employer",
        "public_shaming",
    ),
    "T14_ask_others_to_press": Said(
        "请您督促他尽快处理", "Please persuade him to pay", "third_party_pressure"
    ),
    "T15_threaten_with_the_credit_record": Said(
        "再不处理将让您的征信留下污点，列入黑名单",
        "We will ruin your credit and blacklist you",
        "credit_threat",
    ),
    "T17_post_among_family_and_friends": Said(
        "我们会在您的朋友圈、家族群发布催收信息",
        "We will post it on Facebook, in your family group",
        "public_post",
        "CN-PUBLIC-SHAME",
    ),
    "T18_press_through_the_network": Said(
        "我们将通知您的朋友和单位，让大家都知道",
        "We will tell your friends, and everyone will know",
        "public_shaming",
    ),
    "T19_publish_a_list_of_debtors": Said(
        "逾期借款人名单将在网站公布",
        "You will be on our list of defaulters",
        "public_notice",
        "CN-PUBLIC-SHAME",
    ),
    "T20_media_exposure": Said(
        "我们将通过媒体渠道发布您的信息，形成舆论压力",
        "We will go to the media and expose you",
        "public_shaming",
    ),
    "T21_false_urgency": Said("紧急还款！最后通牒！", "URGENT! Final warning, pay now!!", "false_urgency"),
    "T21_a_postcard": Said("我们将寄送明信片", "A postcard will be sent to you", "postcard"),
    "T21_an_envelope_that_tells": Said(
        "信封上印有催款字样", "It will be printed in red on the envelope", "envelope_reveals_debt"
    ),
    "T22_share_with_joint_creditors": Said(
        "我们将与其他债权人共享您的信息",
        "We will share your information with other creditors",
        "shares_with_creditors",
    ),
    "T23_penalty_as_a_deterrent": Said(
        "每拖一天加收罚息，越拖越多，让您还不起",
        "Each day you delay, the penalty will double",
        "penalty_as_threat",
    ),
    "T24_accuse_of_fraud": Said(
        "您的行为涉嫌诈骗，将追究刑事责任",
        "What you did is fraud and you will be arrested",
        "criminal_accusation",
    ),
    "seed_003_a_summons_of_ones_own": Said(
        "法院传票已发出，请按时出庭", "This is an official court summons", "impersonates_authority"
    ),
    "pose_as_the_police": Said("我是公安局民警", "This is the police", "impersonates_authority"),
    "insult": Said("您真是个不要脸的老赖", "You are a shameless deadbeat", "insult"),
    "threaten": Said("小心您的家人，后果自负", "We know where you live, or else", "threat"),
    "press_to_borrow": Said("您可以找朋友借钱还", "Borrow from your friends to pay", "pressure_to_borrow"),
    "collect_a_fee_of_ones_own": Said(
        "请把上门费转到我的个人账户", "Send the visit fee to my personal account", "extra_fee"
    ),
}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("tactic", TACTICS)
def test_the_tactic_is_no_template_in_either_language(tactic: str, language: str) -> None:
    said = TACTICS[tactic]
    found = linted(saying(said.zh if language == "zh-CN" else said.en, language=language))
    assert said.marker in found.markers
    with pytest.raises(TemplateUnfit):
        found.require_fit()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("tactic", TACTICS)
def test_words_that_say_it_are_refused_by_the_rule_on_content_for_good(tactic: str, language: str) -> None:
    said = TACTICS[tactic]
    words = said.zh if language == "zh-CN" else said.en
    content = ["identifies_institution", *markers_of(words, WORDS)]
    decision = answer(asked(channel="email", content=content))
    assert decision.outcome == "deny"
    assert said.rule in decision.rules


def test_T3_T17_T19_there_is_no_channel_that_others_can_see() -> None:
    for channel in ("social", "im", "postcard", "newspaper", "website"):
        with pytest.raises(TemplateMalformed) as refused:
            document.read(raw(channel=channel))
        assert "channel: NOT_OF_THE_LIST" in (refused.value.context["faults"] or ())  # type: ignore[operator]
    assert answer(asked(channel="social")).outcome == "deny"


def third(words: str, language: str = "zh-CN") -> dict[str, Any]:
    variables = [{"name": "institution", "kind": "institution"}, {"name": "name", "kind": "name"}]
    lawful = (
        "这里是{institution}，想与{name}取得联系。"
        if language == "zh-CN"
        else "I would like to reach {name}. {institution}."
    )
    return raw(
        channel="voice", situation="locate", purpose="location", audience="third_party", variables=variables,
        bodies=[{"language": language, "text": lawful + words}],
    )  # fmt: skip


def test_T14_nobody_else_is_told_of_the_debt_in_writing_or_by_decision() -> None:
    for words, language in (
        ("他有一笔逾期贷款", "zh-CN"),
        ("They owe us money", "en"),
        ("他欠款未还", "zh-CN"),
    ):
        text = document.read(third(words, language))
        with pytest.raises(TemplateUnfit) as refused:
            lint(text, WORDS).require_fit()
        assert "KEPT_OUT R-THIRD-NOTHING discloses_debt" in str(refused.value.context)
        content = ["identifies_institution", *lint(text, WORDS).markers]
        decision = answer(asked(UNREACHABLE, person="F", role="contact", purpose="location", content=content))
        assert "CN-DISCLOSE-THIRD" in decision.rules


def test_T14_T18_what_is_written_for_others_asks_where_the_debtor_is_and_nothing_else() -> None:
    for changes in ({"purpose": "collect"}, {"situation": "negotiation"}, {"situation": "soft_reminder"}):
        with pytest.raises(TemplateMalformed):
            document.read(third("") | changes)


def test_T22_nothing_is_written_for_other_creditors() -> None:
    for audience in ("joint_creditor", "other_creditor", "employer", "colleague"):
        with pytest.raises(TemplateMalformed) as refused:
            document.read(raw(audience=audience))
        assert "audience: NOT_OF_THE_LIST" in (refused.value.context["faults"] or ())  # type: ignore[operator]
    markers = list(linted(a_text()).markers)
    for role in ("joint_creditor", "other_creditor"):
        decision = answer(asked(channel="email", person="B", role=role, purpose="share", content=markers))
        assert "HOUSE-JOINT-CREDITORS" in decision.rules


def test_T21_a_subject_line_is_an_envelope() -> None:
    for subject_line, body in (("催收通知：您的欠款", LAWFUL_ZH), ("Your overdue debt", LAWFUL_EN)):
        language = "en" if body == LAWFUL_EN else "zh-CN"
        mail = a_text(
            channel="email", bodies=[{"language": language, "subject_line": subject_line, "text": body}]
        )
        found = linted(mail)
        with pytest.raises(TemplateUnfit):
            found.require_fit()
        decision = answer(asked(channel="email", content=list(found.markers)))
        assert "HOUSE-CONTENT" in decision.rules


def test_a_value_does_not_bring_in_what_the_template_may_not_say() -> None:
    said = render(a_text(), "zh-CN", VALUES | {"name": "老赖王小明"}, WORDS)
    decision = answer(asked(channel="sms", content=list(said.markers)))
    assert (decision.outcome, decision.rules) == ("deny", ("HOUSE-CONTENT",))


def test_T4_a_letter_that_speaks_of_a_suit_is_lawful_until_the_debt_is_time_barred() -> None:
    text = saying("如协商不成，本行保留依合同提起诉讼的权利。")
    assert linted(text).faults == ()
    content = list(linted(text).markers)
    assert answer(asked(channel="letter", content=content)).outcome == "allow"
    barred = {"t": "2026-01-01T10:00:00+08:00", "ev": "flag_set", "flag": "time_barred"}
    assert answer(asked(barred, channel="letter", content=content)).rules == ("HOUSE-TIMEBAR",)


LAWFUL = {
    "T1_state_what_is_owed": ("您有一笔款项已到期，请您安排处理。", "An amount is due; please arrange for it."),
    "T4_speak_of_a_suit_calmly": ("本行保留依法提起诉讼的权利。", "The bank may take legal action."),
    "T7_T8_T9_offer_to_arrange": ("可协商延期、减免或分期。", "We can agree a later date, a reduction or instalments."),
    "T12_offer_mediation": ("您也可以申请调解。", "You may also ask for mediation."),
    "T15_tell_of_reporting_beforehand": (
        "逾期信息可能依法报送征信系统，报送前会告知您。", "It may be reported to the credit bureau."
    ),
    "T16_T23_state_interest_by_the_contract": ("逾期利息按合同约定计收。", "Interest accrues as the agreement says."),
    "T21_a_date_that_is_real": ("还款日为本月25日。", "The due date is the 25th."),
    "warn_of_impostors": ("谨防诈骗，本行不会以公安机关名义联系您。", "Beware of fraud."),
}  # fmt: skip


@pytest.mark.parametrize("look_alike", LAWFUL)
def test_the_lawful_look_alike_stays_possible(look_alike: str) -> None:
    for words, language in zip(LAWFUL[look_alike], ("zh-CN", "en"), strict=True):
        found = linted(saying(words, language=language))
        assert found.faults == ()
        decision = answer(asked(channel="sms", content=list(found.markers)))
        assert decision.outcome == "allow"


def test_T14_asking_where_the_debtor_is_stays_possible() -> None:
    text = document.read(third("您是否方便请其回电？"))
    assert lint(text, WORDS).faults == ()
    content = list(lint(text, WORDS).markers)
    decision = answer(asked(UNREACHABLE, person="F", role="contact", purpose="location", content=content))
    assert decision.outcome == "allow"


def test_T25_an_approved_text_is_no_way_around_the_caps() -> None:
    content = list(linted(a_text()).markers)
    sent = [{"t": f"2026-03-0{day}T10:00:00+08:00", "ev": "sms", "address": "a"} for day in (1, 2, 3, 4, 5)]
    decision = answer(
        asked(*sent, at="2026-03-05T15:00:00+08:00", channel="sms", address="a", content=content)
    )
    assert decision.rules == ("HOUSE-MESSAGES-WEEK",)
