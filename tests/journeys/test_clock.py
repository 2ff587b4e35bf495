"""The test clock as its users meet it: absent unless named, shared by every process, and never going back."""

from datetime import UTC, timedelta
from pathlib import Path

from shared.kernel.clock import SystemClock
from tests.kit.command import Command, command_in
from tests.kit.importing import row, write
from tests.kit.served import served


def _clocked(folder: Path) -> Command:
    return command_in(folder, QUITTANCE_TEST_CLOCK=str(folder / "clock.json"))


def test_without_the_setting_the_machine_s_clock_counts_and_cannot_be_set(quittance: Command) -> None:
    assert quittance.json("clock", "show")["test_clock"] is False
    for words in (("set", "2027-05-22"), ("advance", "1d")):
        done = quittance("clock", *words)
        assert (done.code, done.out) == (2, "")
        assert "QUITTANCE_TEST_CLOCK" in done.err


def test_it_is_set_and_goes_on_and_never_back(tmp_path: Path) -> None:
    quittance = _clocked(tmp_path)
    said = quittance.json("clock", "set", "2027-05-22")
    assert said["test_clock"] is True
    assert said["now"].startswith("2027-05-21T16:00:0"), "midnight where the lender is"
    assert quittance.json("clock", "advance", "12h")["now"].startswith("2027-05-22T04:00:0")
    back = quittance("clock", "set", "2027-05-22T00:00:00+08:00")
    assert (back.code, "never goes back" in back.err) == (2, True)
    assert "时钟不能倒退" in quittance("clock", "set", "2026-01-01", QUITTANCE_LANG="zh-CN").err
    assert quittance("clock", "advance", "-1d").code == 2
    assert quittance("clock", "advance", "1 month").code == 2


def test_it_may_begin_in_the_past_but_not_before_what_the_store_holds(tmp_path: Path) -> None:
    quittance = _clocked(tmp_path)
    file = write(tmp_path / "one.csv", [row("A-1", months=2)])
    assert quittance("clock", "set", "2005-05-01").code == 0
    assert quittance("import", "statements", file).code == 0
    last = quittance.json("audit", "list", "--limit", "1")
    assert str(last).count("2005-04-30T16:0"), "what is recorded is stamped with the test clock"
    (tmp_path / "clock.json").unlink()
    assert quittance("clock", "set", "2005-04-01").code == 2


def test_servers_tokens_and_the_doctor_go_by_it_and_say_so(tmp_path: Path) -> None:
    quittance = _clocked(tmp_path)
    ahead = (SystemClock().now() + timedelta(days=200)).astimezone(UTC)
    assert quittance("clock", "set", ahead.isoformat()).code == 0
    with served(quittance) as server:
        assert server.http.get("/v1/cases").status_code == 200
        assert quittance("clock", "advance", "2d").code == 0
        assert server.http.get("/v1/cases").status_code == 401, "the token's twelve hours are over"
        assert server.http.get("/v1/cases", headers=server.token()).status_code == 200
        server.process.terminate()
        _, err = server.process.communicate(timeout=15)
    assert "TEST CLOCK in use" in err
    testing = [check for check in quittance.json("doctor") if check["check"] == "testing"]
    assert [check["ok"] for check in testing] == [True]


def test_a_file_that_is_no_clock_is_said(tmp_path: Path) -> None:
    quittance = _clocked(tmp_path)
    (tmp_path / "clock.json").write_text("not a clock")
    done = quittance("clock", "show")
    assert (done.code, "holds no clock" in done.err) == (2, True)
