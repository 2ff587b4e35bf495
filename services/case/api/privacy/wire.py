"""The shapes of answers about parties. Unknown fields may be added later; readers must tolerate them."""

from typing import Any, Literal

from pydantic import Field

from services.case.api.acting import CASE
from shared.http.wire import PageLinks, Wire

PARTY = "party-6f1c0d1e-0000-8000-8000-000000000003"
"""The party of the examples; the person in them is invented."""
_ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000001"


class PointShown(Wire):
    """A way to reach the party, masked; null once it was erased."""

    id: str
    medium: str = Field(description="PHONE, EMAIL, ADDRESS or WECHAT.")
    label: str
    value: str | None = Field(examples=["138****5678"])
    source: str
    zone: str | None
    since: str
    ended_on: str | None = Field(description="No longer in the book from this day on.")


class RoleShown(Wire):
    """What the party is to an account, and the cases that the account is, or was, in."""

    kind: str = Field(
        description="DEBTOR, JOINT_DEBTOR, GUARANTOR, RESERVED_CONTACT, ATTORNEY, REPRESENTATIVE."
    )
    account: str
    guarantee: str | None
    from_: str | None = Field(alias="from")
    until: str | None
    relation: str | None
    ended_on: str | None
    cases: list[str]


class PartyShown(Wire):
    """A party, masked. What was erased is null; `forgotten`: nothing of the person is left."""

    id: str
    kind: str | None = Field(description="PERSON or ORGANISATION.")
    reference: str | None = Field(description="The lender's reference.")
    name: str | None = Field(examples=["张**"])
    identity_kind: str | None
    identity_no: str | None = Field(examples=["1101**********1234"])
    birth_on: str | None
    language: str | None
    points: list[PointShown]
    roles: list[RoleShown]
    forgotten: bool
    links: dict[str, str]


class FoundShown(PartyShown):
    """A party that was found; `former`: by a value that no longer holds."""

    former: bool


class SearchShown(Wire):
    """What a search found. It is on record under `id`, and may be shown until `until`."""

    id: str
    purpose: str
    kind: str
    parties: list[FoundShown]
    more: bool = Field(description="There are others; look for something that fewer share.")
    until: str
    events: list[str]


class PartiesShown(Wire):
    """The parties of a case."""

    items: list[PartyShown]
    page: PageLinks


class Reveal(Wire):
    """Personal data in clear. It is on record under `id` who saw it; do not keep or show it after `until`."""

    id: str
    party: str
    purpose: str
    case: str | None
    data: dict[str, list[str]] = Field(
        description="Field -> its values; of contact points those in the book."
    )
    until: str
    events: list[str]


class LookShown(Wire):
    """One look at personal data, or at this log."""

    id: str
    at: str
    what: Literal["SEARCHED", "SHOWN", "REVEALED", "REFUSED", "LOG_READ"]
    staff: str
    actor: str
    party: str | None
    case: str | None
    purpose: str | None
    purpose_text: str | None = Field(description="In the reader's language.")
    fields: list[str]
    told: str | None = Field(description="By what was searched, on which way it was shown, what was refused.")


class LookPage(Wire):
    """A page of looks, in the order of recording."""

    items: list[LookShown]
    page: PageLinks


class PurposeShown(Wire):
    """A purpose for which personal data may be looked at."""

    code: str
    text: str


class PurposesShown(Wire):
    """The purposes there are."""

    items: list[PurposeShown]
    page: PageLinks


LINKS = {"self": f"/v1/parties/{PARTY}", "reveals": f"/v1/subjects/{PARTY}/pii-reveals"}
MASKED: dict[str, Any] = {
    "id": PARTY, "kind": "PERSON", "reference": "D-1001", "name": "张**", "identity_kind": "CN_RIC",
    "identity_no": "1101**********1234", "birth_on": "****-**-**", "language": "zh-CN",
    "points": [
        {
            "id": "pnt_1", "medium": "PHONE", "label": "mobile", "value": "138****5678", "source": "APPLICATION",
            "zone": "Asia/Shanghai", "since": "2026-10-31", "ended_on": None,
        }
    ],
    "roles": [
        {
            "kind": "DEBTOR", "account": _ACCOUNT, "guarantee": None, "from": None, "until": None,
            "relation": None, "ended_on": None, "cases": [CASE],
        }
    ],
    "forgotten": False, "links": LINKS,
}  # fmt: skip


def links(party: str) -> dict[str, str]:
    """Where more is told of a party."""
    return {"self": f"/v1/parties/{party}", "reveals": f"/v1/subjects/{party}/pii-reveals"}
