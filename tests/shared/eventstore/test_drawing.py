"""Randomness in bulk: no byte twice, not even in a copy of the process."""

import multiprocessing
from multiprocessing.queues import Queue

from shared.eventstore.drawing import DRAWN_AT_ONCE, Drawing


def test_no_byte_is_handed_out_twice() -> None:
    drawing = Drawing()
    taken = [drawing.take(44) for _ in range(3 * DRAWN_AT_ONCE // 44)]
    assert len(set(taken)) == len(taken)
    assert all(len(one) == 44 for one in taken)


def test_a_fork_starts_with_nothing_drawn() -> None:
    drawing = Drawing()
    drawing.take(1)
    context = multiprocessing.get_context("fork")
    answers: Queue[bytes] = context.Queue()
    child = context.Process(target=lambda: answers.put(drawing.take(44)))
    child.start()
    childs = answers.get(timeout=30)
    child.join(timeout=30)
    assert childs != drawing.take(44)
