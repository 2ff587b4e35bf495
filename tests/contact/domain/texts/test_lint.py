"""What a text may not say, must say and says: caught however it is written, and lawful words left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contact.adapters.texts.template_files import shipped_templates
from services.contact.domain.facts.texts import Variable
from services.contact.domain.texts.lint import TemplateUnfit, markers_of
from services.contact.domain.texts.rendering import render
from tests.contact.texts import LAWFUL_EN, LAWFUL_ZH, WORDS, a_text, broken, linted, saying

EVASIONS = {
    "full width": ("ｃｏｕｒｔ　ｓｕｍｍｏｎｓ", "W-AUTHORITY"),
    "styled letters": ("𝓯𝓻𝓪𝓾𝓭", "W-CRIMINAL"),
    "spaces between characters": ("法 院 传 票", "W-AUTHORITY"),
    "points between characters": ("老.赖", "W-INSULT"),
    "points between letters": ("p.o.l.i.c.e", "W-AUTHORITY"),
    "spaces between letters": ("j a i l", "W-CRIMINAL"),
    "traditional characters": ("法院傳票", "W-AUTHORITY"),
    "traditional with marks between": ("詐·騙", "W-CRIMINAL"),
    "accents": ("fráud", "W-CRIMINAL"),
    "Cyrillic letters": ("роliсе", "W-AUTHORITY"),
    "digits for letters": ("p0l1ce", "W-AUTHORITY"),
    "doubled letters": ("frauuud", "W-CRIMINAL"),
    "pinyin": ("chuanpiao", "W-AUTHORITY"),
    "pinyin initials": ("S.B", "W-INSULT"),
    "a variable in between": ("诈{name}骗", "W-CRIMINAL"),
    "another politeness": ("堵妳家门", "W-THREAT-VIOLENCE"),
    "over two lines": ("后果\n自负", "W-THREAT-CONSEQUENCE"),
    "capitals": ("FrAuD", "W-CRIMINAL"),
}


@pytest.mark.parametrize("how", EVASIONS)
def test_forbidden_words_are_found_however_they_are_written(how: str) -> None:
    words, rule = EVASIONS[how]
    assert f"FORBIDDEN {rule}" in broken(saying(words))


def test_words_hidden_by_marks_that_nobody_sees_are_found_and_the_marks_too() -> None:
    found = broken(saying("法\u200b院\u200b传\u200b票"))
    assert {"FORBIDDEN W-AUTHORITY", "INVISIBLE"} <= found
    assert "INVISIBLE" in broken(saying("\u202eabc"))


def test_english_words_in_a_chinese_text_and_the_other_way_round_are_found() -> None:
    assert "FORBIDDEN W-CRIMINAL" in broken(saying("This is fraud", language="zh-CN"))
    assert "FORBIDDEN W-CRIMINAL" in broken(saying("涉嫌诈骗", language="en"))


@pytest.mark.parametrize(
    "lawful",
    [
        "谨防诈骗，请勿透露验证码。", "逾期信息可能依法报送征信系统。", "利息按合同约定计收。",
        "若协商不成，可依法提起诉讼。", "您是其预留的紧急联系人。", "本行不会以公安机关名义联系您。",
        "Protect yourself from fraud.", "You may be a victim of identity theft.",
        "You need not pay it all at once.", "We do not judge you.", "The issue of interest is clear rest assured.",
        "Grape harvest in Essex; assess the class.", "We do not share your data with anyone.",
        "The bank may take legal action under your agreement.", "Our policy is to be polite.",
    ],
)  # fmt: skip
def test_lawful_words_are_left_alone(lawful: str) -> None:
    assert broken(saying(lawful, language="en")) == set()


def test_a_lawful_text_says_what_the_packs_ask_about() -> None:
    found = linted(a_text())
    assert found.faults == ()
    assert {"identifies_institution", "opt_out_line", "discloses_debt"} <= set(found.markers)


def test_a_text_message_needs_its_sender_and_a_way_out() -> None:
    nobody = [{"language": "en", "text": "{name} {account} {amount} {due_date} {hotline} Reply T to stop."}]
    found = broken(a_text(bodies=nobody, variables=a_vars_without("institution")))
    assert found == {"MISSING R-IDENTITY identifies_institution"}
    bodies = [{"language": "en", "text": LAWFUL_EN.replace("Reply T to stop these messages.", "")}]
    assert broken(a_text(bodies=bodies)) == {"MISSING R-OPTOUT opt_out_line"}


def a_vars_without(name: str) -> list[dict[str, str]]:
    return [
        {"name": one.name, "kind": one.kind} for one in a_text().variables if one.name != name
    ]  # fmt: skip


def test_a_demand_by_letter_needs_all_that_the_card_rules_ask_for() -> None:
    letter = a_text(
        channel="letter",
        situation="formal_letter",
        bodies=[{"language": "zh-CN", "subject_line": "通知", "text": LAWFUL_ZH}],
    )
    missing = {one.removeprefix("MISSING R-LETTER ") for one in broken(letter)}
    assert missing == {"reason_and_law", "how_to_check", "how_to_pay", "how_to_object"}


def test_a_call_says_nothing_of_the_debt_before_the_identity_is_checked() -> None:
    opening, debt = (
        "这里是{institution}，本次通话会录音。{name}{hotline}",
        "您{account}有{amount}于{due_date}到期。",
    )
    check = "请先核实您的身份。"
    call = a_text(channel="voice", bodies=[{"language": "zh-CN", "text": opening + debt + check}])
    assert broken(call) == {"NOT_FIRST R-IDENTITY-FIRST identity_check"}
    turned = a_text(channel="voice", bodies=[{"language": "zh-CN", "text": opening + check + debt}])
    assert broken(turned) == set()


def test_a_subject_line_that_others_see_says_nothing_of_the_debt() -> None:
    mail = a_text(
        channel="email", bodies=[{"language": "zh-CN", "subject_line": "催收通知", "text": LAWFUL_ZH}]
    )
    assert broken(mail) == {"KEPT_OUT R-SUBJECT-LINE"}
    assert "envelope_reveals_debt" in linted(mail).markers


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("<b>now</b>", "MARKUP"), ("[pay](x)", "MARKUP"), ("&#27861;", "MARKUP"),
        ("6222021234567890", "LITERAL_NUMBER"), ("1381 234 5678", "LITERAL_NUMBER"),
        ("collector@example.com", "LITERAL_ADDRESS"), ("a\u0007b", "INVISIBLE"),
    ],
)  # fmt: skip
def test_markup_and_particulars_of_somebody_are_no_part_of_a_template(words: str, code: str) -> None:
    assert code in broken(saying(words))


def test_choices_are_read_like_the_text() -> None:
    variables = [
        *({"name": one.name, "kind": one.kind} for one in a_text().variables),
        {"name": "way", "kind": "choice", "choices": [{"code": "a", "zh": "法院传票", "en": "a letter"}]},
    ]
    text = a_text(variables=variables, bodies=[{"language": "zh-CN", "text": LAWFUL_ZH + "{way}"}])
    assert broken(text) == {"FORBIDDEN W-AUTHORITY"}


def test_a_refusal_names_rules_and_places_and_repeats_nothing() -> None:
    with pytest.raises(TemplateUnfit) as refused:
        linted(saying("老赖，法院传票")).require_fit()
    said = str(refused.value.context)
    assert "bodies.zh-CN: FORBIDDEN W-INSULT" in said
    assert "老赖" not in said


@pytest.mark.parametrize("code", sorted(shipped_templates()))
def test_every_shipped_text_is_lawful_in_both_languages_and_renders(code: str) -> None:
    for version in shipped_templates()[code]:
        assert [body.language for body in version.text.bodies] == ["zh-CN", "en"]
        assert linted(version.text).faults == ()
        values = {one.name: _value(one) for one in version.text.variables}
        for language in ("zh-CN", "en"):
            said = render(version.text, language, values, WORDS)
            assert "{" not in said.text
            forbidden = {rule.marker for rule in WORDS.words.rule if rule.forbids}
            assert not forbidden & set(said.markers)


def _value(one: Variable) -> str:
    return one.choices[0].code if one.choices else {
        "money": "1234.50 CNY", "date": "2026-03-01", "time": "15:30", "number": "6", "name": "王小明",
        "institution": "示例银行", "masked_account": "1234", "phone": "021-95588",
    }[one.kind]  # fmt: skip


def test_markers_of_any_words_are_told() -> None:
    assert "threat" in markers_of("打断你的腿", WORDS)
    assert "discloses_debt" in markers_of("您的欠款", WORDS)
    assert markers_of("您好", WORDS) == ()


_BETWEEN = st.text(alphabet=" .·-*_~|\u200b\u200d\ufeff\u3000，、\n", max_size=3)


@given(st.data())
def test_no_marks_between_the_characters_hide_a_forbidden_phrase(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from([one for one in WORDS.words.rule if one.forbids and one.han]))
    phrase = data.draw(st.sampled_from(rule.han)).replace("…", "")
    hidden = "".join(one + data.draw(_BETWEEN) for one in phrase)
    assert rule.id in {hit.rule.id for hit in WORDS.hits(f"您好{hidden}")}


@given(st.text(max_size=300))
def test_any_text_is_read_and_reading_it_again_says_the_same(said: str) -> None:
    assert markers_of(said, WORDS) == markers_of(said, WORDS)


@pytest.mark.parametrize(
    "piece", ["a", "l1i! ", "打断", "知道你", "s.b ", "reply ", "不会以", "{", "公布 姓"]
)
def test_a_long_text_made_to_be_slow_to_read_is_read(piece: str) -> None:
    long = (piece * 20_000)[:20_000]
    assert markers_of(long, WORDS) == markers_of(long, WORDS)
