"""Are these the key file and the deployment that the store was written under? Asked once, when a store is opened.

Another store's file would not only fail to read: it makes other ids, finds no account, and would begin a second book
beside the first. Another deployment's name would stand in every leaf from now on, and no leaf can be mended.
"""

import sqlite3
from collections.abc import Sequence

from shared.eventstore import leaf
from shared.eventstore.custody import Custody, KeysWrong
from shared.eventstore.keyring import Keyring
from shared.eventstore.port import LaneInfo, LedgerError, Row, Store
from shared.eventstore.recorded import keys_of
from shared.eventstore.sections import BoxBroken

EVENTS_TRIED = 8


class DeploymentWrong(LedgerError):
    """The store was written under another deployment's name; nothing of this one may be added to it."""


async def check_deployment(store: Store, deployment: str, lanes: Sequence[LaneInfo]) -> None:
    """DeploymentWrong if first leaves of these lanes can be read and none of them names this deployment.

    One that does is enough: altered leaves are for `verify` to name.
    """
    others = False
    for lane in lanes:
        try:
            rows = await store.read_lane(lane.lane, after=0, limit=EVENTS_TRIED)
        except (sqlite3.DatabaseError, LedgerError):
            continue
        named = {_deployment_of(row) for row in rows}
        if deployment in named:
            return
        others = others or named != {None}
    if others:
        raise DeploymentWrong("the store was written under another deployment's name")


def _deployment_of(row: Row) -> str | None:
    """The first part of the log's name in a leaf; None for one that cannot be read."""
    try:
        return str(leaf.parse(row.leaf)["log"]).partition("/")[0]
    except (ValueError, RecursionError):
        return None


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
