"""The whole-system laws of domain.md 4.6, one by one, and where each is proved.

1. Money: allocations + unallocated = payments - returns - refunds, on both clocks. `test_case_life`,
   `test_on_the_ledger`; penalty interest to the cent by another road, `test_penalty_interest`.
2. Folding in any parts is folding at once (`test_case_life`, `test_statements`); what a desk that has worked knows
   is what a fresh one reads (`test_on_the_ledger`). The case service stores no snapshots of its own; those of the
   library's seam are under the library's own cases (`tests/shared/eventstore/library`).
3. Facts in any order, repeated, give the same effective answers; only what was known differs, and what was known
   never changes. `test_case_life` without, `test_on_the_ledger` with a ledger.
4. Permissions to contact: the contact service's law. Here an attempt only carries its permit's reference.
5. Attempts inside holds: `test_case_life`.
6. Limitation: the legal service's law.
7. What was erased is readable nowhere, and everything stays verifiable: `test_erased`.
8. Rebuilt = live, for every view there is: `test_rebuilt`.
9. A command sent twice adds nothing: `test_on_the_ledger`, `test_statements`.
10. One mode, one open case, one running plan, one live placement: `test_case_life`, `test_one_of_each`.

All of them at once, over a portfolio, with crashes and skewed clocks: `tests/simulation`.
"""
