"""What the demo's invented bank says: a camt.053 statement with one payment, and one in which it went back."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from string import Template

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
"""Bank-to-customer statement, the version in widest use (ISO 20022)."""

_STATEMENT = Template(
    """<?xml version="1.0" encoding="UTF-8"?>
<!-- INVENTED 虚构: no such bank, no such payment -->
<Document xmlns="$space"><BkToCstmrStmt>
<GrpHdr><MsgId>DEMO-$ident</MsgId><CreDtTm>${booked}T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>DEMO-$ident</Id><CreDtTm>${booked}T06:00:00</CreDtTm>
<Acct><Id><Othr><Id>INVENTED-0001</Id></Othr></Id><Ccy>$currency</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="$currency">$opening</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>$on</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="$currency">$closing</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>$booked</Dt></Dt></Bal>
<Ntry><Amt Ccy="$currency">$amount</Amt><CdtDbtInd>$sign</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>$on</Dt></BookgDt><ValDt><Dt>$on</Dt></ValDt><AcctSvcrRef>DEMO-$ident-1</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>$family</Cd><SubFmlyCd>$kind</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>$traced</EndToEndId></Refs><Amt Ccy="$currency">$amount</Amt>
<CdtDbtInd>$sign</CdtDbtInd>$details</TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer of an account's debtor. `traced` is the payer's end-to-end reference."""

    account: str
    amount: str
    currency: str
    traced: str


def came(folder: Path, transfer: Transfer, *, on: date) -> Path:
    """The statement of the day on which the transfer came in; names the account as the creditor's reference."""
    details = f"<RmtInf><Strd><CdtrRefInf><Ref>{transfer.account}</Ref></CdtrRefInf></Strd></RmtInf>"
    return _written(folder / "bank-came.xml", transfer, on, "CRDT", details)


def went_back(folder: Path, transfer: Transfer, *, on: date) -> Path:
    """The statement of the day on which the payer's bank took it back: AM04, insufficient funds."""
    details = "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"
    return _written(folder / "bank-went-back.xml", transfer, on, "DBIT", details)


def _written(file: Path, transfer: Transfer, on: date, sign: str, details: str) -> Path:
    credit = sign == "CRDT"
    amount, opening = Decimal(transfer.amount), Decimal("100000.00")
    text = _STATEMENT.substitute(
        space=SPACE,
        ident=f"{on}-{'C' if credit else 'D'}",
        booked=on + timedelta(days=1),
        on=on,
        currency=transfer.currency,
        opening=opening,
        closing=opening + amount if credit else opening - amount,
        amount=transfer.amount,
        sign=sign,
        family="RCDT" if credit else "ICDT",
        kind="ESCT" if credit else "RRTN",
        traced=transfer.traced,
        details=details,
    )
    file.write_text(text, encoding="utf-8")
    return file
