"""Samples of what a subject's stream holds; `samples.py` has them with all others."""

from datetime import UTC, date, datetime, time

from msgspec import Struct

from services.contact.domain.facts import asking, attempt, message, standing, subject, told, visit

AT = datetime(2026, 3, 2, 2, 0, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
CASE = "case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
DEBT = "account-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b"
OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"
PERMIT, ATTEMPT = f"cpm_{OF}00000000000000a1", f"cat_{OF}00000000000000b2"
MESSAGE, VISIT = f"cat_{OF}00000000000000b3", f"vst_{OF}00000000000000c4"
PERSON, POINT = "prs_813e258af0cbbb336bfd4a8a256b50a9", "cpt_0a5be1d2f37b6f1c3a529d0e8b7a8c44"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PROPOSED = asking.Proposed(
    at=AT, channel="voice", role="guarantor", collector_role="third_party", person=PERSON, point=POINT, case=CASE,
    debts=(DEBT,), creditor="BANK_A", agency="AGENCY_7", purpose="collect", place="home",
    content=("identifies_institution",), staff=2, reply=True, override="required_by_law", exception="agreed_hours",
    workplace=True,
)  # fmt: skip
FAILED = (
    asking.Failed(rule="CN-GBT45251-CALLS", waits=True, counted=(ATTEMPT, PERMIT, "v7"), observed=3, limit=3),
    asking.Failed(rule="HOUSE-CONTENT", waits=False),
)
PACKS = (asking.PackNamed(id="cn.retail", version="2026.1.0", hash=DIGEST, provisional=True),)

_SUBJECT: dict[str, Struct] = {
    "contact.SubjectDescribed/v1": subject.SubjectDescribed(
        at=AT, jurisdictions=("US", "US-MA"), zones=("America/New_York", "America/Los_Angeles"),
        debt_groups=((DEBT, "STUDENT"),), language="zh-CN", source="CORE", debtor_ref="D-0004711",
    ),
    "contact.CaseLinked/v1": subject.CaseLinked(at=AT, case=CASE, debts=(DEBT,), stage="M1"),
    "contact.CaseUnlinked/v1": subject.CaseUnlinked(at=LATER, case=CASE, reason="CURED"),
    "contact.PersonLinked/v1": subject.PersonLinked(
        at=AT, person=PERSON, role="guarantor", source="CORE", person_ref="P-0815"
    ),
    "contact.PersonUnlinked/v1": subject.PersonUnlinked(at=LATER, person=PERSON, reason="RELEASED"),
    "contact.PointRecorded/v1": subject.PointRecorded(
        at=AT, point=POINT, person=PERSON, medium="phone", zone="Asia/Shanghai", source="CORE", workplace=True,
        value="+8613800000000",
    ),
    "contact.PointEnded/v1": subject.PointEnded(at=LATER, point=POINT, person=PERSON, reason="DEAD"),
    "contact.PointFoundMisdirected/v1": subject.PointFoundMisdirected(
        at=LATER, point=POINT, person=None, source="CARRIER"
    ),
    "contact.ReassignmentChecked/v1": subject.ReassignmentChecked(
        at=AT, point=POINT, person=None, source="RND"
    ),
    "contact.AccountNamed/v1": subject.AccountNamed(at=AT, account=DEBT, source="BOOK", tail="4711"),
}  # fmt: skip
_STANDING: dict[str, Struct] = {
    "contact.ConsentGiven/v1": standing.ConsentGiven(
        at=AT, consent="con_01", kind="CALLS", person=None, point=POINT, debts=(DEBT,), basis="d4i_b", until=LATER,
        only=(date(2026, 3, 4),), origin="DEBTOR",
    ),
    "contact.ConsentRevoked/v1": standing.ConsentRevoked(
        at=LATER, kind="CALLS", person=None, point=POINT, debts=(DEBT,), origin="DEBTOR"
    ),
    "contact.MediumOptedOut/v1": standing.MediumOptedOut(
        at=AT, person=None, channel="sms", point=POINT, origin="DEBTOR"
    ),
    "contact.InconvenientTimeDeclared/v1": standing.InconvenientTimeDeclared(
        at=AT, person=None, days=(0, 4), from_=time(21), to=time(6, 30), place="work", channel="voice", until=LATER,
        origin="DEBTOR",
    ),
    "contact.AgreementFiled/v1": standing.AgreementFiled(
        at=AT, agreement="agr_01", kind="agreed_hours", person=PERSON, document="DOC-1", until=LATER, origin="STAFF"
    ),
    "contact.AgreementEnded/v1": standing.AgreementEnded(at=LATER, agreement="agr_01", reason="WITHDRAWN"),
    "contact.RepresentativeAppointed/v1": standing.RepresentativeAppointed(
        at=AT, person=PERSON, role="attorney", debts=(DEBT,), origin="DEBTOR", person_ref="P-0816"
    ),
    "contact.RepresentativeDismissed/v1": standing.RepresentativeDismissed(
        at=LATER, person=PERSON, debts=(DEBT,), origin="DEBTOR"
    ),
    "contact.FlagRaised/v1": standing.FlagRaised(
        at=AT, flag="plan_in_force", person=None, debts=(DEBT,), until=LATER, origin="CASE", cause="pln_01"
    ),
    "contact.FlagLifted/v1": standing.FlagLifted(
        at=LATER, flag="debtor_unreachable", person=PERSON, debts=(DEBT,), origin="DERIVED", cause=ATTEMPT
    ),
    "contact.MandateRecorded/v1": standing.MandateRecorded(
        at=AT, agency="AGENCY_7", creditor="BANK_A", until=LATER, origin="CASE"
    ),
    "contact.MandateEnded/v1": standing.MandateEnded(
        at=LATER, agency="AGENCY_7", creditor="BANK_A", origin="CASE"
    ),
}  # fmt: skip
_ASKING: dict[str, Struct] = {
    "contact.ContactPermitted/v1": asking.ContactPermitted(
        permit=PERMIT, proposed=PROPOSED, valid_until=LATER, warnings=("US-REGF-14A-CUMUL",),
        obligations=("IDENTIFY_INSTITUTION",), packs=PACKS, zones=("Asia/Shanghai",), inputs=12,
        asked_by="user:chen",
    ),
    "contact.ContactRefused/v1": asking.ContactRefused(
        permit=PERMIT, proposed=PROPOSED, outcome="defer", failed=FAILED, warnings=("US-REGF-14B2I-CONC",),
        until=LATER, packs=PACKS, zones=("Asia/Shanghai",), inputs=12, at_dispatch=f"cpm_{OF}00000000000000a0",
        asked_by="system:dispatcher",
    ),
}  # fmt: skip
_ATTEMPTS: dict[str, Struct] = {
    "contact.AttemptStarted/v1": attempt.AttemptStarted(
        attempt=ATTEMPT, at=AT, source="DIALER", origin="LATE", channel="voice", direction="out", person=PERSON,
        role="guarantor", collector_role="third_party", point=POINT, case=CASE, debts=(DEBT,), creditor="BANK_A",
        agency="AGENCY_7", purpose="collect", place="home", content=("identifies_institution",), staff=1,
        reply=False, permit=PERMIT, source_ref="CDR-77", collector="user:chen",
    ),
    "contact.OutcomeRecorded/v1": attempt.OutcomeRecorded(
        attempt=ATTEMPT, revision=2, at=LATER, outcome="conversation", person=PERSON, discussed=(DEBT,), seconds=192,
        identity="VERIFIED", said=("discloses_debt", "identifies_institution"),
    ),
    "contact.AttemptConnected/v1": attempt.AttemptConnected(attempt=ATTEMPT, at=AT),
    "contact.AttemptNotConnected/v1": attempt.AttemptNotConnected(
        attempt=ATTEMPT, at=AT, cause="ring_no_answer"
    ),
    "contact.RightPartyReached/v1": attempt.RightPartyReached(attempt=ATTEMPT, at=AT),
    "contact.WrongPartyReached/v1": attempt.WrongPartyReached(attempt=ATTEMPT, at=AT),
    "contact.ThirdPartyReached/v1": attempt.ThirdPartyReached(attempt=ATTEMPT, at=AT, role="contact"),
    "contact.AttemptRetracted/v1": attempt.AttemptRetracted(
        attempt=ATTEMPT, at=LATER, reason="ENTERED_IN_ERROR"
    ),
    "contact.RecordingStored/v1": attempt.RecordingStored(
        attempt=ATTEMPT, at=LATER, sha256=DIGEST, seconds=192, uri="s3://recordings/77.ogg"
    ),
    "contact.ContactBreached/v1": attempt.ContactBreached(
        attempt=ATTEMPT, revision=1, at=LATER, found="LATER", failed=FAILED, packs=PACKS
    ),
    "contact.BreachWithdrawn/v1": attempt.BreachWithdrawn(attempt=ATTEMPT, revision=2, at=LATER),
}  # fmt: skip
_MESSAGES: dict[str, Struct] = {
    "contact.MessageQueued/v1": message.MessageQueued(
        message=MESSAGE, at=AT, proposed=PROPOSED, permit=PERMIT, template="m1-soft-reminder", template_version=3,
        language="zh-CN", text_hash=DIGEST, send_by=LATER, values=(("name", "陈先生"), ("amount", "1,234.50")),
        address="+8613800000000",
    ),
    "contact.DocumentEnclosed/v1": message.DocumentEnclosed(
        message=MESSAGE, at=AT, person=None, name="letter.pdf", media_type="application/pdf", sha256=DIGEST, size=8,
        part=1, parts=1, content=b"%PDF-1.7",
    ),
    "contact.MessageDeferred/v1": message.MessageDeferred(message=MESSAGE, at=AT, again_at=LATER),
    "contact.MessageSending/v1": message.MessageSending(
        message=MESSAGE, at=AT, try_no=1, permit=PERMIT, provider="smtp", key="k-01"
    ),
    "contact.MessageDispatched/v1": message.MessageDispatched(
        message=MESSAGE, at=AT, try_no=1, provider_ref="<77@mail.example>"
    ),
    "contact.MessageNotSent/v1": message.MessageNotSent(
        message=MESSAGE, at=AT, try_no=1, cause="PROVIDER_DOWN", again_at=LATER
    ),
    "contact.MessageUnresolved/v1": message.MessageUnresolved(message=MESSAGE, at=AT, try_no=1, cause="TIMEOUT"),
    "contact.MessageWithdrawn/v1": message.MessageWithdrawn(message=MESSAGE, at=AT, reason="REFUSED"),
    "contact.MessageSetAside/v1": message.MessageSetAside(message=MESSAGE, at=AT, cause="ADDRESS_UNKNOWN"),
    "contact.MessageRetried/v1": message.MessageRetried(message=MESSAGE, at=AT, send_by=LATER),
    "contact.DeliveryConfirmed/v1": message.DeliveryConfirmed(message=MESSAGE, at=LATER, receipt="rcp-1"),
    "contact.DeliveryFailed/v1": message.DeliveryFailed(
        message=MESSAGE, at=LATER, cause="BOUNCED", permanent=True, receipt="rcp-2"
    ),
}  # fmt: skip
_VISITS: dict[str, Struct] = {
    "contact.VisitAgreed/v1": visit.VisitAgreed(
        visit=VISIT, at=AT, on=LATER, person=PERSON, place="home", address="上海市某路 1 号"
    ),
    "contact.VisitCancelled/v1": visit.VisitCancelled(visit=VISIT, at=AT, reason="DEBTOR_ASKED"),
    "contact.VisitRecorded/v1": visit.VisitRecorded(
        visit=VISIT, at=LATER, attempt=ATTEMPT, staff=2, visitors=("user:chen", "user:li")
    ),
}  # fmt: skip

_TOLD: dict[str, Struct] = {
    "contact.AttemptTold/v1": told.AttemptToldFirst(
        attempt=ATTEMPT, revision=2, at=LATER, began_at=AT, cases=(CASE,), channel="voice", role="debtor",
        collector_role="third_party", outcome="conversation", permit=PERMIT, rules=("CN-GBT45251-CALLS",),
        retracted=False,
    ),
    "contact.AttemptTold/v2": told.AttemptTold(
        attempt=MESSAGE, revision=2, at=LATER, began_at=AT, cases=(CASE,), channel="sms", role="guarantor",
        collector_role="third_party", outcome="DELIVERED", permit=PERMIT, rules=("CN-GBT45251-CALLS",),
        retracted=True, person=PERSON, point=POINT, debts=(DEBT,), purpose="collect", demand=True, delivered_at=LATER,
        misdirected=True, recorded=True,
    ),
}  # fmt: skip

SAMPLES_OF_CONTACT: dict[str, Struct] = {
    **_SUBJECT, **_STANDING, **_ASKING, **_ATTEMPTS, **_MESSAGES, **_VISITS, **_TOLD,
}  # fmt: skip
