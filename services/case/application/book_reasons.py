"""Why a row of a lender's book is not taken in: stable codes, and what each means in both languages.

A row that is wrong in several ways is rejected for the first, in the order: the row as a whole, then its fields in the
order of our rows, then what it says together with the delivery's other rows, then what the ledger knows.
"""

from typing import NamedTuple

MALFORMED_ROW = "malformed-row"
TOO_LONG = "too-long"
BAD_ENCODING = "bad-encoding"
HEADER_AGAIN = "header-again"
MISSING_VALUE = "missing-value"
BAD_TEXT = "bad-text"
BAD_DATE = "bad-date"
BAD_AMOUNT = "bad-amount"
NEGATIVE_AMOUNT = "negative-amount"
BAD_NUMBER = "bad-number"
UNKNOWN_CURRENCY = "unknown-currency"
UNKNOWN_ZONE = "unknown-zone"
UNMAPPED_CODE = "unmapped-code"
BAD_IDENTITY_NUMBER = "bad-identity-number"
BAD_PHONE = "bad-phone"
BAD_EMAIL = "bad-email"
DATE_ORDER = "date-order"
OTHER_AS_OF = "other-as-of"
DUPLICATE_KEY = "duplicate-key"
CURRENCY_CHANGED = "currency-changed"
UNKNOWN_ACCOUNT = "unknown-account"
UNKNOWN_PARTY = "unknown-party"
DEBTOR_CHANGED = "debtor-changed"
OUT_OF_ORDER = "out-of-order"
KNOWN_BY_STATEMENTS = "known-by-statements"
CURRENCY_OF_CASE = "currency-of-case"
NOT_ON_CASE = "not-on-case"
FORGOTTEN = "forgotten"
TOO_MANY = "too-many"


class Words(NamedTuple):
    """A reason in both languages."""

    en: str
    zh: str

    def said(self, *, chinese: bool) -> str:
        """In the reader's language."""
        return self.zh if chinese else self.en


REASONS: dict[str, Words] = {
    MALFORMED_ROW: Words(
        "the row has not as many fields as the header, or a quote does not close",
        "列数与表头不符，或引号未闭合",
    ),
    TOO_LONG: Words("the row or the field is too long", "该行或该字段过长"),
    BAD_ENCODING: Words(
        "the bytes are not text of the encoding that the mapping names", "字节与映射所声明的编码不符"
    ),
    HEADER_AGAIN: Words("the row repeats the header", "该行重复了表头"),
    MISSING_VALUE: Words("a value that must be there is blank", "必填项为空"),
    BAD_TEXT: Words(
        "the cell holds control characters, or a number where a text belongs",
        "单元格含控制字符，或应为文本处是数字",
    ),
    BAD_DATE: Words("not a date of the formats that the mapping names", "日期不符合映射所声明的格式"),
    BAD_AMOUNT: Words(
        "not an amount of the currency in the mapping's unit", "金额不符合映射所声明的单位或币种位数"
    ),
    NEGATIVE_AMOUNT: Words("the amount is below zero where it cannot be", "金额为负，而此处不允许"),
    BAD_NUMBER: Words("not a number, or outside of what is possible", "不是数字，或超出可能范围"),
    UNKNOWN_CURRENCY: Words("not a currency of ISO 4217", "不是 ISO 4217 币种"),
    UNKNOWN_ZONE: Words("not a time zone of the IANA database", "不是 IANA 时区"),
    UNMAPPED_CODE: Words("the lender's code is not in the mapping's table", "贷方代码不在映射的代码表中"),
    BAD_IDENTITY_NUMBER: Words("the identity number fails its own check", "证件号码未通过校验"),
    BAD_PHONE: Words("not a telephone number", "不是有效的电话号码"),
    BAD_EMAIL: Words("not an e-mail address", "不是有效的电子邮箱"),
    DATE_ORDER: Words("a date lies after one that it must not be after", "日期先后颠倒"),
    OTHER_AS_OF: Words("the row is as of another day than the delivery", "该行的数据日期与本次交付不同"),
    DUPLICATE_KEY: Words(
        "an earlier row of the delivery says something else under the same key",
        "本次交付中同一主键的先前行内容不同",
    ),
    CURRENCY_CHANGED: Words("the currency is not the account's", "币种与账户不一致"),
    UNKNOWN_ACCOUNT: Words("no row names the account", "没有任何行提供该账户"),
    UNKNOWN_PARTY: Words("no row names the party", "没有任何行提供该当事人"),
    DEBTOR_CHANGED: Words("the account is on record under another debtor", "该账户已登记在其他债务人名下"),
    OUT_OF_ORDER: Words("a later delivery has said otherwise already", "较晚的交付已有不同内容"),
    KNOWN_BY_STATEMENTS: Words(
        "statements were taken in of the account, as of a debtor of its own",
        "该账户已按账单导入，视为独立债务人",
    ),
    CURRENCY_OF_CASE: Words(
        "the account is overdue in another currency than the debtor's open case",
        "该账户逾期币种与债务人开立中的案件不一致",
    ),
    TOO_MANY: Words(
        "the account or party has more rows than can be taken in", "该账户或当事人的行数超过上限"
    ),
    NOT_ON_CASE: Words(
        "the debtor's case, as people have changed it, does not take what follows from the row",
        "债务人案件已被人工变更，无法承接该行的后果",
    ),
    FORGOTTEN: Words(
        "the person was forgotten, and does not come back by a file", "该当事人信息已依法删除，不得再次导入"
    ),
}
"""By code; the order is that of precedence."""
