"""Maker is never checker: who proposed something does not approve it."""

from shared.kernel.refusal import Refused


class MakerIsChecker(Refused):
    """Who proposed this cannot approve or reject it: a second person decides. Ask a colleague."""

    code = "maker-is-checker"
    title_en = "Who proposed this cannot decide it"
    title_zh = "提出人不能审批自己的申请"


class NotAwaitingApproval(Refused):
    """There is nothing of that reference that waits for a second person: it is unknown, decided or lapsed."""

    code = "not-awaiting-approval"
    title_en = "Nothing of that reference waits for approval"
    title_zh = "没有等待审批的相应申请"


def second_person(maker: object, checker: str) -> None:
    """Raises MakerIsChecker. A maker whose name was erased cannot be compared, and is somebody else."""
    if maker == checker:
        raise MakerIsChecker
