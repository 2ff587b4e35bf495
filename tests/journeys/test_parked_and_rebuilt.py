"""A parked stream is listed, shown and taken up again, and a view rebuilt by name, through the command."""

import sqlite3
from contextlib import closing

from services.case.projections import work_queue
from services.case.projections.all_views import SHAPES
from services.contact.projections.all_views import SHAPES as OF_CONTACT
from services.legal.projections.all_views import SHAPES as OF_LEGAL
from tests.kit.command import Command
from tests.kit.importing import SAMPLE


def _park(quittance: Command, account: str) -> int:
    """Do to the queue what a fault on the case's first event would have done; the event's position."""
    case = quittance.json("case", "show", account)
    first = case["timeline"][0]["position"]
    with closing(sqlite3.connect(quittance.folder / ".quittance/case.db")) as connection:
        connection.execute(f"DELETE FROM {work_queue.QUEUE.name} WHERE case_id = ?", (case["id"],))
        connection.execute(
            "INSERT INTO projection_parked (projection, version, lane, position, stream_id, error, tries, parked_at)"
            " VALUES ('case.queue', ?, 1, ?, ?, 'KeyError', 1, 0)",
            (work_queue.VIEW.version, first, case["id"]),
        )
        connection.commit()
    return int(first)


def test_a_parked_stream_is_shown_and_retried(quittance: Command) -> None:
    assert quittance("import", "statements", SAMPLE).code == 0
    before = quittance.json("queue", "list", "M1", "--limit", "500")
    position = _park(quittance, "TWC-000669")
    [parked] = quittance.json("parked", "ls")
    assert parked["id"] == f"case.queue:1:{position}"
    standing = {view["view"]: view["parked"] for view in quittance.json("projection", "status")}
    assert standing.pop("case.queue") == 1
    assert not any(standing.values())
    assert quittance("doctor").code == 1
    shown = quittance.json("parked", "show", parked["id"])
    assert (shown["type"], shown["events"]) == ("case.CaseOpened/v1", 12)
    assert quittance("parked", "show", "case.queue:1:1").code == 2
    assert quittance.json("parked", "retry", parked["id"]) == [
        {"id": parked["id"], "events": 12, "error": None}
    ]
    assert quittance.json("parked", "ls") == []
    assert quittance.json("parked", "retry", "--all") == []
    assert quittance.json("queue", "list", "M1", "--limit", "500") == before


def test_a_view_is_rebuilt_by_its_short_name_and_an_unknown_one_is_not(imported: Command) -> None:
    assert imported.json("projection", "rebuild", "queue")["views"] == ["case.queue"]
    wrong = imported("projection", "rebuild", "nothing")
    assert wrong.code == 1
    assert "case.queue" in wrong.err
    assert [view["view"] for view in imported.json("projection", "ls")] == [
        view.name for view in (*SHAPES, *OF_CONTACT, *OF_LEGAL)
    ]
