"""How each field of a party is masked by default."""

from collections.abc import Callable, Mapping

from shared.kernel.privacy import masking

BY_FIELD: Mapping[str, Callable[[str], str]] = {
    "NAME": masking.name,
    "IDENTITY_NO": masking.identity_no,
    "BIRTH_ON": masking.birth_on,
    "PHONE": masking.phone,
    "EMAIL": masking.email,
    "ADDRESS": masking.address,
    "WECHAT": masking.other,
}
