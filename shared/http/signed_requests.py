"""Requests that carry a signature (RFC 9421): method, host, path, query and what else is named cannot be changed.

One label and a closed list of components: what we send ourselves, and what our own test servers check. The body is
bound by its `Content-Digest` (RFC 9530).
"""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from shared.http.signing_keys import Checks, Signs

LABEL = "quittance"
OLD_S = 300
"""How far the clock of a signature may be from ours, either way."""
_DERIVED = ("@method", "@authority", "@path", "@query")
_PARAMETERS = re.compile(
    r'\((?P<names>"[a-z@-]+"(?: "[a-z@-]+")*)\);created=(?P<created>[0-9]{1,12})'
    r';keyid="(?P<keyid>[0-9a-f]{1,64})";alg="(?P<alg>[a-z0-9-]+)"'
)
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What of a request is signed; `headers` in lower case."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)

    def component(self, name: str) -> str:
        """A component's value (RFC 9421, 2.1 and 2.2). Raises KeyError for a header that is not there."""
        parts = urlsplit(self.url)
        match name:
            case "@method":
                return self.method.upper()
            case "@authority":
                own = parts.port is None or parts.port == _PORTS.get(parts.scheme)
                host = parts.hostname or ""
                host = f"[{host}]" if ":" in host else host
                return host if own else f"{host}:{parts.port}"
            case "@path":
                return parts.path or "/"
            case "@query":
                return f"?{parts.query}"
        return self.headers[name].strip()


def content_digest(body: bytes) -> str:
    """The `Content-Digest` of a body."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(request: Outgoing, names: Sequence[str], parameters: str) -> bytes:
    """What is signed (RFC 9421, 2.5). Raises KeyError."""
    lines = [f'"{name}": {request.component(name)}' for name in names]
    return "\n".join((*lines, f'"@signature-params": {parameters}')).encode()


def sign(request: Outgoing, key: Signs, *, now: datetime, headers: Sequence[str] = ()) -> dict[str, str]:
    """The two header fields of a signature over the request and these of its headers, lower case."""
    names = (*_DERIVED, *headers)
    listed = " ".join(f'"{name}"' for name in names)
    parameters = f'({listed});created={int(now.timestamp())};keyid="{key.key_id}";alg="{key.algorithm}"'
    made = b64encode(key.sign(signature_base(request, names, parameters))).decode()
    return {"signature-input": f"{LABEL}={parameters}", "signature": f"{LABEL}=:{made}:"}


def verified(
    request: Outgoing, key: Checks, *, now: datetime, headers: Sequence[str] = (), body: bytes = b""
) -> bool:
    """Is the request signed with this key, lately, over at least these headers, and is the body the one signed?"""
    label, _, parameters = request.headers.get("signature-input", "").partition("=")
    found = _PARAMETERS.fullmatch(parameters)
    given = request.headers.get("signature", "")
    prefix = f"{LABEL}=:"
    if label != LABEL or found is None or not (given.startswith(prefix) and given.endswith(":")):
        return False
    names = [name.strip('"') for name in found["names"].split(" ")]
    if not {*_DERIVED, *headers} <= set(names) or found["alg"] != key.algorithm:
        return False
    if abs(now.timestamp() - int(found["created"])) > OLD_S or found["keyid"] != key.key_id:
        return False
    if "content-digest" in names and request.headers.get("content-digest") != content_digest(body):
        return False
    try:
        signature = b64decode(given[len(prefix) : -1], validate=True)
        return key.verified(signature_base(request, names, parameters), signature)
    except (KeyError, ValueError):
        return False
