"""What a fact rests on, from the strongest evidence to none at all: one list for every service that weighs proofs."""

from typing import NamedTuple


class Grade(NamedTuple):
    """What a grade means, in both languages."""

    en: str
    zh: str


RECORDED, SYSTEM_LOG, STATED, UNSUPPORTED = "RECORDED", "SYSTEM_LOG", "STATED", "UNSUPPORTED"
COURT_RECORD, COURT_PAPER, BANK_RECORD, SIGNED, RECORDING = (
    "COURT_RECORD", "COURT_PAPER", "BANK_RECORD", "SIGNED", "RECORDING",
)  # fmt: skip
HOUSEHOLD_ADULT, CARRIER, DATA_REACHED, DATA_SHOULD_HAVE_REACHED, BOOK = (
    "HOUSEHOLD_ADULT", "CARRIER", "DATA_REACHED", "DATA_SHOULD_HAVE_REACHED", "BOOK",
)  # fmt: skip

GRADES: dict[str, Grade] = {
    COURT_RECORD: Grade("the court's own record, or the tribunal's", "法院或仲裁机构的记录"),
    COURT_PAPER: Grade("a paper of the court or tribunal", "法院或仲裁机构的文书"),
    BANK_RECORD: Grade("a bank's record of the money", "银行流水"),
    SIGNED: Grade("signed by the person it concerns", "本人签署或签收"),
    RECORDED: Grade(
        "a recording, a signed paper or a bank's record of it is kept and can be produced",
        "有录音、签署文件或银行流水，可调取",
    ),
    RECORDING: Grade("a recording of what was said", "通话录音"),
    HOUSEHOLD_ADULT: Grade("received by an adult of the household", "同住成年家属签收"),
    CARRIER: Grade("the carrier says that it was delivered", "承运方投递记录"),
    DATA_REACHED: Grade("the provider says that the message arrived", "数据电文已到达的回执"),
    BOOK: Grade("the lender's own book says so", "贷款人账簿记载"),
    SYSTEM_LOG: Grade("the system in which it happened logged it at the time", "由当时的业务系统实时记录"),
    DATA_SHOULD_HAVE_REACHED: Grade(
        "sent to an address that was good; nobody says that it arrived", "数据电文已发往有效地址，应当到达"
    ),
    STATED: Grade("somebody says so, afterwards", "事后由相关人员说明"),
    UNSUPPORTED: Grade(
        "nobody can say what it rests on: it is shown, and nothing should be based on it alone",
        "无法说明依据，仅供参考",
    ),
}
"""Strongest first."""
_RANK = {grade: rank for rank, grade in enumerate(GRADES)}


def rank_of(grade: str | None) -> int:
    """0 for the strongest; what is no grade of ours, or missing, is as weak as nothing at all."""
    return _RANK.get(grade or UNSUPPORTED, _RANK[UNSUPPORTED])
