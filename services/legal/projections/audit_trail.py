"""Who did what in the legal service (shared/eventstore/projection/audit_trail.py)."""

from shared.eventstore.projection.audit_trail import AuditTrail

TRAIL = AuditTrail("legal", version=1)
VIEW = TRAIL.view
