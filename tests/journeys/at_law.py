"""A case at law in a journey: its matter, steps reported and answered, what the limitation says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.kit.shapes import Platform

JANUARY = "2026-01-05T10:00:00+08:00"
"""When journeys at law begin: a Monday of a year whose working days are all announced."""
PAPER = "6f3a0c51" * 8


def cny(amount: str) -> dict[str, str]:
    """An amount in yuan."""
    return {"amount": amount, "currency": "CNY"}


@dataclass
class AtLaw:
    """One case and its matter."""

    it: Platform
    case: str
    matter: str
    _approver: dict[str, str] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """The matter's path."""
        return f"/v1/legal-matters/{self.matter}"

    def said(self, path: str, **body: Any) -> Any:
        """POST about the matter; what it answers."""
        return self.it.post(self.it.legal, f"{self.at}{path}", body)

    def step(self, step: str, track: str | None = None, **more: Any) -> Any:
        """Report a step; of a track that goes on, or one that begins."""
        return self.said("/steps", **self._of(step, track, more))

    def approve(self, step: str, track: str) -> None:
        """The step of a second person."""
        answer = self.try_step(step, track, by="wang")
        assert answer.status_code == 201, answer.text

    def try_step(
        self, step: str, track: str | None = None, *, by: str | None = None, **more: Any
    ) -> httpx.Response:
        """As `step`, whatever is answered; `by` another person than usual."""
        headers = {"Idempotency-Key": f"try-{step}-{track}-{self.today}-{len(self.chain)}"}
        if by is not None:
            token = self.it.legal_quittance("token", "--person", by).out.strip()
            headers["Authorization"] = f"Bearer {token}"
        return self.it.legal.post(f"{self.at}/steps", json=self._of(step, track, more), headers=headers)

    def _of(self, step: str, track: str | None, more: dict[str, Any]) -> dict[str, Any]:
        return {"step": step, **({} if track is None else {"track": track}), **more}

    @property
    def today(self) -> str:
        """The lender's day."""
        return self.it.now()[:10]

    def show(self) -> Any:
        """The matter as it stands."""
        answer = self.it.legal.get(self.at)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, track: str) -> str:
        """Where a track stands."""
        return str(next(one["status"] for one in self.show()["tracks"] if one["id"] == track))

    def reaches(self, track: str, status: str) -> None:
        """Wait until a track stands there, by the passing of time."""
        self.it.until(lambda: self.status(track) == status)

    def claims(self) -> list[dict[str, Any]]:
        """The limitation of every debt against everybody."""
        answer = self.it.legal.get(f"/v1/cases/{self.case}/limitation")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["claims"]
        return found

    @property
    def debtor(self) -> dict[str, Any]:
        """The claim against the debtor that governs."""
        return next(one for one in self.claims() if one["role"] == "DEBTOR" and one["governs"])

    @property
    def chain(self) -> list[str]:
        """The kinds of proof on which it stands, in order."""
        return [link["kind"] for claim in self.claims()[:1] for link in claim["chain"]]

    @property
    def proofs(self) -> str:
        """The stream of the case's proofs."""
        return self.case.replace("case-", "proofs-")

    def prove(self, kind: str, on: str, *, evidence: str) -> str:
        """Put a proof on record by hand; its id."""
        body = {"kind": kind, "on": on, "evidence": evidence}
        headers = {"Idempotency-Key": f"proof-{kind}-{on}"}
        answer = self.it.legal.post(f"/v1/cases/{self.case}/limitation/proofs", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def retract(self, proof: str) -> None:
        """The proof does not stand."""
        self.it.post(self.it.legal, f"/v1/limitation-proofs/{proof}/retractions", {"reason": "FORGED"})

    def reported(self, what: str) -> list[dict[str, Any]]:
        """What the case heard of the matter, of one sort."""
        return [one for one in self.it.on_case(self.case, "LegalStepReported") if one["what"] == what]


def referred(
    it: Platform, debtor_ref: str = "", *, days_past_due: int = 100, case: str | None = None
) -> AtLaw:
    """A case, or this one, referred to the legal service: against the debtor, for all that is owed."""
    case = case or it.open_case(debtor_ref, days_past_due=days_past_due)
    it.post(it.case, f"/v1/cases/{case}/legal-referrals", {"reason": "PROMISE_BROKEN"})
    found = AtLaw(it, case, it.matter_of(case))
    found.said("/parties", role="DEBTOR")
    it.until(lambda: found.chain)
    found.said("/claims", debt=found.debtor["debt"])
    return found
