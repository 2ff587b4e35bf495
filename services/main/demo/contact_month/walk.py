"""The month from its first day to what a regulator would ask for at its end."""

from pathlib import Path

from services.main.demo.contact_month import stories
from services.main.demo.department import must
from services.main.demo.stage import set_up
from services.main.demo.steps import Steps
from services.main.session import Session

FOLDER = "contact-month"
BEGINS = "2026-11-02T10:00:00+08:00"
STORIES = (
    stories.reminded, stories.bounced, stories.stopped, stories.by_night, stories.found_late, stories.promised,
)  # fmt: skip


def tell(session: Session, steps: Steps, folder: Path) -> list[str]:
    """Every story; the paths that were called. Raises Stopped where one does not go as told."""
    steps.title(
        "A month of contact, November 2026, with invented debtors: may we, did we, and what came of it",
        "一个月的联系（2026 年 11 月，债务人均为虚构）：可否联系、是否联系、结果如何",
    )
    with set_up(session, steps, folder, name=FOLDER, begins=BEGINS) as stage:
        for story in STORIES:
            story(stage)
        stage.steps.title(
            "What was refused, and what was done all the same", "被拒绝的联系，以及仍然发生的联系"
        )
        for report in ("refusals", "breaches", "health"):
            must(stage.steps.run("contact", report))
        return stage.counter.sent
