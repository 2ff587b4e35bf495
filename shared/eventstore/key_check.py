"""Is this the key file that the store was written under? Asked once, when a store is opened.

Another store's file would not only fail to read: it makes other ids, finds no account, and would begin a second book
beside the first.
"""

import sqlite3

from shared.eventstore.custody import Custody, KeysWrong
from shared.eventstore.keyring import Keyring
from shared.eventstore.port import LaneInfo, LedgerError, Store
from shared.eventstore.recorded import keys_of
from shared.eventstore.sections import BoxBroken

EVENTS_TRIED = 8


async def check_keys(store: Store, custody: Custody, lane: LaneInfo) -> None:
    """KeysWrong if the lane's first events have data keys and none of them opens.

    One that opens is enough: damage to single keys, bodies and pages is for `verify` to name.
    """
    people: set[bytes] = set()
    try:
        for row in await store.read_lane(lane.lane, after=0, limit=EVENTS_TRIED):
            try:
                people |= {subject for subject, _, _ in keys_of([row])}
            except BoxBroken:
                continue
        opened = await Keyring(store, custody).opened(people)
    except (sqlite3.DatabaseError, LedgerError):
        return
    if opened and not any(opened):
        raise KeysWrong("no key of the store's first events opens under this key file")
