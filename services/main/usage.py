"""Why a command stops: what is said, in both languages, and with which exit code."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command (DESIGN.md 5)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    DIFFERENCES = 3
    APPROVAL_PENDING = 4
    VERIFICATION_FAILED = 5
    INTERRUPTED = 130


class Stopped(Exception):
    """A command cannot go on; `en` and `zh` say what happened and what to do."""

    code = Exit.FAILED

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


class WrongUsage(Stopped):
    """The command was called in a way that cannot mean anything."""

    code = Exit.USAGE
