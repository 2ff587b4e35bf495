"""Who did what in the case service (shared/eventstore/projection/audit_trail.py)."""

from shared.eventstore.projection.audit_trail import AuditTrail

TRAIL = AuditTrail("case", version=2)
VIEW = TRAIL.view
