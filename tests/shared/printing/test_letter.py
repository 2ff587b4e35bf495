"""A letter as a PDF: the same bytes anywhere, readable, and nothing but the address through the window."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from shared.printing.letter import CHARS_MAX, NotPrintable, Press
from tests.shared.printing.letters import MM, SHEET_MM, a_letter, read, text_of, through_the_window

ROOT = Path(__file__).resolve().parents[3]
AGAIN = """
from shared.printing.letter import Press
from tests.shared.printing.letters import a_letter
print(Press().set(a_letter()).sha256)
"""


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def test_the_words_can_be_read_back_and_the_hash_is_the_files(press: Press) -> None:
    letter = a_letter()
    printed = press.set(letter)
    told = text_of(printed.pdf)
    assert all(word in told for word in letter.words())
    assert (printed.sha256, printed.pages) == (sha256(printed.pdf).hexdigest(), 1)


def test_the_sheet_is_a4_and_the_font_is_inside(press: Press) -> None:
    page = read(press.set(a_letter()).pdf).pages[0]
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == SHEET_MM
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "NotoSerifSC" in font["/BaseFont"]
        within = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile3" in within or "/FontFile2" in within


def test_two_processes_set_the_same_bytes(press: Press) -> None:
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", AGAIN], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout.strip() == press.set(a_letter()).sha256


def test_letters_between_do_not_change_the_bytes(press: Press) -> None:
    first = press.set(a_letter())
    press.set(a_letter(title="别的", body=("别的",)))
    assert press.set(a_letter()) == first


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_only_the_address_shows_through_the_window(press: Press, language: str) -> None:
    letter = a_letter(language=language)
    seen = through_the_window(press.set(letter).pdf)
    assert sorted(filter(None, seen.splitlines())) == sorted((letter.return_line, *letter.recipient))


def test_a_long_letterhead_or_reference_is_refused_rather_than_pushed_into_the_window(press: Press) -> None:
    for changed in ({"sender": ("银行",) * 20}, {"references": (("编号", "一" * 60),) * 9}):
        with pytest.raises(NotPrintable, match="TOO_LONG"):
            press.set(a_letter(**changed))


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "*bold* _it_ `raw` $x^2$ @ref <label> ~ \\ // no comment /* none */",
        '"], ") #let x = 1; [',
        "= heading",
        "- list + enum",
        "https://example.com/a-very-long-address-of-the-web-that-nobody-can-break/" + "a" * 200,
    ],
)
def test_markup_in_a_value_is_shown_as_it_stands(press: Press, hostile: str) -> None:
    letter = a_letter(
        title=hostile, body=(hostile,), signature=(hostile,), footer="", recipient=("张伟", hostile[:60])
    )
    told = text_of(press.set(letter).pdf).replace("\u200b", "")
    assert "".join(told.split()).count("".join(hostile.split())) >= 3


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"body": ("😀",)}, "CHARACTER_UNKNOWN"),
        ({"recipient": ("张\u20001\U00020000", "路")}, "CHARACTER_UNKNOWN"),
        ({"body": ("过期\u202e款",)}, "CHARACTER_UNKNOWN"),
        ({"title": "a\x00b"}, "CHARACTER_UNKNOWN"),
        ({"recipient": ("很长的地址" * 90,)}, "ADDRESS_TOO_LONG"),
        ({"recipient": ("W" * 400,) * 3}, "ADDRESS_TOO_LONG"),
        ({"return_line": "银行" * 200}, "ADDRESS_TOO_LONG"),
        ({"recipient": ("", " ")}, "ADDRESS_MISSING"),
        ({"recipient": ()}, "ADDRESS_MISSING"),
        ({"body": ("长" * CHARS_MAX,)}, "TOO_LONG"),
        ({"body": ("短",) * 800}, "TOO_LONG"),
    ],
)
def test_what_cannot_be_printed_is_said_by_a_code_and_never_repeated(
    press: Press, changed: dict[str, object], cause: str
) -> None:
    with pytest.raises(NotPrintable) as refused:
        press.set(a_letter(**changed))
    assert str(refused.value) == cause == refused.value.cause
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_a_rare_character_that_the_font_has_is_set(press: Press) -> None:
    assert "𬭼" in text_of(press.set(a_letter(recipient=("王𬭼", "路"))).pdf)


def test_pages_are_counted_and_numbered(press: Press) -> None:
    printed = press.set(a_letter(body=("段落。" * 40,) * 20))
    pages = read(printed.pdf).pages
    assert printed.pages == len(pages) > 1
    assert f"2 / {len(pages)}" in pages[1].extract_text()


def test_a_letter_keeps_its_words_out_of_its_repr() -> None:
    assert "张伟" not in repr(a_letter())
    assert "1,234.50" not in repr(a_letter())


def test_no_path_of_the_machine_and_no_other_date_gets_into_the_file(press: Press) -> None:
    pdf = press.set(a_letter()).pdf
    assert str(ROOT).encode() not in pdf
    assert b"2026-11-22T00:00:00Z" in pdf
