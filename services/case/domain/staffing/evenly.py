"""Sharing out evenly where not everybody can take everything: loads differ as little as skills and caps allow.

A first pass gives each case to the least loaded who can take it. What that leaves uneven is put right along chains of
moves (a gives one to b, who gives one to c): no chain left that lowers a load by lifting one that is two smaller means
the loads are as even as they can be (Harvey, Ladner, Lovász and Tamir, Semi-matchings, 2006); no chain left from a case
nobody has to somebody with room means that no more cases can be given.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

Able: TypeAlias = tuple[int, ...]
"""Who can take a case: places in the list of candidates, ascending."""


class Shares:
    """Who gets what, while it is worked out. Items of equal `able` are one kind: a move takes the newest of a kind.

    `room` (None: no bound) and `load` are by candidate and change as items are given; `order` breaks ties.
    """

    def __init__(self, *, room: list[int | None], load: list[int], order: Sequence[int]) -> None:
        self.room, self.load, self._order = room, load, order
        self._held: dict[tuple[Able, int], list[int]] = {}
        self._kinds: set[Able] = set()
        self._hopeless: set[Able] = set()

    def free(self, able: Iterable[int]) -> list[int]:
        """Those of them who have room."""
        return [one for one in able if self.has_room(one)]

    def has_room(self, one: int) -> bool:
        """Can they take one more?"""
        left = self.room[one]
        return left is None or left > 0

    def give(self, item: int, able: Able, to: int) -> None:
        """Put an item with somebody."""
        self._kinds.add(able)
        self._held.setdefault((able, to), []).append(item)
        self._change(to, 1)

    def _change(self, one: int, by: int) -> None:
        self.load[one] += by
        left = self.room[one]
        if left is not None:
            self.room[one] = left - by

    def make_room(self, able: Able) -> int | None:
        """Somebody of these who has room once others have passed items on; None where nobody can be given room.

        Once it is None it stays so: all who could be reached are full, and pass things on among themselves alone.
        """
        if able in self._hopeless:
            return None
        for path in self._paths(able):
            if self.has_room(path[-1]):
                self._pass_on(path)
                return path[0]
        self._hopeless.add(able)
        return None

    def level(self) -> None:
        """Move items until no load can be lowered in favour of one at least two smaller."""
        while self._lower_one():
            pass

    def _lower_one(self) -> bool:
        ranked = sorted(range(len(self.load)), key=lambda one: (-self.load[one], self._order[one]))
        for high in ranked:
            reached = [
                path
                for path in self._paths((high,))
                if len(path) > 1 and self.load[path[-1]] <= self.load[high] - 2 and self.has_room(path[-1])
            ]
            if reached:
                self._pass_on(min(reached, key=lambda path: (self.load[path[-1]], self._order[path[-1]])))
                return True
        return False

    def _paths(self, start: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Chains from any of these over who could pass something on to whom, shortest first, each end once."""
        seen = set(start)
        waiting: list[tuple[int, ...]] = [(one,) for one in sorted(start, key=self._order.__getitem__)]
        kinds = sorted(self._kinds)
        while waiting:
            path = waiting.pop(0)
            yield path
            last = path[-1]
            for kind in kinds:
                if not self._held.get((kind, last)):
                    continue
                for one in sorted(kind, key=self._order.__getitem__):
                    if one not in seen:
                        seen.add(one)
                        waiting.append((*path, one))

    def _pass_on(self, path: Sequence[int]) -> None:
        """Everybody on the chain passes one item to the next."""
        for giver, taker in reversed(list(pairwise(path))):
            kind = next(
                kind for kind in sorted(self._kinds) if taker in kind and self._held.get((kind, giver))
            )
            item = self._held[(kind, giver)].pop()
            self._held.setdefault((kind, taker), []).append(item)
            self._change(giver, -1)
            self._change(taker, 1)

    def given(self) -> dict[int, int]:
        """Item -> who has it."""
        return {item: one for (_, one), items in self._held.items() for item in items}


def by_count(
    items: Sequence[tuple[int, Able]],
    *,
    room: list[int | None],
    load: list[int],
    total: list[int],
    order: Sequence[int],
) -> dict[int, int]:
    """Item -> who gets it, of those that somebody can take; `room` and `total` are kept up to date.

    `load` is what is levelled, `total` decides between equal loads, `order` between equal totals.
    """
    shares, before = Shares(room=room, load=load, order=order), list(total)
    for item, able in items:
        free = shares.free(able)
        if free:
            chosen = min(free, key=lambda one: (shares.load[one], total[one], order[one]))
        else:
            found = shares.make_room(able)
            if found is None:
                continue
            chosen = found
        shares.give(item, able, chosen)
        total[chosen] += 1
    if len({able for _, able in items}) > 1:
        shares.level()
    given = shares.given()
    total[:] = before
    for one in given.values():
        total[one] += 1
    return given


def by_amount(
    items: Sequence[tuple[int, Able, int]], *, room: list[int | None], order: Sequence[int]
) -> dict[int, int]:
    """Item -> who gets it: the largest amount first, each to who has the least so far and can take it.

    Without skills and caps in the way no two sums differ by more than the largest amount.
    """
    shares, sums = Shares(room=room, load=[0] * len(room), order=order), [0] * len(room)
    for item, able, amount in items:
        free = shares.free(able)
        if free:
            chosen = min(free, key=lambda one: (sums[one], shares.load[one], order[one]))
        else:
            found = shares.make_room(able)
            if found is None:
                continue
            chosen = found
        shares.give(item, able, chosen)
        sums[chosen] += amount
    return shares.given()
