"""The seam of the `eventsourcing` library: its recorders, its factory and its subscriptions over our ledger.

Owns: lanes of tenants named `library:…`, where the library's events lie as foreign events beside ours, proved the
same way, and the table `library_tracking`. Every other package is kept from importing the library. Use it by
PERSISTENCE_MODULE=shared.eventstore.library; `factory.py` lists the settings.
"""

from shared.eventstore.library.factory import Factory

__all__ = ["Factory"]
