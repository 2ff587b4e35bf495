"""A collector's turn on the command line: take a case, say it is done, or skip it for a reason."""

from tests.kit.command import Command


def taken(quittance: Command, who: str, queue: str = "M1") -> str:
    """The case a collector is handed."""
    return str(quittance.json("queue", "next", queue, "--collector", who)["id"])


def test_a_case_that_was_worked_is_offered_to_nobody(imported: Command) -> None:
    first = taken(imported, "user:a1")
    done = imported.json("queue", "done", first, "--collector", "user:a1")
    assert (done["id"], done["collector"]) == (first, "user:a1")
    assert taken(imported, "user:a1") != first != taken(imported, "user:a2")
    again = imported("queue", "done", first, "--collector", "user:a1")
    assert again.code == 1
    assert "no longer yours" in again.err


def test_a_skip_is_recorded_with_its_reason_and_goes_to_another_collector(imported: Command) -> None:
    case = taken(imported, "user:b1", "M3")
    no_reason = imported("queue", "skip", case, "--collector", "user:b1")
    assert no_reason.code == 2
    unknown = imported("queue", "skip", case, "--reason", "NO_MOOD", "--collector", "user:b1")
    assert unknown.code == 2
    assert "NO_MOOD" not in unknown.err
    said = imported.json("queue", "skip", case, "--reason", "OTHER_LANGUAGE", "--collector", "user:b1")
    assert (said["id"], said["reason"], said["everybody"]) == (case, "OTHER_LANGUAGE", False)
    shown = imported.json("case", "show", case)["timeline"][-1]
    assert shown["type"] == "case.CaseSkipped/v1"
    assert "OTHER_LANGUAGE" in shown["text"]
    assert taken(imported, "user:b1", "M3") != case
    assert taken(imported, "user:b2", "M3") == case


def test_nobody_skips_what_another_holds(imported: Command) -> None:
    case = taken(imported, "user:c1", "M4+")
    other = imported("queue", "skip", case, "--reason", "SYSTEM_TROUBLE", "--collector", "user:c2")
    assert other.code == 1
    assert taken(imported, "user:c1", "M4+") == case


def test_it_is_told_in_chinese(imported: Command) -> None:
    case = taken(imported, "user:d1", "nothing-owed")
    said = imported(
        "queue",
        "skip",
        case,
        "--reason",
        "WAITING_FOR_PAPERS",
        "--collector",
        "user:d1",
        QUITTANCE_LANG="zh-CN",
    )
    assert "等待材料" in said.out
    refused = imported("queue", "done", case, "--collector", "user:d1", QUITTANCE_LANG="zh-CN")
    assert "该案件已不归您办理" in refused.err


def test_nobody_is_handed_a_case_from_a_queue_that_waits(imported: Command) -> None:
    done = imported("queue", "next", "on-hold")
    assert done.code == 1
    assert "Nobody is handed a case" in done.err
    assert imported.json("queue", "list", "on-hold") == []
