"""The demo walks through to its end, twice on one store, and in Chinese."""

from tests.kit.command import Command

STEPS = (
    "killed; the ledger holds",
    "equal to an import that was left alone: 4,280 events",
    "$ quittance report buckets --as-of 2005-09-30",
    "$ quittance report roll-rates --from 2005-08-31 --to 2005-09-30",
    "$ quittance queue list M2 --limit 5",
    "$ quittance case show TWC-000059",
    "VALID",
    "NOT VALID  lane 1 position",
    "exit code 5",
)


def test_the_demo_shows_every_step_and_can_be_shown_again(quittance: Command) -> None:
    first = quittance("demo", "--no-serve")
    assert first.code == 0, first.err
    for step in STEPS:
        assert step in first.out
    assert not (quittance.folder / ".quittance/altered-copy").exists()
    again = quittance("demo", "--no-serve", "--json", QUITTANCE_LANG="zh-CN")
    assert again.code == 0, again.err
    said = again.answer
    assert [step["exit"] for step in said["steps"]] == [0] * (len(said["steps"]) - 1) + [5]
    assert "导入 0，已有 3,000" in again.err


def test_the_demo_wants_a_folder(quittance: Command) -> None:
    done = quittance("demo", "--no-serve", "--store", "postgresql://h/db")
    assert done.code == 2
