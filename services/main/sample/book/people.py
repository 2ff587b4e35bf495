"""Invented persons and organisations, and numbers that cannot be anybody's."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from stdnum.cn import ric, uscc

FAMILY = "虚拟假例样试"
"""No family names: 'void', 'imitated', 'false', 'example', 'sample', 'trial'."""
GIVEN = (
    "晨光", "云舒", "若水", "知秋", "青禾", "望舒", "南乔", "听雨", "远山", "星河", "初雪", "临风", "清溪", "怀瑾",
    "书砚", "行舟", "半夏", "松涛", "晚晴", "长歌", "明月", "春晓", "思源", "子衿", "采薇", "鹿鸣", "木兰", "凌波",
    "一苇", "沉璧",
)  # fmt: skip
TOWNS = ("虚构市", "例城市", "拟海市", "样山市")
STREETS = ("示例路", "假想街", "无名巷", "样本大道", "虚拟里")
TRADES = ("贸易", "咨询", "物流", "餐饮", "装饰")


class Party(NamedTuple):
    """A row of the parties' file, in its columns' order; the kind and the document are the lender's words."""

    ref: str
    kind: str
    name: str
    document: str
    number: str
    born: date | None


def person(ref: str, serial: int, draw: Random) -> Party:
    """A person aged 20 to 70 in 2005; `serial` is their own in this book, below 100,000."""
    born = date(1935, 1, 1) + timedelta(days=_below(draw, 18_000))
    name = FAMILY[_below(draw, len(FAMILY))] + GIVEN[_below(draw, len(GIVEN))]
    number = f"99{serial // 1000:04d}{born:%Y%m%d}{serial % 1000:03d}"
    return Party(ref, "个人", name, "身份证", number + ric.calc_check_digit(number + "0"), born)


def organisation(ref: str, serial: int, draw: Random, *, lawyers: bool = False) -> Party:
    """A company, or a law firm."""
    given = GIVEN[_below(draw, len(GIVEN))]
    name = f"虚构{given}律师事务所" if lawyers else f"虚构{given}{TRADES[_below(draw, len(TRADES))]}有限公司"
    number = f"91990100MA{serial:06d}0"
    return Party(ref, "企业", name, "统一社会信用代码", number + uscc.calc_check_digit(number), None)


def phone(draw: Random) -> str:
    """Eleven digits in the range 154, which was never given to an operator."""
    return f"154{_below(draw, 10**8):08d}"


def address(draw: Random) -> str:
    """A street of a town that does not exist."""
    town, street = TOWNS[_below(draw, len(TOWNS))], STREETS[_below(draw, len(STREETS))]
    return f"{town}{street}{1 + _below(draw, 900)}号{1 + _below(draw, 30)}室（虚构）"


def _below(draw: Random, end: int) -> int:
    return draw.randrange(end)
