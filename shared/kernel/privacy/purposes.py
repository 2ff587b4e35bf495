"""What personal data may be looked at for: a closed list. A purpose is a code, never free text about a person.

The purposes follow from the collecting itself (PIPL art. 13(1)(2) and art. 21: performing the contract, and processing
on behalf of the lender) and from the rights of the person (art. 44 to 47).
"""

from collections.abc import Mapping

from shared.kernel.refusal import Refused

PURPOSES: Mapping[str, tuple[str, str]] = {
    "COLLECTION": ("Working the case", "办理催收案件"),
    "CONTACT": ("Reaching the person", "联系本人"),
    "IDENTITY_CHECK": ("Making sure who is speaking", "核验身份"),
    "PAYMENT_MATCH": ("Finding whose payment it is", "核对还款归属"),
    "DISPUTE": ("Answering a dispute", "处理异议"),
    "COMPLAINT": ("Answering a complaint", "处理投诉"),
    "LEGAL": ("Legal proceedings", "法律程序"),
    "PERSON_ASKED": ("The person asked for it", "应本人请求"),
    "CORRECTION": ("Correcting the data", "更正信息"),
    "AUDIT": ("Audit or examination", "审计或检查"),
}


class PurposeUnknown(Refused):
    """Personal data is shown for a purpose of the list only. Context: the purposes there are."""

    code = "purpose-unknown"
    title_en = "That is no purpose of the list"
    title_zh = "查看目的不在清单内"


def require_purpose(code: str) -> None:
    """Raises PurposeUnknown for a code that is not of the list."""
    if code not in PURPOSES:
        raise PurposeUnknown(purposes=tuple(PURPOSES))
