"""Projections: tables folded from the ledger, page by page, each with its checkpoint in the same transaction.

A view (`view.py`) says which tables it keeps and how one event changes them. A `runner.LaneRunner` feeds views from
one lane under fenced leases; `follower.py` does so for ever, `catchup.py` up to the head, `rebuild.py` from position
0 into shadow tables that are swapped in at the end. A view has no side effects: dropping its tables loses nothing.
"""
