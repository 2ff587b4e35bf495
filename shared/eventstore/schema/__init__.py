"""The ledger's tables: an Alembic environment whose revisions run SQL files, and `migrate`, which calls it when needed.

A revision never takes away what the release before it reads or writes (expand and contract), so a newer schema than
the code knows is served all the same.
"""
