"""Which worker has which message: leases are not facts, losing them loses nothing but who was about to send what.

A lease is of real time, by which processes live and die; when a message is due is of the service's clock.
"""

from datetime import timedelta

import sqlalchemy as sa

from shared.eventstore.projection.columns import Instant

LEASE = sa.Table(
    "contact_outbox_lease_v1",
    sa.MetaData(),
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("until", Instant, nullable=False),
)
KEPT = timedelta(days=1)
"""How long a lease that nobody gave back is left lying."""
