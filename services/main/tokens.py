"""Whose access tokens count in this process: the configured issuer's, or those of the development issuer."""

from pathlib import Path
from typing import TYPE_CHECKING

from services.main.clocks import clock_of
from services.main.settings import Settings
from services.main.usage import Stopped

if TYPE_CHECKING:  # the web libraries come along only where something is served
    from shared.http.access import Access
    from shared.http.development_issuer import DevelopmentIssuer


def access(settings: Settings) -> "Access":
    """The check of every operation. Raises Stopped where the issuer's keys cannot be read."""
    from shared.http.access import Access
    from shared.http.development_issuer import ISSUER
    from shared.http.issuer_keys import FetchedKeys, IssuerKeys, KeysUnavailable, from_file, is_address
    from shared.http.tokens import TokenChecker

    keys: IssuerKeys
    try:
        if settings.issuer is None:
            issuer, keys = ISSUER, development_issuer(settings).keys()
        else:
            issuer, where = settings.issuer.name, settings.issuer.keys
            keys = FetchedKeys(where) if is_address(where) else from_file(Path(where))
    except KeysUnavailable as problem:
        raise Stopped(
            en="the keys of QUITTANCE_JWKS cannot be read: it must be a JWKS with public keys that have ids",
            zh="无法读取 QUITTANCE_JWKS 中的密钥：它应为含公钥及其编号的 JWKS",
        ) from problem
    checker = TokenChecker(issuer=issuer, audience=settings.audience, keys=keys, clock=clock_of(settings))
    return Access(checker, tenants=(settings.tenant,))


def development_issuer(settings: Settings) -> "DevelopmentIssuer":
    """The issuer for development, its key pair made when it is not there. Raises Stopped."""
    from shared.http.development_issuer import DevelopmentIssuer
    from shared.http.issuer_keys import KeysUnavailable

    file = settings.development_issuer_file
    try:
        return DevelopmentIssuer.open(file)
    except KeysUnavailable as problem:
        raise Stopped(
            en=f"{file.name} beside the key file holds no key pair; remove it and a new one is made",
            zh=f"密钥文件旁的 {file.name} 不含密钥对；删除后会自动生成新的",
        ) from problem


def development_token(
    settings: Settings, *, scopes: tuple[str, ...] = (), tenant: str | None = None, person: str | None = None
) -> str:
    """A token of the development issuer, with every scope unless some are named. Raises Stopped.

    `person`: for whom the developer's client acts; None: for itself, and then without the scopes of persons.
    """
    from shared.http.access import OF_PERSONS, SCOPES

    if settings.issuer is not None:
        raise Stopped(
            en="tokens come from QUITTANCE_ISSUER here; the development issuer is only used where none is configured",
            zh="此处的令牌由 QUITTANCE_ISSUER 签发；仅在未配置签发方时才使用开发用签发方",
        )
    return development_issuer(settings).token(
        audience=settings.audience,
        tenant=tenant or settings.tenant,
        clock=clock_of(settings),
        person=person,
        scopes=scopes or tuple(one for one in SCOPES if person is not None or one not in OF_PERSONS),
    )
