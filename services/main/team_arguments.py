"""A team named on the command line: one that the staff directory knows, or told at once."""

from typing import TYPE_CHECKING

from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.case.domain.staffing.member import Member
    from services.case.wiring import CaseService


async def members_of(case: "CaseService", team: str) -> "list[Member]":
    """Who is in the team today, those who left as well. Raises WrongUsage for a team that nobody was ever in."""
    from services.case.projections.staffing import directory

    today = case.decisions.today
    found = await case.projections.ask(
        lambda connection: directory.members(connection, today, team=team), directory.VIEW
    )
    if not found:
        raise WrongUsage(
            en="--team names a team that nobody is in; `quittance staff teams` lists them",
            zh="--team 所指的组没有成员；可用 `quittance staff teams` 查看各组",
        )
    return found
