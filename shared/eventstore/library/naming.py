"""How the library's names stand in the ledger: ids and topics, spelled in the few characters a leaf may hold.

A UUID's stream is `aggregate-<uuid>`, a text id's is `named-<text>`; every other character of a text or a topic is
written as `+` and two hexadecimal digits for each of its UTF-8 bytes, so that each spelling has one meaning and an
ordinary topic stays as it is.
"""

import re
from uuid import UUID

from shared.eventstore.leaf import named
from shared.eventstore.port import Malformed

_OTHER = re.compile(r"[^A-Za-z0-9._:/@#<>-]")
_SPELLED = re.compile(rb"\+([0-9A-F]{2})")
_UUIDS, _TEXTS = "aggregate-", "named-"


def spelled(field: str, text: str) -> str:
    """The text in a leaf's characters; Malformed if it is longer than a leaf's name may be."""
    try:
        return named(field, _OTHER.sub(_spell, text))
    except UnicodeEncodeError:
        raise Malformed(f"{field} holds a character that is no Unicode text") from None


def _spell(found: re.Match[str]) -> str:
    return "".join(f"+{byte:02X}" for byte in found.group().encode())


def read_back(spelling: str) -> str:
    """The text that `spelled` was given."""
    return _SPELLED.sub(lambda found: bytes.fromhex(found.group(1).decode()), spelling.encode()).decode()


def stream_of(originator_id: UUID | str) -> str:
    """The stream of an originator. Raises Malformed for a text that no leaf can hold."""
    if isinstance(originator_id, UUID):
        return f"{_UUIDS}{originator_id}"
    return spelled("originator_id", f"{_TEXTS}{originator_id}")


def originator_of(stream: str) -> UUID | str:
    """The originator of a stream: a UUID if it was one."""
    if stream.startswith(_UUIDS):
        return UUID(stream.removeprefix(_UUIDS))
    return read_back(stream.removeprefix(_TEXTS))


def tenant_of(name: str) -> str:
    """The tenant whose one lane holds the events recorded under a name; never one of ours."""
    return spelled("application name", f"library:{name}")
