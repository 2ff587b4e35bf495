"""A letter of the bank, and what a PDF says when it is read back."""

import io
from datetime import date
from typing import Any

from pypdf import PdfReader

from shared.printing.letter import Letter

MM = 72 / 25.4
SHEET_MM = (210, 297)
WINDOW_MM = (20, 45, 105, 90)
"""Left, top, right, bottom of what shows through the envelope (DIN 5008 form B)."""


def a_letter(**changed: Any) -> Letter:
    """A reminder about an overdue card, in Chinese, with Latin words in it."""
    said: dict[str, Any] = {
        "language": "zh-CN",
        "on": date(2026, 11, 22),
        "sender": ("示例银行股份有限公司 信用卡中心", "上海市浦东新区世纪大道 1 号", "电话 400-000-0000"),
        "return_line": "示例银行 · 上海市浦东新区世纪大道 1 号 200120",
        "recipient": ("张伟 先生", "上海市徐汇区漕溪北路 88 号 1201 室", "200030"),
        "title": "信用卡还款提醒",
        "body": (
            "尊敬的张伟先生：",
            "截至 2026 年 11 月 22 日，您的账户逾期人民币 1,234.50 元。",
            "Please call us.",
        ),
        "references": (("编号", "L-2026-000001"), ("日期", "2026-11-22")),
        "rows": (("本金", "¥1,000.00"), ("利息", "¥234.50")),
        "signature": ("示例银行股份有限公司", "信用卡中心"),
        "footer": "如有疑问，请致电 400-000-0000。",
    }
    return Letter(**(said | changed))


def read(pdf: bytes) -> PdfReader:
    """The PDF, read."""
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All its words."""
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def through_the_window(pdf: bytes, *, play_mm: float = 5) -> str:
    """The words of the first page whose beginning shows in the window, if the sheet slips by `play_mm` either way."""
    left, top, right, bottom = WINDOW_MM
    seen: list[str] = []

    def visit(text: str, place: list[float], within: list[float], *_font: Any) -> None:
        x, y = (place[4] + within[4]) / MM, SHEET_MM[1] - (place[5] + within[5]) / MM
        if left - play_mm <= x <= right + play_mm and top - play_mm <= y <= bottom + play_mm:
            seen.append(text)

    read(pdf).pages[0].extract_text(visitor_text=visit)
    return "".join(seen)
