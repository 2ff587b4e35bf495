"""One request to do something about one letter of a matter."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from services.legal.api.acting import MATTERS, Act
from services.legal.api.desk import Office
from services.legal.application.deciding import Verdict
from services.legal.application.thing_ids import matter_of
from services.legal.domain.commands import TakeStep
from services.legal.domain.facts import letter as f
from services.legal.domain.thing_ids import LETTER
from shared.http.commands import Envelope
from shared.http.problems import Problem


class LetterAct(Act):
    """As Act, about a letter. Raises Problem `not-found` for a letter that is none of the matter's."""

    def __init__(self, office: Office, matter: str, letter: str, asked: Envelope) -> None:
        super().__init__(office, matter, asked)
        if matter_of(LETTER, letter) != matter:
            raise Problem("not-found")
        self.letter = letter

    @property
    def page(self) -> str:
        """Where the letter is shown."""
        return f"{MATTERS}/{self.about}/letters/{self.letter}"

    async def take(self, step: Any, **refs: Any) -> Response:
        """Take a step of the letter."""
        links = {"letter": self.page}
        return await self.do(
            TakeStep(step=step, by=self.by), links=links, id=self.letter, step=step.step, **refs
        )

    async def drafted(self, draft: Callable[[], Awaitable[f.LetterDrafted]]) -> Response:
        """Record a draft; the answer says its hash."""

        async def wanted() -> TakeStep:
            return TakeStep(step=await draft(), by=self.by)

        async def shows(verdict: Verdict) -> dict[str, Any]:
            made = next((one for one in verdict.led.matter if isinstance(one, f.LetterDrafted)), None)
            if made is None:
                return {}
            return {"step": made.step, "sha256": made.sha256, "pages": made.pages}

        links = {"letter": self.page, "pdf": f"{self.page}/pdf"}
        return await self.do(wanted, links=links, shows=shows, id=self.letter)
