"""The whole of `eventsourcing.tests.persistence` on both back ends, and the proof that it is the whole; and the
library's cases of applications and projections."""

import inspect
from unittest import TestCase

import pytest
from eventsourcing.tests import persistence as library

from tests.shared.eventstore.library import application_cases, cases, seam

RUN = seam.on_each_back_end((*cases.ALL, *application_cases.ALL), module=__name__)
globals().update(RUN)

SHARED_PARENT = library.RecorderTestCase
"""Holds assertions for the others and no test of its own."""
LIBRARY_CASES = sorted(
    (kind for kind in vars(library).values() if inspect.isclass(kind) and issubclass(kind, TestCase)),
    key=lambda kind: kind.__name__,
)


def _tests(kind: type) -> set[str]:
    return {name for name in dir(kind) if name.startswith("test")}


def test_the_library_ships_the_cases_we_know() -> None:
    assert {kind.__name__ for kind in LIBRARY_CASES if kind is not TestCase} == {
        "AggregateRecorderTestCase",
        "ApplicationRecorderTestCase",
        "InfrastructureFactoryTestCase",
        "NonInterleavingNotificationIDsBaseCase",
        "ProcessRecorderTestCase",
        "RecorderTestCase",
        "TrackingRecorderTestCase",
        "TranscoderTestCase",
    }
    assert not _tests(SHARED_PARENT)


@pytest.mark.parametrize("backend", seam.BACKENDS)
@pytest.mark.parametrize("case", [kind for kind in LIBRARY_CASES if kind not in (TestCase, SHARED_PARENT)])
def test_each_case_runs_whole_and_unmodified(case: type[TestCase], backend: type[seam.Seam]) -> None:
    ours = [kind for kind in RUN.values() if issubclass(kind, case) and issubclass(kind, backend)]
    assert ours
    for kind in ours:
        assert not inspect.isabstract(kind)
        for name in _tests(case):
            test = getattr(kind, name)
            assert test is getattr(case, name), f"{name} is overridden"
            assert not getattr(test, "__unittest_skip__", False)


@pytest.mark.parametrize("backend", seam.BACKENDS)
def test_the_optional_subscription_test_is_called_on_every_application_recorder(
    backend: type[seam.Seam],
) -> None:
    optional = library.ApplicationRecorderTestCase.optional_test_insert_subscribe
    for kind in RUN.values():
        if issubclass(kind, backend) and issubclass(kind, library.ApplicationRecorderTestCase):
            assert kind.optional_test_insert_subscribe is optional
            assert "optional_test_insert_subscribe" in inspect.getsource(kind.test_insert_subscribe)
