"""How far each service has heard the other is seen by who runs them: on the command line and in the meters."""

from pathlib import Path
from typing import Any

from services.main.hearing import READERS
from tests.kit.shapes import ONE, in_both_shapes, platform

READER = "contact.hears_case"


@in_both_shapes
def test_readers_stand_beside_the_views(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path) as it:
        case = it.open_case("D-READ")
        it.called(it.subject_of(case), case, 1, "ring_no_answer", at=it.now())
        it.until(lambda: it.on_case(case, "ContactAttempted"))

        def shown() -> dict[str, Any]:
            said = it.contact_quittance.json("projection", "status")
            return {one["view"]: one for one in said if "reads" in one}

        # Apart, contact's store holds contact's reader alone.
        assert set(shown()) == (set(READERS) if shape == ONE else {READER})
        read = it.until(lambda: found if (found := shown()[READER])["lag"] == 0 else None)
        assert (read["reads"], read["parked"]) == ("case", 0)
        assert read["position"] > 0
        assert [lane["head"] for lane in read["lanes"]] == [lane["position"] for lane in read["lanes"]]
        assert read["lanes"][0]["worker"], "it is being read"
        plain = it.contact_quittance("projection", "status")
        assert READER in plain.out
        assert f'quittance_feed_position{{lane="0",reader="{READER}"}}' in it.contact.get("/metrics").text
