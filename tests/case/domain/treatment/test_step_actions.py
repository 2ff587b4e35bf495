"""Steps that are due are among what to do next, each with all that stands in its way."""

from services.case.domain import money_commands as m
from services.case.domain.next_action import next_actions
from services.case.domain.treatment.said import open_steps
from services.case.projections import action_words
from tests.case.domain.treatment.treated_life import TreatedLife, on
from tests.kit.life import cny
from tests.kit.treated import book, small


def test_a_due_step_is_an_action_with_its_last_day_and_a_promise_blocks_it() -> None:
    case = TreatedLife(book(small()))
    case.open(days_past_due=10)
    case.sweep(0)

    def steps() -> list[object]:
        judged = case.worked.judged
        found = next_actions(case.worked.facts, case.picture(), case.policy, tuple(open_steps(judged)))
        return [one for one in found if one.action == "TAKE_STEP"]

    [free] = steps()
    assert (free.about, free.blocked_by) == ("1.soft", ())  # type: ignore[attr-defined]
    assert action_words.sentence(free, "en") == "A call (1.soft) is due until 2026-03-04."  # type: ignore[arg-type]
    assert action_words.sentence(free, "zh-CN") == "致电（1.soft）应于 2026-03-04 前完成。"  # type: ignore[arg-type]
    case.do(m.TakePromise(ref="prm_1", on=on(0), amount=cny(100), due=on(20), given_by="DEBTOR"))
    [blocked] = steps()
    assert [by.code for by in blocked.blocked_by] == ["PROMISE_OPEN"]  # type: ignore[attr-defined]
