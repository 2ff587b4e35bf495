"""The ledger: append-only events of one service, provable leaf by leaf, on SQLite or PostgreSQL.

Owns: `ledger_*`, `subject_map`, `data_key`, `snapshot` and the checkpoints of followers. Knows no business rule.
Start reading at `port.py` (what can be asked), then `ledger.py` (the facade), `writer.py` (group commit).
"""
