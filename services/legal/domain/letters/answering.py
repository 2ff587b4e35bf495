"""Until when an answer to a letter is awaited: so many days after it arrived, by the working calendar."""

from datetime import date, timedelta

from services.legal.domain.clocks.counting import rolled
from services.legal.domain.facts.letter import LetterDrafted
from services.legal.domain.matter import Matter
from shared.kernel.calendar import CalendarMissing


def answer_until(matter: Matter, letter: str, delivered_on: date) -> date:
    """The last day of the answer (it is still in time): the first day is not counted, a rest day rolls on.

    Where that year's calendar is not announced the day stands as it is counted. A letter that wants no answer has the
    day of its delivery.
    """
    drafts = [one for one in matter.steps(letter) if isinstance(one, LetterDrafted)]
    days = drafts[-1].answer_days if drafts else 0
    if not days:
        return delivered_on
    raw = delivered_on + timedelta(days=days)
    found = rolled(raw)
    return raw if isinstance(found, CalendarMissing) else found
