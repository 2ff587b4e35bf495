"""A lender's book of one debtor, as files: a loan that is overdue, and where its debtor lives. INVENTED (虚构)."""

from __future__ import annotations

from pathlib import Path

MAP = """
format = "quittance-book/1"
lender = "INVENTED_BANK"
invented = true
as_of = {as_of}
kind = "FULL"
missing = "KEEP"
paid_in = "FILES"
zone = "Asia/Shanghai"
currency = "CNY"
[files.customers]
path = "customers.csv"
[files.contacts]
path = "contacts.csv"
[files.loans]
path = "loans.csv"
[files.schedule]
path = "schedule.csv"
[[parties]]
file = "customers"
columns = {{ party_ref = "customer", kind = "kind", name = "name" }}
[[points]]
file = "contacts"
columns = {{ party_ref = "customer", medium = "medium", label = "label", value = "value", source = "source" }}
[[accounts]]
file = "loans"
columns = {{ account_ref = "loan", debtor_ref = "customer", product = "product" }}
[[instalments]]
file = "schedule"
columns = {{ account_ref = "loan", number = "no", due_on = "due", principal = "principal" }}
"""
NAME, STREET = "虚构的张三丰", "北京市朝阳区虚构路1号"
MAIL = "zhang@debtor.example"


def small_book(folder: Path, ref: str, *, due_on: str, amount: str, as_of: str) -> tuple[Path, Path]:
    """The delivery's folder and its mapping: debtor `ref` owes `amount` on loan `<ref>-L` since `due_on`."""
    folder.mkdir(parents=True)
    files = {
        "customers": f"customer,kind,name\n{ref},PERSON,{NAME}\n",
        "contacts": "customer,medium,label,value,source\n"
        f"{ref},ADDRESS,home,{STREET},APPLICATION\n{ref},EMAIL,home,{MAIL},APPLICATION\n",
        "loans": f"loan,customer,product\n{ref}-L,{ref},CONSUMER\n",
        "schedule": f"loan,no,due,principal\n{ref}-L,1,{due_on},{amount}\n",
    }
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    mapping = folder / "MAP.toml"
    mapping.write_text(MAP.format(as_of=as_of), encoding="utf-8")
    return folder, mapping
