"""What a look shows it shows for a minute; an hour's limit runs with the clock and outlives the process."""

from pathlib import Path

from tests.case.api.acts import refused
from tests.case.api.privacy.conftest import housed


def test_a_look_is_over_after_a_minute_and_the_limit_after_an_hour(tmp_path: Path) -> None:
    with housed(tmp_path, QUITTANCE_TEST_CLOCK=str(tmp_path / "clock")) as house:

        def later(by: str) -> None:
            moved = house.server.quittance("clock", "advance", by)
            assert moved.code == 0, moved.err

        clerk = house.as_person("clerk-1")
        first = house.reveal(house.debtor, key="once", token=clerk)
        assert first.status_code == 201, first.text
        found = house.post(
            "/v1/party-searches", key="once", kind="PHONE", value="13812345678", purpose="CONTACT"
        )
        assert found.status_code == 201
        assert house.reveal(house.debtor, key="once", token=clerk).json() == first.json()
        later("1m")
        for again in (
            house.reveal(house.debtor, key="once", token=clerk),
            house.post(
                "/v1/party-searches", key="once", kind="PHONE", value="13812345678", purpose="CONTACT"
            ),
        ):
            assert refused(again) == (409, "look-over")
            assert "138" not in again.text
        for _ in range(19):
            assert house.reveal(house.debtor, token=clerk).status_code == 201
        assert refused(house.reveal(house.debtor, token=clerk)) == (429, "quota-exceeded")
        later("59m")
        assert house.reveal(house.debtor, token=clerk).status_code == 201, "the first is an hour old"
        assert refused(house.reveal(house.debtor, token=clerk)) == (429, "quota-exceeded")
