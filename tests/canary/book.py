"""The planted person's book in two layouts, and one in which every row of theirs is broken. INVENTED throughout."""

from __future__ import annotations

from pathlib import Path

from tests.canary.needles import CANARY
from tests.case.adapters.book import layouts
from tests.case.adapters.book.layouts import Person, write_csv, written

REF, GUARANTOR_REF, LOAN = "KNR-1", "KNR-2", "KNL-1"
PERSON = Person(REF, CANARY.name, CANARY.identity_no, CANARY.mobile, CANARY.work, CANARY.address)
MAP = layouts.MAP_A.replace('ignore = ["branch"]', 'ignore = ["note"]')


def whole(folder: Path, *, others: int = 0) -> tuple[Path, Path]:
    """The person as a debtor with a loan behind, as a guarantor too; `others`: people beside them."""
    folder.mkdir(parents=True)
    crowd = [f"X{number:06d}" for number in range(others)]
    write_csv(
        folder / "customers.csv",
        "customer,kind,name,id_type,id_no",
        [
            (REF, "PERSON", PERSON.name, "CN_RIC", PERSON.identity),
            (GUARANTOR_REF, "PERSON", PERSON.name, "", ""),
            *((ref, "PERSON", f"某{ref}", "", "") for ref in crowd),
        ],
    )
    points = [
        (REF, "PHONE", "mobile", PERSON.mobile), (REF, "PHONE", "home", PERSON.work),
        (REF, "ADDRESS", "home", PERSON.address), (REF, "EMAIL", "private", CANARY.email),
        (GUARANTOR_REF, "PHONE", "mobile", f"+86 {PERSON.mobile}"),
        *((ref, "PHONE", "mobile", f"154{number:08d}") for number, ref in enumerate(crowd)),
    ]  # fmt: skip
    write_csv(
        folder / "contacts.csv",
        "customer,medium,label,value,source",
        [(*row, "APPLICATION") for row in points],
    )
    loans = [(LOAN, REF, "CONSUMER", "2025-07-01", "14.6", "11500.75", 31, CANARY.note)]
    loans += [(f"L-{ref}", ref, "CONSUMER", "2025-07-01", "14.6", "100.00", 31, "") for ref in crowd]
    write_csv(folder / "loans.csv", "loan,customer,product,opened,rate,balance,dpd,note", loans)
    links = [(LOAN, REF, "DEBTOR", "", ""), (LOAN, GUARANTOR_REF, "GUARANTOR", "JOINT", "")]
    links += [(f"L-{ref}", ref, "DEBTOR", "", "") for ref in crowd]
    write_csv(folder / "links.csv", "loan,customer,role,guarantee,until", links)
    write_csv(
        folder / "schedule.csv",
        "loan,no,due,principal,interest,paid",
        [(LOAN, 1, "2026-01-05", "10", "1", "0")],
    )
    return folder, written(folder.parent / f"{folder.name}.toml", MAP)


def broken(folder: Path) -> tuple[Path, Path]:
    """The same columns, with the person's data where dates, codes, amounts and numbers are meant."""
    whole(folder)
    c = CANARY
    write_csv(
        folder / "customers.csv",
        "customer,kind,name,id_type,id_no",
        [
            (REF, c.name, c.name, c.address, c.note),
            ("", "PERSON", c.name, "", c.identity_no),
            (REF, "PERSON", "", "", c.name),
        ],
    )
    write_csv(
        folder / "contacts.csv",
        "customer,medium,label,value,source",
        [(REF, c.mobile, c.name, c.mobile, c.address), ("KNR-9", "PHONE", "mobile", c.mobile, "APPLICATION"),
         (REF, "PHONE", "mobile", c.name, c.name), (REF, "EMAIL", "x", "", c.email),
         (REF, "PHONE", c.mobile, c.mobile, "APPLICATION"), (REF, "PHONE", c.identity_no, c.work, "APPLICATION"),
         (REF, "PHONE", f"{c.mobile[:3]}-{c.mobile[3:7]}-{c.mobile[7:]}", c.mobile, "APPLICATION"),
         (REF, "PHONE", c.name, c.work, "APPLICATION"), (REF, "PHONE", "x", c.work, c.name)],
    )  # fmt: skip
    write_csv(
        folder / "loans.csv",
        "loan,customer,product,opened,rate,balance,dpd,note",
        [(LOAN, REF, c.name, c.mobile, c.email, c.identity_no, c.address, c.note),
         ("KNL-2", c.name, "CONSUMER", c.name, "1", c.mobile + "x", "31", "")],
    )  # fmt: skip
    write_csv(
        folder / "links.csv", "loan,customer,role,guarantee,until", [(LOAN, REF, c.name, c.mobile, c.address)]
    )
    write_csv(
        folder / "schedule.csv",
        "loan,no,due,principal,interest,paid",
        [(LOAN, c.name, c.mobile, c.email, "x", "0")],
    )
    return folder, folder.parent / f"{folder.name}.toml"
