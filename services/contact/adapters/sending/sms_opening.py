"""The SMS channel from its settings."""

from collections.abc import Mapping

from limits import parse_many

from services.contact.adapters.sending.channels import Opened, SettingWrong
from services.contact.adapters.sending.sms_gateway import GatewayUnusable, SmsGateway, SmsSettings
from shared.http.signing_keys import Checks, KeyUnreadable, Signs, checking_key, signing_key
from shared.kernel.clock import Clock

URL, SECRET, CALLBACK_KEYS = "QUITTANCE_SMS_URL", "QUITTANCE_SMS_SECRET", "QUITTANCE_SMS_CALLBACK_KEYS"
SENDER, REGION, RATES = "QUITTANCE_SMS_SENDER", "QUITTANCE_SMS_REGION", "QUITTANCE_SMS_RATES"
REGION_DEFAULT, RATES_DEFAULT = "CN", "20/second"
KEYS_MAX = 4


def opened(values: Mapping[str, str], clock: Clock) -> Opened | None:
    """The channel; None where no gateway is named. Raises SettingWrong."""
    if URL not in values:
        return None
    for needed in (SECRET, SENDER):
        if needed not in values:
            raise SettingWrong(needed, en=f"must be set with {URL}", zh=f"须与 {URL} 一起设置")
    key = _signs(values[SECRET])
    settings = SmsSettings(
        url=values[URL], key=key, sender=values[SENDER], region=values.get(REGION, REGION_DEFAULT)
    )
    try:
        channel = SmsGateway(settings, clock=clock)
    except GatewayUnusable as wrong:
        raise SettingWrong(wrong.setting, en=wrong.en, zh=wrong.zh) from None
    return Opened(
        channel=channel,
        rates=_rates(values.get(RATES, RATES_DEFAULT)),
        callback_keys=_checks(values.get(CALLBACK_KEYS, "")) or _own(values[SECRET]),
    )


def _signs(text: str) -> Signs:
    try:
        return signing_key(text)
    except KeyUnreadable:
        raise SettingWrong(
            SECRET, en="must be a whsec_… or whsk_… key", zh="必须是 whsec_… 或 whsk_… 密钥"
        ) from None


def _own(secret: str) -> tuple[Checks, ...]:
    """A shared secret signs both ways; with a private key nothing that calls back counts until its keys are named."""
    return (checking_key(secret),) if secret.startswith("whsec_") else ()


def _checks(text: str) -> tuple[Checks, ...]:
    try:
        found = tuple(checking_key(one) for one in text.split())
    except KeyUnreadable:
        found = ()
    if bool(text.split()) != bool(found) or len(found) > KEYS_MAX:
        raise SettingWrong(
            CALLBACK_KEYS,
            en=f"must be whsec_… or whpk_… keys, {KEYS_MAX} at most",
            zh=f"必须是 whsec_… 或 whpk_… 密钥，最多 {KEYS_MAX} 个",
        )
    return found


def _rates(text: str) -> str:
    try:
        parse_many(text)
    except ValueError:
        raise SettingWrong(
            RATES, en="must be rates such as 10/second;2000/hour", zh="必须是速率，例如 10/second;2000/hour"
        ) from None
    return text
