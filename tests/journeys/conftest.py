"""An imported store that the tests of a module share and do not change."""

from pathlib import Path

import pytest

from tests.kit.command import Command, command_in
from tests.kit.importing import SAMPLE


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command in a folder whose store holds the bundled sample."""
    quittance = command_in(tmp_path_factory.mktemp("imported"))
    done = quittance("import", "statements", SAMPLE)
    assert done.code == 0, done.err
    return quittance


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    """The command in an empty folder."""
    return command_in(tmp_path)
