"""${message}. Expand only: what the release before reads and writes stays."""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}."""
    op.execute("")
