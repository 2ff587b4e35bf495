"""Bank statements of an invented bank, in every message and version that is read: valid against ISO's own schemas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

ACCOUNT = "NL41MOCK0000000001"
PAYER = "Canary Payer of Nowhere"
"""Who pays in every statement made here; must not be found anywhere afterwards."""
PAYER_ACCOUNT = "NL91ABNA0417164300"
DAY = date(2026, 12, 1)
VERSIONS = ("02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14")
_PARTS = {
    "052": ("BkToCstmrAcctRpt", "Rpt"), "053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Tx:
    """A transaction; `ref` is the bank's. `codes`: family and sub-family. `reason`: it went back."""

    minor: int = 500_00
    ref: str | None = "B-1"
    traced: str | None = None
    credit: bool = True
    reason: str | None = None
    structured: str | None = None
    text: str | None = None
    on: date = DAY
    booked: date | None = None
    status: str = "BOOK"
    reversal: bool = False
    codes: tuple[str, str] = ("RCDT", "ESCT")
    currency: str = "CNY"
    original: str | None = None
    instructed: int | None = None


def statement(
    *entries: Tx | Sequence[Tx],
    kind: str = "053",
    version: str = "08",
    ident: str = "S-1",
    opening: int = 0,
    closing: int | None = None,
    account: str = ACCOUNT,
) -> str:
    """One statement; an entry of several transactions is a collective booking under the first one's reference."""
    container, part = _PARTS[kind]
    booked = [_sum(one) for one in entries if _all(one)[0].status == "BOOK"]
    closing = opening + sum(booked) if closing is None else closing
    balances = _balance("OPBD", opening) + _balance("CLBD", closing) if kind == "053" else ""
    said = "".join(_entry(_all(one), version) for one in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}">'
        f"<{container}><GrpHdr><MsgId>M-{ident}</MsgId><CreDtTm>2026-12-02T06:00:00</CreDtTm></GrpHdr>"
        f"<{part}><Id>{ident}</Id><CreDtTm>2026-12-02T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>CNY</Ccy></Acct>{balances}{said}</{part}></{container}></Document>"
    )


def _all(one: Tx | Sequence[Tx]) -> list[Tx]:
    return [one] if isinstance(one, Tx) else list(one)


def _sum(one: Tx | Sequence[Tx]) -> int:
    total = sum(tx.minor for tx in _all(one))
    return total if _all(one)[0].credit else -total


def _balance(kind: str, minor: int) -> str:
    sign = "CRDT" if minor >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amt(abs(minor), 'CNY')}"
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{DAY}</Dt></Dt></Bal>"
    )


def _amt(minor: int, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{minor // 100}.{minor % 100:02d}</Amt>'


def _entry(txs: list[Tx], version: str) -> str:
    first, newer = txs[0], version >= "07"
    sign = "CRDT" if first.credit else "DBIT"
    status = f"<Sts><Cd>{first.status}</Cd></Sts>" if newer else f"<Sts>{first.status}</Sts>"
    family, sub = first.codes
    said = "".join(_details(tx, sign, version, alone=len(txs) == 1) for tx in txs)
    batch = f"<Btch><NbOfTxs>{len(txs)}</NbOfTxs></Btch>" if len(txs) > 1 else ""
    return (
        f"<Ntry>{_amt(sum(tx.minor for tx in txs), first.currency)}<CdtDbtInd>{sign}</CdtDbtInd>"
        + ("<RvslInd>true</RvslInd>" if first.reversal else "")
        + f"{status}<BookgDt><Dt>{first.booked or first.on}</Dt></BookgDt><ValDt><Dt>{first.on}</Dt></ValDt>"
        + (f"<AcctSvcrRef>{escape(first.ref)}</AcctSvcrRef>" if first.ref else "")
        + f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        + f"<NtryDtls>{batch}{said}</NtryDtls></Ntry>"
    )


def _details(tx: Tx, sign: str, version: str, *, alone: bool) -> str:
    refs = f"<EndToEndId>{escape(tx.traced or 'NOTPROVIDED')}</EndToEndId>"
    if tx.original:
        refs += f"<Prtry><Tp>ORIGINAL</Tp><Ref>{escape(tx.original)}</Ref></Prtry>"
    name = f"<Nm>{PAYER}</Nm>"
    party = f"<Pty>{name}</Pty>" if version >= "07" else name
    instructed = f"<InstdAmt>{_amt(tx.instructed, tx.currency)}</InstdAmt>" if tx.instructed else ""
    if version == "02":
        amount = f"<AmtDtls>{instructed}<TxAmt>{_amt(tx.minor, tx.currency)}</TxAmt></AmtDtls>"
    else:
        amount = f"{_amt(tx.minor, tx.currency)}<CdtDbtInd>{sign}</CdtDbtInd>"
        amount += f"<AmtDtls>{instructed}</AmtDtls>" if instructed else ""
    text = f"<Ustrd>{escape(tx.text)}</Ustrd>" if tx.text else ""
    structured = (
        f"<Strd><CdtrRefInf><Ref>{escape(tx.structured)}</Ref></CdtrRefInf></Strd>" if tx.structured else ""
    )
    servicer = "" if alone or not tx.ref else f"<AcctSvcrRef>{escape(tx.ref)}</AcctSvcrRef>"
    return (
        f"<TxDtls><Refs>{servicer}{refs}</Refs>{amount}<RltdPties><Dbtr>{party}</Dbtr>"
        f"<DbtrAcct><Id><IBAN>{PAYER_ACCOUNT}</IBAN></Id></DbtrAcct></RltdPties>"
        + (f"<RmtInf>{text}{structured}</RmtInf>" if text or structured else "")
        + (f"<RtrInf><Rsn><Cd>{tx.reason}</Cd></Rsn></RtrInf>" if tx.reason else "")
        + "</TxDtls>"
    )
