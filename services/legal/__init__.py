"""Legal: the matter, from the lawyer's letter to enforcement, and its clocks.

Owns: matters, letters, arbitration, suits, judgments, preservation, enforcement, costs, limitation.
Publishes: letter delivered, filed, judgment, preservation, cost booked, closed; debtor is represented.
Listens to: case (LegalReferred, promises, part payments), contact (delivered demands), which restart limitation.
Never: stores a derived limitation date; the chain of facts is stored and the date is computed.
"""
