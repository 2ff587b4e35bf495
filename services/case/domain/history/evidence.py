"""What a fact from before go-live rests on: a closed list, from the strongest to none at all."""

from typing import NamedTuple


class Grade(NamedTuple):
    """What a grade means, in both languages."""

    en: str
    zh: str


RECORDED, SYSTEM_LOG, STATED, UNSUPPORTED = "RECORDED", "SYSTEM_LOG", "STATED", "UNSUPPORTED"
GRADES: dict[str, Grade] = {
    RECORDED: Grade(
        "a recording, a signed paper or a bank's record of it is kept and can be produced",
        "有录音、签署文件或银行流水，可调取",
    ),
    SYSTEM_LOG: Grade("the system in which it happened logged it at the time", "由当时的业务系统实时记录"),
    STATED: Grade("somebody says so, afterwards", "事后由相关人员说明"),
    UNSUPPORTED: Grade(
        "nobody can say what it rests on: it is shown, and nothing should be based on it alone",
        "无法说明依据，仅供参考",
    ),
}
