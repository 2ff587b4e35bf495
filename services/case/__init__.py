"""The collections case: the system of record of every overdue account.

Owns: accounts as the lender reports them, and the case: its arrears and stage, promises, payments, plans,
    holds, disputes, settlement, closing.
Publishes: CaseOpened, StageEntered, PromiseToPay, PlanAgreed, HoldPlaced, HoldLifted, LegalReferred,
    Settled, CaseClosed.
Listens to: contact (an attempt's outcome, or a refusal with its rules), legal (letters, filings, judgments,
    preservation, costs, closing).
Never: contacts a debtor, files a suit, or keeps a person's name; a debtor is a reference in the lender's book.
"""
