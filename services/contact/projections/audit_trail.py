"""Who did what in the contact service (shared/eventstore/projection/audit_trail.py)."""

from shared.eventstore.projection.audit_trail import AuditTrail

TRAIL = AuditTrail("contact", version=1)
VIEW = TRAIL.view
