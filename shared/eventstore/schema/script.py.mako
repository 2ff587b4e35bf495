"""${message}."""

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Expand only: what the release before reads and writes stays."""
    ${upgrades if upgrades else "raise NotImplementedError"}
