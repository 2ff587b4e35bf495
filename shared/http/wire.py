"""What the answers of every service are made of."""

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """An answer of ours: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class PageLinks(Wire):
    """`next` is null on the last page."""

    next: str | None
