"""How the invented book is laid out as files: Chinese columns, UTF-8, a first line that says it is invented."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from services.main.sample.book.portfolio import Row

NOTICE = (
    "# INVENTED 虚构: no person, number or address in this file is real 本文件中的人名、号码、地址均非真实"
)
COLUMNS = {
    "parties": "客户号,类型,姓名,证件类型,证件号码,出生日期",
    "points": "客户号,联系方式,标签,内容,来源,时区",
    "accounts": "账号,客户号,产品,开户日期,年利率,日罚息,信用额度",
    "roles": "账号,客户号,角色,保证方式,起始日,截止日,关系",
    "instalments": "账号,期次,到期日,本金,利息,已还,还款日",
    "balances": "账号,余额,逾期金额,逾期天数",
    "collateral": "账号,登记号,种类,估值,估值日期,顺位",
}
"""The header of each file, as the mappings beside this module read it."""
OPERATION = "操作"


def text(file: str, rows: Iterable[Row], *, delta: bool = False) -> str:
    """A whole file. Of a delta every row ends with what became of it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = COLUMNS[file].split(",")
    out.write(f"{NOTICE}\n")
    writer.writerow([*columns, OPERATION] if delta else columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    return "" if value is None else value.isoformat() if isinstance(value, date) else value
