"""Every channel that sends by itself: by which settings it is told where its provider is, and how it is opened.

A new channel is one file beside this one, and one entry in KINDS (docs/how-to/add-a-channel.md). Channels are opened
from settings alone; one that is not configured is not there, and its messages wait.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.contact.application.channel_port import Channel
from shared.kernel.clock import Clock

if TYPE_CHECKING:  # commands that send nothing start without the libraries of the guards
    from services.contact.application.sending.guarded import GuardedChannel, Observed
    from services.contact.application.sending.inbound import Provider
    from shared.http.signing_keys import Checks

Values = Mapping[str, str]
"""Settings by their names; those not set are absent."""


class SettingWrong(ValueError):
    """A setting of a channel cannot be used; says which and why in both languages, never its value."""

    def __init__(self, name: str, *, en: str, zh: str) -> None:
        super().__init__(f"{name} {en}")
        self.name, self.en, self.zh = name, f"{name} {en}", f"{name} {zh}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the reference shows it."""

    name: str
    default: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A channel, its provider's rates (guarded.py), and the keys by which the provider signs what it tells us."""

    channel: Channel
    rates: str
    callback_keys: "tuple[Checks, ...]" = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A channel that can be had. `opens` gives None where it is not configured. Raises SettingWrong."""

    channel: str
    settings: tuple[Setting, ...]
    opens: Callable[[Values, Clock], Opened | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The channels of a process behind their guards, by name; and who calls back, by the provider's name."""

    by_channel: "Mapping[str, GuardedChannel]"
    providers: "Mapping[str, Provider]"

    @property
    def asked_later(self) -> "Mapping[str, GuardedChannel]":
        """Those whose provider can be asked what became of a message."""
        return {name: one for name, one in self.by_channel.items() if one.tells_later}

    async def close(self) -> None:
        """Let go of connections."""
        for one in self.by_channel.values():
            await one.close()


def _sms(values: Values, clock: Clock) -> Opened | None:
    from services.contact.adapters.sending.sms_opening import opened

    return opened(values, clock)


def _email(values: Values, clock: Clock) -> Opened | None:
    from services.contact.adapters.sending.email_opening import opened

    return opened(values, clock)


def _letters(values: Values, clock: Clock) -> Opened | None:
    from services.contact.adapters.letters.opening import opened

    return opened(values, clock)


KINDS = (
    Kind(
        channel="sms",
        settings=(
            Setting(
                "QUITTANCE_SMS_URL",
                "none: no text messages are sent",
                "The SMS gateway: an `https://` address, or `http://` on the loopback "
                "([protocol](../how-to/connect-an-sms-gateway.md)).",
            ),
            Setting(
                "QUITTANCE_SMS_SECRET",
                "none",
                "The key that signs requests to the gateway: `whsec_…` (shared secret) or `whsk_…` (Ed25519, private).",
            ),
            Setting(
                "QUITTANCE_SMS_CALLBACK_KEYS",
                "QUITTANCE_SMS_SECRET, where that is a shared secret",
                "The keys by which the gateway signs its callbacks, `whsec_…` or `whpk_…` (Ed25519, public), "
                "separated by blanks; several while one is replaced by another.",
            ),
            Setting(
                "QUITTANCE_SMS_SENDER", "none", "Who text messages come from: the sender's number or name."
            ),
            Setting(
                "QUITTANCE_SMS_REGION", "`CN`", "The country of numbers without a country code, two letters."
            ),
            Setting(
                "QUITTANCE_SMS_RATES",
                "`20/second`",
                "How many messages the gateway takes from this process at most, such as `10/second;2000/hour`.",
            ),
        ),
        opens=_sms,
    ),
    Kind(
        channel="email",
        settings=(
            Setting(
                "QUITTANCE_SMTP_URL",
                "none: no e-mail is sent",
                "The mail server: `smtps://host[:465]`, or `smtp://host[:587]`, which must offer STARTTLS; "
                "`smtp+none://` without encryption, on the loopback only.",
            ),
            Setting("QUITTANCE_SMTP_USER", "none: no authentication", "Who we are to the mail server."),
            Setting("QUITTANCE_SMTP_PASSWORD", "none", "The password; never shown, never logged."),
            Setting("QUITTANCE_SMTP_FROM", "none", "The address e-mail comes from."),
            Setting("QUITTANCE_SMTP_NAME", "none", "The name beside that address."),
            Setting(
                "QUITTANCE_SMTP_BOUNCES",
                "QUITTANCE_SMTP_FROM",
                "Where what cannot be delivered goes back to. The message's key is put behind its local part: "
                "`bounces+cat_…@lender.example`.",
            ),
            Setting(
                "QUITTANCE_SMTP_BOUNCE_TAG",
                "`plus`",
                "`none` where that mailbox takes no addresses with a plus sign: bounces then find their message by the "
                "envelope id and the Message-ID alone.",
            ),
            Setting(
                "QUITTANCE_SMTP_AUTHORITY",
                "the machine's authorities alone",
                "A file of certificates (PEM) to trust as well.",
            ),
            Setting(
                "QUITTANCE_SMTP_RATES",
                "`10/second`",
                "How many messages the mail server takes from this process at most, such as `5/second;2000/hour`.",
            ),
        ),
        opens=_email,
    ),
    Kind(
        channel="letter",
        settings=(
            Setting(
                "QUITTANCE_LETTER_SPOOL",
                "none: no letters are printed",
                "The folder into which letters are printed; it holds names and addresses in clear "
                "([letters](../how-to/print-letters.md)).",
            ),
            Setting("QUITTANCE_LETTERHEAD", "a sample bank's", "The lender's own letterhead: a TOML file."),
            Setting(
                "QUITTANCE_LETTER_POSTAL_CLASS",
                "`STANDARD`",
                "How letters are posted: `STANDARD`, `REGISTERED` or `REGISTERED_WITH_RECEIPT`.",
            ),
            Setting(
                "QUITTANCE_LETTER_ZONE", "`Asia/Shanghai`", "The zone by whose calendar letters are dated."
            ),
        ),
        opens=_letters,
    ),
)
SETTINGS = tuple(setting for kind in KINDS for setting in kind.settings)


def given(environment: Values) -> dict[str, str]:
    """What an environment says to the channels; empty values count as not set."""
    return {one.name: environment[one.name] for one in SETTINGS if environment.get(one.name)}


def open_channels(values: Values, *, clock: Clock, observed: "Observed | None" = None) -> Channels:
    """Every configured channel behind its guards; `clock` is the service's. Raises SettingWrong."""
    found = [one for kind in KINDS if (one := kind.opens(values, clock)) is not None]
    if not found:
        return Channels(by_channel={}, providers={})
    from services.contact.application.sending.guarded import GuardedChannel, Guards
    from services.contact.application.sending.inbound import Provider

    return Channels(
        by_channel={
            one.channel.channel: GuardedChannel(one.channel, Guards(rates=one.rates), observed=observed)
            for one in found
        },
        providers={
            one.channel.name: Provider(one.channel.channel, one.callback_keys)
            for one in found
            if one.callback_keys
        },
    )
