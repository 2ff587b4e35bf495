"""What reading personal data needs to know of the views; adapters/privacy answers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Found:
    """party -> whether it is found by a former value only; `more`: there are others beside these."""

    parties: Mapping[str, bool]
    more: bool


class PartyFinder(Protocol):
    """Finds parties as far as the views know them."""

    def index(self, kind: str, value: str) -> bytes | None:
        """The blind index of a value, None where it holds nothing to look for."""

    async def found(self, kind: str, index: bytes, *, limit: int) -> Found:
        """The parties that an index of this kind stands for; of an account, who has a role on it."""

    async def roles(self, parties: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
        """party -> its roles as answers show them, each with the cases that the account is, or was, in."""

    async def catch_up(self, behind: Mapping[int, int]) -> None:
        """Let the views of roles and accounts hold what is recorded up to these positions, by lane.

        Raises what the views raise.
        """

    async def cases_of_account(self, account: str) -> list[str]:
        """The cases that an account (its stream) is, or was, in."""

    async def in_case(self, case_id: str) -> list[str]:
        """The parties with a role on an account that is, or was, in a case."""
