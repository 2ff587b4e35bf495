"""A case's limitation as JSON: what the API and `--json` answer alike."""

from datetime import date
from typing import Any

from services.legal.application.limitation.asked import CaseLimitation
from services.legal.domain.clocks.reading import Link
from services.legal.domain.facts.proofs import ProofRecorded, ProofRetracted
from services.legal.domain.limitation.reading import DebtReading
from services.legal.domain.limitation.weakest import BETTER, Weakest
from shared.messaging.published import instant


def shown(found: CaseLimitation, *, chinese: bool) -> dict[str, Any]:
    """The answer; words in Chinese or English beside the codes."""
    law = found.ground.law
    return {
        "case": found.case,
        "as_of": found.as_of.isoformat(),
        "known_at": None if found.known_at is None else instant(found.known_at),
        "law": {"id": law.id, "version": law.version, "hash": law.hash},
        "claims": [_claim(one, found.as_of, chinese=chinese) for one in found.readings],
        "proofs": [_proof(proof, gone) for proof, gone in found.proofs],
    }


def _claim(one: DebtReading, as_of: date, *, chinese: bool) -> dict[str, Any]:
    return {
        "debt": one.debt,
        "person": one.person,
        "role": one.role,
        "period": one.what,
        "clock": one.clock,
        "form": one.form,
        "governs": one.governs,
        "state": one.state,
        "over": one.over(as_of),
        "expires_on": day(one.expires_on),
        "raw_on": day(one.raw_on),
        "begins_on": day(one.begins_on),
        "chain": [_link(link) for link in one.chain],
        "weakest": None if one.weakest is None else _weakest(one.weakest, chinese=chinese),
    }


def _link(link: Link) -> dict[str, Any]:
    fact = link.fact
    return {
        "proof": fact.id,
        "kind": fact.kind,
        "on": fact.on.isoformat(),
        "effect": link.effect,
        "article": link.article,
        "evidence": fact.evidence,
        "medium": fact.medium,
        "thing": fact.thing,
        "raw_on": day(link.raw_on),
    }


def _weakest(one: Weakest, *, chinese: bool) -> dict[str, Any]:
    words = None if one.better is None else BETTER[one.better]
    return {
        "proof": one.fact.id,
        "kind": one.fact.kind,
        "on": one.fact.on.isoformat(),
        "evidence": one.fact.evidence,
        "better": one.better,
        "advice": None if words is None else words.zh if chinese else words.en,
        "without": {
            "state": one.without.state,
            "expires_on": day(one.without.expires_on),
            "raw_on": day(one.without.raw_on),
        },
    }


def _proof(proof: ProofRecorded, gone: ProofRetracted | None) -> dict[str, Any]:
    return {
        "id": proof.proof,
        "kind": proof.kind,
        "on": proof.on.isoformat(),
        "debts": list(proof.debts),
        "person": proof.person,
        "others": list(proof.others),
        "thing": proof.thing,
        "evidence": proof.evidence,
        "medium": proof.medium,
        "source": proof.source,
        "matter": proof.matter,
        "document": proof.document,
        "retracted": None if gone is None else {"on": gone.on.isoformat(), "reason": gone.reason},
    }


def day(on: date | None) -> str | None:
    """As JSON has it."""
    return None if on is None else on.isoformat()
