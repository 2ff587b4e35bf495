"""A mask shows too little to use, whatever the value; and the well-known ones look as the field writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.privacy.masking import BY_FIELD
from shared.kernel.privacy import masking


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.name, "张三", "张**"),
        (masking.name, "欧阳雨晴", "欧**"),
        (masking.name, "Mary Ann Smith", "M**"),
        (masking.name, "张", "**"),
        (masking.identity_no, "110101199003071234", "1101**********1234"),
        (masking.identity_no, "E12345678", "E1*****78"),
        (masking.identity_no, "A1", "****"),
        (masking.phone, "+8613812345678", "138****5678"),
        (masking.phone, "13812345678", "138****5678"),
        (masking.phone, "+861012345678", "******5678"),
        (masking.phone, "+886912345678", "+********5678"),
        (masking.phone, "12345", "*****"),
        (masking.phone, "911", "****"),
        (masking.email, "zhang.san@example.com", "z***@e***.com"),
        (masking.email, "ab@cd.cn", "***@***.cn"),
        (masking.email, "not an address", "**"),
        (masking.address, "浙江省杭州市西湖区文三路1号", "浙江省****"),
        (masking.address, "文三路1号", "****"),
        (masking.address, "1 High Street, Springfield", "****"),
        (masking.other, "wxid_4711", "w***"),
        (masking.birth_on, "1990-03-07", "****-**-**"),
    ],
)
def test_each_kind_as_the_field_writes_it(mask, value: str, shown: str) -> None:  # type: ignore[no-untyped-def]
    assert mask(value) == shown


@given(st.sampled_from(sorted(BY_FIELD)), st.text(min_size=1, max_size=60))
def test_no_mask_shows_the_value_or_more_than_a_few_of_its_letters(field: str, value: str) -> None:
    shown = BY_FIELD[field](value)
    kept = list(shown.replace("*", ""))
    assert "*" in shown
    assert field == "EMAIL" or len(kept) <= 8
    assert field == "EMAIL" or len(kept) * 2 <= len(value) + 3
    if len(value) > 2:
        assert value not in shown


@given(st.from_regex(r"\+86[1-9][0-9]{4,11}", fullmatch=True))
def test_of_a_number_at_least_four_digits_stay_hidden(value: str) -> None:
    assert masking.phone(value).count("*") >= 4
