"""The list of rejected lines is there when there are some, and says nothing of what the lines held."""

import os
from pathlib import Path

import pytest

from services.case.adapters.rejects_file import RejectsFile, RejectsPathTaken, default_path
from services.case.application.ports import Reject


def test_nothing_rejected_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "x.rejects.csv"
    with RejectsFile(path):
        pass
    assert not path.exists()


def test_a_run_without_rejects_removes_the_list_of_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "x.rejects.csv"
    with RejectsFile(path) as rejects:
        rejects.put(7, Reject("malformed", "as_of"))
        rejects.put(9, Reject("conflict", "line"))
    assert path.read_text() == "line,reason,field\n7,malformed,as_of\n9,conflict,line\n"
    assert rejects.count == 2
    with RejectsFile(path):
        pass
    assert not path.exists()


def test_the_lenders_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "statements.csv"
    path.write_text("account_ref,as_of\n")
    with pytest.raises(RejectsPathTaken), RejectsFile(path):
        pass
    assert path.read_text() == "account_ref,as_of\n"


def test_a_path_that_cannot_be_written_is_known_before_the_import(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"), RejectsFile(tmp_path / "missing" / "x.csv"):
        pass


def test_rejects_may_go_to_a_device(tmp_path: Path) -> None:
    with RejectsFile(Path("/dev/null")) as rejects:
        rejects.put(1, Reject("malformed", "line"))
    assert Path("/dev/null").exists()


def test_the_list_stands_beside_the_input(tmp_path: Path) -> None:
    path = default_path(tmp_path / "april.csv", working_folder=Path("/elsewhere"))
    assert path == tmp_path.resolve() / "april.rejects.csv"


def test_beside_a_pipe_there_is_no_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "april")
    path = default_path(tmp_path / "april", working_folder=Path("/elsewhere"))
    assert path == Path("/elsewhere/april.rejects.csv")


def test_where_the_input_cannot_be_written_beside_it_stands_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # a folder is never read-only for the superuser
    path = default_path(tmp_path / "april.csv", working_folder=Path("/elsewhere"))
    assert path == Path("/elsewhere/april.rejects.csv")
