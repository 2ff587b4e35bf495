"""The token by which one service asks another: of the file that the settings name, or the development issuer's."""

from collections.abc import Callable

from services.main.clocks import clock_of
from services.main.settings import Settings
from services.main.tokens import development_issuer
from services.main.usage import Stopped

SCOPES = {
    "case": ("feed:read",),
    "contact": ("feed:read", "contact:address"),
    "legal": ("feed:read", "legal:address", "case:read", "contact:decide"),
}
"""Service -> what it may do at the others."""
TOKEN_FOR_S = 600
"""How long a token of the development issuer is used before the next is made."""


def token_of(settings: Settings, service: str) -> Callable[[], str]:
    """The token with which a service asks another. Raises Stopped."""
    if (file := settings.token_file) is not None:
        return lambda: file.read_text("ascii").strip()
    if settings.issuer is not None:
        raise Stopped(
            en="QUITTANCE_TOKEN_FILE must name the token by which this service reads the other",
            zh="请用 QUITTANCE_TOKEN_FILE 指明本服务读取另一服务所用的令牌文件",
        )
    issuer, clock = development_issuer(settings), clock_of(settings)
    made: list[tuple[float, str]] = []

    def token() -> str:
        now = clock.now().timestamp()
        if not made or now - made[0][0] > TOKEN_FOR_S:
            text = issuer.token(
                audience=settings.audience, tenant=settings.tenant, clock=clock, client=f"quittance-{service}",
                scopes=SCOPES[service],
            )  # fmt: skip
            made[:] = [(now, text)]
        return made[0][1]

    return token
