"""What the feed shows of an event is JSON, whatever type of event it is."""

import json

import pytest

from services.case.domain import events as case
from services.contact.domain import events as contact
from shared.messaging.published import facts_in
from tests.golden.samples import SAMPLES
from tests.golden.stored import registries

REGISTRIES = registries()
PRESENT = [name for name in SAMPLES if name not in {**case.UPCASTS, **contact.UPCASTS}]
"""What is written today: not the shapes that are only read any more."""


@pytest.mark.parametrize("name", PRESENT)
def test_the_facts_of_every_type_are_json(name: str) -> None:
    registry = REGISTRIES[name.partition(".")[0]]
    said = facts_in(SAMPLES[name], registry)
    assert json.loads(json.dumps(said, allow_nan=False)) == said
