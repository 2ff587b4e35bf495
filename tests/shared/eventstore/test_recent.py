"""What a bounded memory keeps."""

from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore.recent import Recent


def test_the_most_recently_used_half_is_always_there() -> None:
    recent: Recent[int, str] = Recent(10)
    for n in range(100):
        recent.put(n, str(n))
        assert all(recent.get(m) == str(m) for m in range(max(0, n - 4), n + 1))
        assert len(recent) <= 10


def test_reading_keeps_an_entry() -> None:
    recent: Recent[int, str] = Recent(10)
    recent.put(0, "kept")
    for n in range(1, 100):
        recent.put(n, str(n))
        assert recent.get(0) == "kept"


def test_a_newer_value_replaces_an_older_one_and_forgetting_forgets() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 1)
    recent.put("a", 2)
    assert recent.get("a") == 2
    recent.forget("a")
    assert recent.get("a") is None
    assert "a" not in recent
    recent.clear()
    assert len(recent) == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans())))
def test_it_never_answers_wrongly(steps: list[tuple[int, bool]]) -> None:
    recent: Recent[int, int] = Recent(8)
    truth: dict[int, int] = {}
    for number, (key, writes) in enumerate(steps):
        if writes:
            recent.put(key, number)
            truth[key] = number
        assert recent.get(key) in (None, truth.get(key))
        assert len(recent) <= 8
    for key in truth:
        assert (key in recent) == (recent.get(key) is not None)
