"""Contact: whether, when and how a debtor is contacted, and what came of it.

Owns: permits and refusals with the rules that decided, attempts and outcomes, consent, opt-outs, breaches.
Publishes: an attempt's outcome; a refusal with its rules; that a debtor is represented.
Listens to: case (opened, stage, promise, plan, holds, referral, settlement, closing), legal (represented).
Never: refuses to record a contact that did happen; it flags the breach instead.
"""
