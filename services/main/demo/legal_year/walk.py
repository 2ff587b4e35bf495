"""Half a year at law: a matter from referral to judgment, the limitation chain of its case, and a claim out of time."""

from pathlib import Path

from services.main.demo.legal_year import stories
from services.main.demo.stage import set_up
from services.main.demo.steps import Steps
from services.main.session import Session

FOLDER = "legal-year"
BEGINS = "2026-01-05T10:00:00+08:00"
STORIES = (stories.to_judgment, stories.out_of_time)


def tell(session: Session, steps: Steps, folder: Path) -> list[str]:
    """Every story; the paths that were called. Raises Stopped where one does not go as told."""
    steps.title(
        "At law, January to June 2026, with invented debtors: what a claim rests on, and until when",
        "法务处置（2026 年 1 月至 6 月，债务人均为虚构）：债权的依据及其时效",
    )
    with set_up(session, steps, folder, name=FOLDER, begins=BEGINS) as stage:
        for story in STORIES:
            story(stage)
        return stage.counter.sent
