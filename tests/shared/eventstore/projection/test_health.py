"""A view that is behind and does not move is stuck; one that moves, or is at the head, is not."""

from shared.eventstore.projection.health import STUCK_AFTER_S, Standing, StuckWatch


def _at(position: int, head: int = 100) -> list[Standing]:
    return [Standing("case.queue", 1, position, head)]


def test_a_view_that_stands_still_behind_the_head_is_stuck_after_a_while() -> None:
    watch = StuckWatch()
    assert watch.stuck(_at(10), now=0) == []
    assert watch.stuck(_at(10), now=STUCK_AFTER_S) == []
    assert watch.stuck(_at(10), now=STUCK_AFTER_S + 1) == ["case.queue"]
    assert watch.stuck(_at(11), now=STUCK_AFTER_S + 2) == []


def test_a_view_at_the_head_is_never_stuck_however_long_nothing_happens() -> None:
    watch = StuckWatch()
    assert watch.stuck(_at(100), now=0) == []
    assert watch.stuck(_at(100), now=10 * STUCK_AFTER_S) == []
    assert watch.stuck(_at(100, head=101), now=10 * STUCK_AFTER_S + 1) == []
