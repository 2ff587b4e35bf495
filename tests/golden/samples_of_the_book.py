"""One event of every type that tells of a lender's book, of imports, figures, and looks at personal data."""

from datetime import UTC, date, datetime

from msgspec import Struct

from services.case.domain import events as case
from services.case.domain.facts.account import RoleLinkedFirst
from services.case.domain.facts.imports import FileSeen, RowTold
from shared.kernel.money import Money
from shared.kernel.parts import Parts

ACCOUNT = "account-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b"
CASE = "case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
PARTY = "party-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b"
DAY = date(2005, 9, 12)
TWD = Money(1_234_500, "TWD")
PARTS = Parts(1_000, 41, 250, 98_959, "TWD")

SAMPLES_OF_THE_BOOK: dict[str, Struct] = {
    "case.PersonalDataSearched/v1": case.PersonalDataSearched(
        kind="PHONE", purpose="PAYMENT_MATCH", found=1, index="9f" * 32, by="console/5b0e"
    ),
    "case.PersonalDataShown/v1": case.PersonalDataShown(
        party=PARTY,
        fields=("NAME", "PHONE"),
        purpose="COLLECTION",
        case="case-6f1c0d1e-0000-8000-8000-000000000001",
        way="CASE",
        by="console/5b0e",
    ),
    "case.PersonalDataRevealed/v1": case.PersonalDataRevealed(
        party=PARTY,
        fields=("PHONE",),
        purpose="CONTACT",
        case="case-6f1c0d1e-0000-8000-8000-000000000001",
        until=datetime(2026, 11, 22, 4, 1, tzinfo=UTC),
        by="console/5b0e",
    ),
    "case.PersonalDataRefused/v1": case.PersonalDataRefused(
        what="REVEAL", limit=20, purpose="CONTACT", party=PARTY, by="console/5b0e"
    ),
    "case.AccessLogRead/v1": case.AccessLogRead(
        party=PARTY,
        case=None,
        purpose=None,
        recorded_from=datetime(2026, 11, 21, 16, 0, tzinfo=UTC),
        recorded_until=None,
        staff="5b0e",
        by="console/0a17",
    ),
    "case.PartyRegistered/v1": case.PartyRegistered(
        kind="PERSON",
        on=DAY,
        language="zh",
        identity_kind="CN_RIC",
        party_ref="P-0001",
        name="示例甲",
        identity_no="11010519491231002X",
        birth_on=date(1949, 12, 31),
    ),
    "case.IdentityCorrected/v1": case.IdentityCorrected(
        kind="PERSON",
        on=DAY,
        revision=1,
        language=None,
        identity_kind=None,
        name="示例乙",
        identity_no=None,
        birth_on=None,
    ),
    "case.ContactPointAdded/v1": case.ContactPointAdded(
        point="pnt_01",
        medium="PHONE",
        label="mobile",
        source="APPLICATION",
        zone="Asia/Shanghai",
        on=DAY,
        value="+8613000000000",
    ),
    "case.ContactPointEnded/v1": case.ContactPointEnded(point="pnt_01", reason="REPLACED", on=DAY),
    "case.AccountBooked/v1": case.AccountBooked(
        account_ref="L-0001",
        debtor_ref="P-0001",
        debtor=PARTY,
        product="CONSUMER_LOAN",
        currency="CNY",
        on=DAY,
        revision=0,
        opened_on=date(2005, 1, 4),
        rate_ppm=150_000,
        penalty_ppm_per_day=500,
        lender="EXAMPLE",
        credit_limit=None,
    ),
    "case.AccountLeftBook/v1": case.AccountLeftBook(on=DAY, reason="RECALLED"),
    "case.RoleLinked/v1": RoleLinkedFirst(
        role="rol_01",
        kind="GUARANTOR",
        party=PARTY,
        on=DAY,
        guarantee="JOINT",
        from_=date(2005, 1, 4),
        until=date(2008, 1, 4),
        relation="SIBLING",
    ),
    "case.RoleLinked/v2": case.RoleLinked(
        role="rol_01",
        kind="GUARANTOR",
        party=PARTY,
        on=DAY,
        guarantee="JOINT",
        from_=date(2005, 1, 4),
        until=date(2008, 1, 4),
        relation="SIBLING",
        person="prs_813e258af0cbbb336bfd4a8a256b50a9",
    ),
    "case.RoleEnded/v1": case.RoleEnded(role="rol_01", on=DAY),
    "case.InstalmentScheduled/v1": case.InstalmentScheduled(
        instalment="3",
        revision=0,
        on=DAY,
        due=date(2005, 10, 4),
        amounts=PARTS,
        fee=Money(1_000, "TWD"),
        paid=Money(0, "TWD"),
        paid_on=None,
    ),
    "case.InstalmentWithdrawn/v1": case.InstalmentWithdrawn(instalment="3", on=DAY),
    "case.BalanceReported/v1": case.BalanceReported(
        as_of=DAY, balance=TWD, overdue=TWD, days_past_due=31, paid=Money(0, "TWD"), revision=0
    ),
    "case.CollateralReferenced/v1": case.CollateralReferenced(
        collateral="col_01",
        revision=0,
        kind="REAL_ESTATE",
        on=DAY,
        value=TWD,
        valued_on=DAY,
        priority=1,
        reference="R-77",
    ),
    "case.CollateralReleased/v1": case.CollateralReleased(collateral="col_01", on=DAY),
    "case.HistoryTaken/v1": case.HistoryTaken(
        what="PROMISE",
        thing="prm_01",
        fact="PromiseToPay",
        on=DAY,
        origin="AGENCY_7",
        evidence="SYSTEM_LOG",
        run="import-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",
    ),
    "case.ImportRequested/v1": case.ImportRequested(
        kind="book", mapping=64 * "a", files=1, corrections=False, names=("accounts.csv",)
    ),
    "case.ImportFileReceived/v1": case.ImportFileReceived(file=0, sha256=64 * "b", size=4711),
    "case.ImportQueued/v1": case.ImportQueued(content=64 * "c"),
    "case.ImportStarted/v1": case.ImportStarted(
        kind="book",
        content=64 * "c",
        mapping=64 * "a",
        files=(FileSeen(sha256=64 * "b", size=4711),),
        via="HTTP",
        attempt=1,
        names=("accounts.csv",),
    ),
    "case.ImportRowsTold/v1": case.ImportRowsTold(
        part=0, rows=(RowTold(file=0, row=7, outcome="REJECTED", reason="malformed", field="opened_on"),)
    ),
    "case.ImportFinished/v1": case.ImportFinished(
        outcome="DONE",
        rows=12,
        added=9,
        unchanged=2,
        rejected=1,
        events=21,
        told=12,
        content=None,
        fault=None,
    ),
    "case.ImportCancelled/v1": case.ImportCancelled(attempt=1),
    "case.CostBooked/v1": case.CostBooked(
        source="PAYROLL",
        source_ref="2005-09-T1-0042",
        kind="STAFF_TIME",
        amount=TWD,
        on=DAY,
        case=CASE,
        team=None,
    ),
    "case.CostReversed/v1": case.CostReversed(on=DAY, amount=TWD, reason="BOOKED_TWICE"),
    "case.TargetSet/v1": case.TargetSet(
        team="T1", month=date(2005, 9, 1), amount=TWD, revision=1, on=DAY, by="user:wang"
    ),
}
