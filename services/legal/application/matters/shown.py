"""A matter as it is shown: from the ledger, with what may follow on each track and what falls due."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.legal.application.known import OnRecord
from services.legal.domain.deadlines.reading import deadlines
from services.legal.domain.facts import matter as m
from services.legal.domain.ground import Ground
from services.legal.domain.letters import machine as letter
from services.legal.domain.matter import Matter
from services.legal.domain.parties import parties
from services.legal.domain.recording import claims, costs, firms
from services.legal.domain.tracks.all_tracks import kind_of, under_way
from services.legal.domain.tracks.machine import against, wire_name
from shared.kernel import parts
from shared.kernel.money import Money, to_json
from shared.kernel.parts import Parts


def document(known: OnRecord, ground: Ground, *, as_of: date) -> dict[str, Any]:
    """Everything of the matter that stands, in the words of the wire. It must have been opened."""
    matter = known.matter
    begun, ended = matter.opened, matter.closed
    assert begun is not None, "whoever shows a matter has found it"
    firm = firms.placement(matter)
    shown = [_track(matter, track) for track in matter.tracks]
    return {
        "id": begun.matter, "case": begun.case, "referral": begun.referral, "reason": begun.reason,
        "opened_on": _day(begun.on), "status": "OPEN" if ended is None else "CLOSED",
        "outcome": None if ended is None else ended.outcome,
        "closed_on": None if ended is None else _day(ended.on),
        "owed_when_referred": None if begun.owed is None else parts_shown(begun.owed),
        "parties": [_party(one) for one in parties(matter).values()],
        "claims": [_claim(one) for one in matter.all(m.ClaimStated)],
        "assessments": [_assessment(one) for one in matter.all(m.FeasibilityAssessed)],
        "placement": None if firm is None else _placement(firm),
        "tracks": [one for one in shown if one["kind"] != letter.KIND],
        "letters": [one for one in shown if one["kind"] == letter.KIND],
        "mediations": list(_mediations(matter)),
        "documents": [_document(one) for one in matter.all(m.DocumentFiled)],
        "costs": list(_costs(matter)),
        "representations": list(_representations(matter)),
        "refused": [_refused(one) for one in matter.all(m.StepRefused)],
        "deadlines": [
            {
                "name": one.name, "thing": one.thing, "begun_by": one.begun_by, "whose": one.whose,
                "raw_on": _day(one.raw_on), "expires_on": _day(one.expires_on), "state": one.state,
                "article": one.article, "person": one.person,
            }
            for one in deadlines(matter, known.claims, ground, as_of)
        ],
        "as_of": _day(as_of), "version": matter.version,
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def parts_shown(owed: Parts) -> dict[str, Any]:
    """An amount by its parts, and their total."""
    each = {
        name: to_json(Money(minor, owed.currency))
        for name, minor in zip(parts.NAMES, owed.minors, strict=True)
    }
    return {**each, "total": to_json(owed.total)}


def _party(one: m.PartyNamed) -> dict[str, Any]:
    return {
        "id": one.party, "role": one.role, "person": one.person, "debts": list(one.debts),
        "guarantee": one.guarantee, "until": _day(one.until),
    }  # fmt: skip


def _claim(one: m.ClaimStated) -> dict[str, Any]:
    return {
        "id": one.claim, "debt": one.debt, "as_of": _day(one.as_of), "owed": parts_shown(one.owed),
        "claimed": parts_shown(one.claimed), "reason": one.reason,
    }  # fmt: skip


def _assessment(one: m.FeasibilityAssessed) -> dict[str, Any]:
    return {
        "id": one.assessment, "on": _day(one.on), "asset_signs": list(one.asset_signs),
        "cost": to_json(one.cost), "recovery": to_json(one.recovery),
        "likelihood_percent": one.likelihood_percent, "benefit": to_json(claims.benefit(one)),
        "advice": one.advice, "words": one.words,
    }  # fmt: skip


def _placement(one: m.PlacedWithFirm) -> dict[str, Any]:
    return {
        "id": one.placement, "firm": one.firm, "licence": one.licence, "mandate": one.mandate,
        "on": _day(one.on), "until": _day(one.until), "counsel": one.counsel,
    }  # fmt: skip


def _track(matter: Matter, track: str) -> dict[str, Any]:
    machine, steps = kind_of(matter, track), matter.steps(track)
    status = machine.status(steps)
    return {
        "id": track, "kind": machine.kind, "status": status, "under_way": track in under_way(matter),
        "against": list(against(matter, track)),
        "steps": [
            {"id": one.step, "step": wire_name(type(one)), "on": _day(one.on)} for one in steps
        ],
        "next": [] if matter.closed is not None else [wire_name(kind) for kind in machine.next(status)],
    }  # fmt: skip


def _mediations(matter: Matter) -> Iterator[dict[str, Any]]:
    agreed = {one.mediation: one for one in matter.all(m.MediationAgreed)}
    failed = {one.mediation: one for one in matter.all(m.MediationFailed)}
    for one in matter.all(m.MediationOffered):
        done, lost = agreed.get(one.mediation), failed.get(one.mediation)
        yield {
            "id": one.mediation, "body": one.body, "on": _day(one.on),
            "status": "AGREED" if done else "FAILED" if lost else "OFFERED",
            "amount": to_json(done.amount) if done else None, "pay_by": _day(done.pay_by) if done else None,
            "confirmed": done.confirmed if done else False, "reason": lost.reason if lost else None,
        }  # fmt: skip


def _document(one: m.DocumentFiled) -> dict[str, Any]:
    return {
        "id": one.document, "kind": one.kind, "sha256": one.sha256, "on": _day(one.on), "pages": one.pages,
        "location": one.location,
    }  # fmt: skip


def _costs(matter: Matter) -> Iterator[dict[str, Any]]:
    stand = {one.cost for one in costs.standing(matter)}
    for one in matter.all(m.MatterCostBooked):
        yield {
            "id": one.cost, "kind": one.kind, "amount": to_json(one.amount), "on": _day(one.on),
            "borne_by": one.borne_by, "firm": one.firm, "track": one.track, "reversed": one.cost not in stand,
        }  # fmt: skip


def _representations(matter: Matter) -> Iterator[dict[str, Any]]:
    ended = {one.representation: one.on for one in matter.all(m.RepresentationEnded)}
    for one in matter.all(m.DebtorRepresented):
        yield {
            "id": one.representation, "person": one.person, "attorney": one.attorney, "on": _day(one.on),
            "ended_on": _day(ended.get(one.representation)),
        }  # fmt: skip


def _refused(one: m.StepRefused) -> dict[str, Any]:
    return {
        "track": one.track, "wanted": one.wanted, "rule": one.rule, "source": one.source,
        "debts": list(one.debts), "on": _day(one.on),
    }  # fmt: skip
