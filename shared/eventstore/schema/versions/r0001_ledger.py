"""The ledger: lanes, events, commands, people, keys, checkpoints, parked streams, snapshots."""

from alembic import op

from shared.eventstore.schema.files import run_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, with its refusals."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        run_file(connection, "sqlite.sql")
    else:
        run_file(connection, "postgres.sql")
        run_file(connection, "postgres_append.sql")
