"""A bank that nobody here wrote (`mock-bank` from PyPI), running on the loopback: pain files in, camt messages out."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx

OURS = "NL41MOCK0000000001"
"""The lender's account at the bank."""
PAYER = "Canary Debtor of Nowhere"
ELSEWHERE = "NL91ABNA0417164300"
STARTED_S = 30.0
CALL_S = 10.0


class MockBank:
    """A running bank; its account is kept in `currency`."""

    def __init__(self, http: httpx.Client, currency: str) -> None:
        self.http, self.currency, self._files = http, currency, 0

    def advance(self, days: int) -> None:
        """Bank time goes on."""
        self._did(self.http.post(f"/_mock/advance?days={days}"))

    def credit(self, minor: int, *, reference: str | None = None, note: str | None = None) -> None:
        """Somebody pays in."""
        said: dict[str, Any] = {"account": "ACME", "amount": minor, "currency": self.currency}
        said |= {"debtor": {"name": PAYER, "iban": ELSEWHERE}}
        said |= {name: value for name, value in (("reference", reference), ("note", note)) if value}
        self._did(self.http.post("/_mock/credits", json=said))

    def collect(self, on: date, *debits: tuple[str, int, str]) -> None:
        """Send a pain.008: (end-to-end reference, minor units, text) of each direct debit."""
        self._send(_pain008(self._number(), on, self.currency, debits))

    def refuse(self, traced: str, reason: str) -> None:
        """The debtor's bank says no, before or after the money came."""
        self._did(self.http.post(f"/_mock/collections/{traced}/refuse", json={"reason": reason}))

    def pay(self, on: date, traced: str, minor: int) -> None:
        """Send a pain.001: the lender pays somebody."""
        self._send(_pain001(self._number(), on, self.currency, traced, minor))

    def behave(self, behaviour: str, **parameters: Any) -> None:
        """What the bank does with the lender's account from now on."""
        self._did(
            self.http.patch("/_mock/accounts/ACME", json={"behaviour": behaviour, "parameters": parameters})
        )

    def messages(self, *kinds: str) -> list[str]:
        """What the bank has sent of the lender's account and nobody has collected yet, oldest first."""
        found = self._did(self.http.get("/_mock/mailbox")).json()
        wanted = tuple(kinds or ("camt.",))
        return [one["body"] for one in found if one["account"] == "ACME" and one["type"].startswith(wanted)]

    def _number(self) -> int:
        self._files += 1
        return self._files

    def _send(self, pain: str) -> None:
        answer = self._did(
            self.http.post("/payments", content=pain.encode(), headers={"Content-Type": "application/xml"})
        ).json()
        assert answer["status"] == "ACCP", answer

    @staticmethod
    def _did(answer: httpx.Response) -> httpx.Response:
        assert answer.is_success, answer.text
        return answer


@contextmanager
def mock_bank(*, clock: str, currency: str = "CNY") -> Iterator[MockBank]:
    """A bank on a port of its own, whose time starts at `clock` (YYYY-MM-DDTHH:MM, UTC); ended at the end."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "mockbank", "--port", str(port), "--clock", clock, "-q"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=CALL_S, trust_env=False) as http:
            _wait(http, running)
            bank = MockBank(http, currency)
            bank._did(http.patch("/_mock/accounts/ACME", json={"currency": currency}))
            yield bank
    finally:
        running.terminate()
        try:
            running.wait(CALL_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _wait(http: httpx.Client, running: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTED_S
    while time.monotonic() < ends:
        assert running.poll() is None, "the bank ended"
        try:
            if http.get("/_mock/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the bank did not start")


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _pain008(number: int, on: date, currency: str, debits: Sequence[tuple[str, int, str]]) -> str:
    total = _decimal(sum(minor for _, minor, _ in debits))
    one_by_one = "".join(
        f'<DrctDbtTxInf><PmtId><EndToEndId>{traced}</EndToEndId></PmtId><InstdAmt Ccy="{currency}">{_decimal(minor)}'
        f"</InstdAmt><DrctDbtTx><MndtRltdInf><MndtId>M-{traced}</MndtId><DtOfSgntr>2026-01-01</DtOfSgntr>"
        "</MndtRltdInf></DrctDbtTx><DbtrAgt><FinInstnId><BICFI>ABNANL2A</BICFI></FinInstnId></DbtrAgt>"
        f"<Dbtr><Nm>{PAYER}</Nm></Dbtr><DbtrAcct><Id><IBAN>{ELSEWHERE}</IBAN></Id></DbtrAcct>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></DrctDbtTxInf>"
        for traced, minor, text in debits
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08">'
        f"<CstmrDrctDbtInitn><GrpHdr><MsgId>DD-{number}</MsgId><CreDtTm>2026-12-01T09:00:00</CreDtTm>"
        f"<NbOfTxs>{len(debits)}</NbOfTxs><CtrlSum>{total}</CtrlSum><InitgPty><Nm>Lender</Nm></InitgPty></GrpHdr>"
        f"<PmtInf><PmtInfId>B-{number}</PmtInfId><PmtMtd>DD</PmtMtd><NbOfTxs>{len(debits)}</NbOfTxs>"
        f"<CtrlSum>{total}</CtrlSum><PmtTpInf><SeqTp>RCUR</SeqTp></PmtTpInf><ReqdColltnDt>{on}</ReqdColltnDt>"
        f"<Cdtr><Nm>Lender</Nm></Cdtr><CdtrAcct><Id><IBAN>{OURS}</IBAN></Id></CdtrAcct>"
        f"<CdtrAgt><FinInstnId><BICFI>MOCKNL2A</BICFI></FinInstnId></CdtrAgt>{one_by_one}</PmtInf>"
        "</CstmrDrctDbtInitn></Document>"
    )


def _pain001(number: int, on: date, currency: str, traced: str, minor: int) -> str:
    total = _decimal(minor)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">'
        f"<CstmrCdtTrfInitn><GrpHdr><MsgId>CT-{number}</MsgId><CreDtTm>2026-12-01T09:00:00</CreDtTm><NbOfTxs>1</NbOfTxs>"
        f"<CtrlSum>{total}</CtrlSum><InitgPty><Nm>Lender</Nm></InitgPty></GrpHdr><PmtInf><PmtInfId>C-{number}</PmtInfId>"
        f"<PmtMtd>TRF</PmtMtd><ReqdExctnDt><Dt>{on}</Dt></ReqdExctnDt><Dbtr><Nm>Lender</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{OURS}</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><BICFI>MOCKNL2A</BICFI></FinInstnId>"
        f"</DbtrAgt><CdtTrfTxInf><PmtId><EndToEndId>{traced}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="{currency}">{total}</InstdAmt></Amt>'
        "<CdtrAgt><FinInstnId><BICFI>ABNANL2A</BICFI></FinInstnId></CdtrAgt>"
        f"<Cdtr><Nm>{PAYER}</Nm></Cdtr><CdtrAcct><Id><IBAN>{ELSEWHERE}</IBAN></Id></CdtrAcct></CdtTrfTxInf></PmtInf>"
        "</CstmrCdtTrfInitn></Document>"
    )
