"""What the platform is told from outside: read once, here, from the environment; passed down as a value.

Nothing else reads the environment. A wrong value is a usage error that names the variable and what it takes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from services.contact.adapters.outreach import always
from services.contact.adapters.sending import channels
from services.main.stores import FOLDER_DEFAULT, SqliteFolder, StoreAddress, parse
from services.main.usage import WrongUsage
from shared.kernel import clock

Language = Literal["en", "zh-CN"]
SHARDS_MAX = 256
PORT_DEFAULT = 8700
KEY_FILE = "keys.json"
ISSUER_FILE = "development-issuer.json"
AUDIENCE_DEFAULT = "quittance"
ISSUER_CHARS_MAX = 200
NAME_CHARS_MAX = 64
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
LAW_DEFAULT = "cn.law"
_LAW = re.compile(r"[a-z]{2}(\.[a-z]{2,20}){1,3}")
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable as the reference shows it."""

    name: str
    default: str
    means: str


VARIABLES = (
    Variable(
        "QUITTANCE_STORE",
        f"sqlite:///{FOLDER_DEFAULT}",
        "Where the ledger is: `sqlite:///DIR/` (a folder; four slashes for an absolute one) or `postgresql://…`. "
        "`--store` wins over it.",
    ),
    Variable(
        "QUITTANCE_KEYS",
        "`keys.json` in the store's folder; for PostgreSQL `./.quittance/keys.json`",
        "The key file. Without it nothing in the store can be read or verified; keep a copy apart from the store.",
    ),
    Variable(
        "QUITTANCE_DEPLOYMENT",
        "`local`",
        "The first part of every lane's origin, which stands in each event's leaf. Set it before the first event "
        "and never change it.",
    ),
    Variable("QUITTANCE_TENANT", "`default`", "The lender whose accounts are worked on."),
    Variable(
        "QUITTANCE_SHARDS",
        "`1` on SQLite, `8` on PostgreSQL",
        f"Lanes a new tenant is given, 1 to {SHARDS_MAX}. Looked at only when a tenant is first used.",
    ),
    Variable(
        "QUITTANCE_ZONE",
        "the policy's, `Asia/Shanghai`",
        "The IANA zone in which a date on the command line is read.",
    ),
    Variable("QUITTANCE_LANG", "`en`", "Language of what the command line says: `en` or `zh-CN`."),
    Variable(
        "QUITTANCE_PORT", f"`{PORT_DEFAULT}`", "Port of `serve`, on the loopback. `--port` wins over it."
    ),
    Variable(
        "QUITTANCE_ISSUER",
        "none: a development issuer whose key pair is `development-issuer.json` beside the key file",
        "Who signs the access tokens that HTTP takes, exactly as their `iss` says. Comes with QUITTANCE_JWKS.",
    ),
    Variable(
        "QUITTANCE_JWKS",
        "none",
        "The issuer's public keys (JWKS): an `https://` address, or a file.",
    ),
    Variable("QUITTANCE_AUDIENCE", f"`{AUDIENCE_DEFAULT}`", "What the `aud` of a token must be or hold."),
    Variable(
        "QUITTANCE_CASE_URL",
        "none",
        "For `work contact` and `work legal` where the case service runs elsewhere: its address, `https://…` "
        "(`http://` on the loopback), whose feed is read. In `all` they are in one process and this is not looked at.",
    ),
    Variable(
        "QUITTANCE_CONTACT_URL",
        "none",
        "For `work case` and `work legal` where the contact service runs elsewhere: its address, likewise.",
    ),
    Variable(
        "QUITTANCE_LEGAL_URL",
        "none",
        "For `work case` and `work contact` where the legal service runs elsewhere: its address, likewise. `work "
        "legal` and `serve legal` want both of the others.",
    ),
    Variable(
        "QUITTANCE_LAW",
        "`cn.law`",
        "The shipped law pack by which the legal service reckons limitation and deadlines.",
    ),
    Variable(
        "QUITTANCE_TOKEN_FILE",
        "none: a token of the development issuer, where no issuer is configured",
        "The file with the access token by which one service reads another; read again for every request.",
    ),
    Variable(
        "QUITTANCE_PLACES",
        "`CN`",
        "Every place where debtors may be whom nobody described, by commas, as the rules of contact name them: `CN`, "
        "or `US,US-MA`.",
    ),
    Variable(
        "QUITTANCE_PACKS",
        "none: the shipped packs alone",
        "A folder with policy packs of the lender's own, `house.….toml`, asked beside the shipped ones: they can "
        "refuse more than the law does, never less ([packs](../how-to/write-a-policy-pack.md)).",
    ),
    Variable(
        "QUITTANCE_TEST_CLOCK",
        "none: the machine's clock",
        "For tests and training only: the file of a clock of our own that `quittance clock` sets; every process of the "
        "store must be given the same. It shows the real time until it is set, and never goes back.",
    ),
    *(Variable(one.name, one.default, one.means) for one in channels.SETTINGS),
    *(Variable(one.name, "none", one.means) for one in always.SETTINGS),
    Variable("QUITTANCE_LOG", "`info`", f"Least level that is logged: {', '.join(LOG_LEVELS)}."),
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs access tokens, and where the public keys are: an https address, or a file."""

    name: str
    keys: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of a process. `zone` None: the policy's; `shards` None: the store's default.

    `issuer` None: tokens of the development issuer count. `test_clock`: the file of the clock to go by, None for the
    machine's. `channels`: what is said of the channels that send, checked when they are opened; holds secrets.
    `says`: what every message of outreach says (institution, hotline).
    """

    store: StoreAddress
    key_file: Path
    deployment: str
    tenant: str
    shards: int
    zone: str | None
    language: Language
    port: int
    log_level: str
    issuer: Issuer | None
    audience: str
    test_clock: Path | None = None
    channels: Mapping[str, str] = field(default_factory=dict, repr=False)
    case_url: str | None = None
    contact_url: str | None = None
    legal_url: str | None = None
    law: str = LAW_DEFAULT
    token_file: Path | None = None
    places: tuple[str, ...] = ("CN",)
    says: Mapping[str, str] = field(default_factory=dict)
    packs: Path | None = None

    @property
    def development_issuer_file(self) -> Path:
        """Where the development issuer keeps its key pair: beside the key file."""
        return self.key_file.with_name(ISSUER_FILE)

    def address_of(self, service: str) -> str | None:
        """Where a service is served that is not in this process, None where nobody said."""
        return {"case": self.case_url, "contact": self.contact_url, "legal": self.legal_url}[service]

    @property
    def chinese(self) -> bool:
        """Should people be told in Chinese?"""
        return self.language == "zh-CN"


def read(environment: Mapping[str, str], *, store: str | None = None) -> Settings:
    """The settings of this environment; `store`: what `--store` said, if anything. Raises WrongUsage."""
    address = parse(store or environment.get("QUITTANCE_STORE") or f"sqlite:///{FOLDER_DEFAULT}")
    embedded = isinstance(address, SqliteFolder)
    keys_beside = (address.folder if isinstance(address, SqliteFolder) else Path(FOLDER_DEFAULT)) / KEY_FILE
    return Settings(
        store=address,
        key_file=Path(environment.get("QUITTANCE_KEYS") or keys_beside),
        deployment=_name(environment, "QUITTANCE_DEPLOYMENT", "local"),
        tenant=_name(environment, "QUITTANCE_TENANT", "default"),
        shards=_number(environment, "QUITTANCE_SHARDS", 1 if embedded else 8, low=1, high=SHARDS_MAX),
        zone=_zone(environment),
        language=cast(Language, _one_of(environment, "QUITTANCE_LANG", ("en", "zh-CN"))),
        port=_number(environment, "QUITTANCE_PORT", PORT_DEFAULT, low=0, high=65_535),
        log_level=_one_of(environment, "QUITTANCE_LOG", LOG_LEVELS, default="info"),
        issuer=_issuer(environment),
        audience=environment.get("QUITTANCE_AUDIENCE") or AUDIENCE_DEFAULT,
        test_clock=Path(environment["QUITTANCE_TEST_CLOCK"])
        if environment.get("QUITTANCE_TEST_CLOCK")
        else None,
        case_url=_address(environment, "QUITTANCE_CASE_URL"),
        contact_url=_address(environment, "QUITTANCE_CONTACT_URL"),
        legal_url=_address(environment, "QUITTANCE_LEGAL_URL"),
        law=_law(environment),
        token_file=Path(environment["QUITTANCE_TOKEN_FILE"])
        if environment.get("QUITTANCE_TOKEN_FILE")
        else None,
        places=_places(environment),
        channels=channels.given(environment),
        says=_says(environment),
        packs=Path(environment["QUITTANCE_PACKS"]) if environment.get("QUITTANCE_PACKS") else None,
    )


def with_store(settings: Settings, *, folder: Path) -> Settings:
    """The same settings for another embedded store, with the key file that lies in it."""
    return replace(settings, store=SqliteFolder(folder), key_file=folder / KEY_FILE)


def _issuer(environment: Mapping[str, str]) -> Issuer | None:
    """The configured issuer; None, and the development issuer counts, where none is."""
    name, keys = environment.get("QUITTANCE_ISSUER"), environment.get("QUITTANCE_JWKS")
    if not name and not keys:
        return None
    if not name or not keys or len(name) > ISSUER_CHARS_MAX:
        raise WrongUsage(
            en="QUITTANCE_ISSUER and QUITTANCE_JWKS are set together, or neither",
            zh="QUITTANCE_ISSUER 与 QUITTANCE_JWKS 必须同时设置或都不设置",
        )
    if "://" in keys and not keys.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise WrongUsage(
            en="QUITTANCE_JWKS must be an https:// address or a file",
            zh="QUITTANCE_JWKS 必须是 https:// 地址或文件路径",
        )
    return Issuer(name, keys)


def _address(environment: Mapping[str, str], name: str) -> str | None:
    """Where another service is: nothing but scheme, host and port; in clear only on the loopback."""
    text = environment.get(name)
    if not text:
        return None
    found = urlsplit(text)
    near = found.scheme == "http" and found.hostname in ("127.0.0.1", "localhost")
    if (found.scheme != "https" and not near) or not found.hostname or found.path.strip("/") or found.query:
        raise WrongUsage(
            en=f"{name} must be https://HOST[:PORT], or http://127.0.0.1:PORT",
            zh=f"{name} 应为 https://主机[:端口]，或 http://127.0.0.1:端口",
        )
    return text.rstrip("/")


def _law(environment: Mapping[str, str]) -> str:
    text = environment.get("QUITTANCE_LAW") or LAW_DEFAULT
    if not _LAW.fullmatch(text):
        raise WrongUsage(
            en="QUITTANCE_LAW takes the id of a shipped law pack, such as cn.law",
            zh="QUITTANCE_LAW 应为内置法律规则包的编号，例如 cn.law",
        )
    return text


def _places(environment: Mapping[str, str]) -> tuple[str, ...]:
    text = environment.get("QUITTANCE_PLACES") or "CN"
    named = tuple(one.strip() for one in text.split(","))
    if not all(_PLACE.fullmatch(one) for one in named):
        raise WrongUsage(
            en="QUITTANCE_PLACES takes places by commas, such as CN or US-MA",
            zh="QUITTANCE_PLACES 应为以逗号分隔的地区，例如 CN 或 US-MA",
        )
    return named


def _says(environment: Mapping[str, str]) -> Mapping[str, str]:
    try:
        return always.given(environment)
    except ValueError as problem:
        raise WrongUsage(
            en=f"{problem} is not a name, or not a number, as messages can say it",
            zh=f"{problem} 不是消息可用的名称或电话号码",
        ) from None


def _number(environment: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise WrongUsage(
            en=f"{name} must be a whole number from {low} to {high}",
            zh=f"{name} 必须是 {low} 到 {high} 之间的整数",
        )
    return int(text)


def _one_of(
    environment: Mapping[str, str], name: str, allowed: tuple[str, ...], *, default: str | None = None
) -> str:
    text = environment.get(name) or default or allowed[0]
    if text not in allowed:
        raise WrongUsage(
            en=f"{name} must be one of: {', '.join(allowed)}", zh=f"{name} 只能取：{'、'.join(allowed)}"
        )
    return text


def _name(environment: Mapping[str, str], name: str, default: str) -> str:
    """A word that may stand in a lane's origin."""
    text = environment.get(name) or default
    allowed = text.isascii() and all(c.isalnum() or c in "-_." for c in text)
    if not allowed or len(text) > NAME_CHARS_MAX:
        raise WrongUsage(
            en=f"{name} takes letters, digits, '-', '_' and '.', at most {NAME_CHARS_MAX}",
            zh=f"{name} 只能包含字母、数字、“-”、“_”和“.”，最多 {NAME_CHARS_MAX} 个字符",
        )
    return text


def _zone(environment: Mapping[str, str]) -> str | None:
    text = environment.get("QUITTANCE_ZONE")
    if not text:
        return None
    try:
        clock.zone(text)
    except clock.UnknownZone:
        raise WrongUsage(
            en="QUITTANCE_ZONE must be a zone of the IANA database, such as Asia/Shanghai",
            zh="QUITTANCE_ZONE 必须是 IANA 时区名称，例如 Asia/Shanghai",
        ) from None
    return text
