"""A bounded mapping that forgets what was used longest ago, roughly: it drops a whole older half at a time.

Two plain dicts instead of an ordered one: half the memory for each entry, and a hit moves nothing.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Holds at most `most` entries, and always the `most` / 2 that were used last."""

    def __init__(self, most: int) -> None:
        self._half = max(1, most // 2)
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value, or None if it was never put or has been forgotten."""
        value = self._young.get(key)
        if value is None and (value := self._old.pop(key, None)) is not None:
            self._add(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        """Remember; the older half goes when there are too many."""
        self._old.pop(key, None)
        self._add(key, value)

    def _add(self, key: K, value: V) -> None:
        if len(self._young) >= self._half and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def forget(self, key: K) -> None:
        """Drop one entry, if it is there."""
        self._young.pop(key, None)
        self._old.pop(key, None)

    def clear(self) -> None:
        """Drop everything."""
        self._young, self._old = {}, {}

    def __contains__(self, key: K) -> bool:
        return key in self._young or key in self._old

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
