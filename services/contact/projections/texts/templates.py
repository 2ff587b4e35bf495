"""Which templates are on record, and which wait for a second person? Shipped ones that nobody touched are not here."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts.texts import (
    TemplateApproved,
    TemplateDrafted,
    TemplateRejected,
    TemplateRetired,
)
from services.contact.projections.ledger_pages import stored
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

STREAM = "template"
TEMPLATES = sa.Table(
    "contact_template_v1",
    sa.MetaData(),
    sa.Column("template", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("versions", sa.Integer, nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False),
)
"""A row a template: so many versions on record, of which `waiting` wait for a second person."""

TemplateSeen: TypeAlias = Recorded[
    TemplateDrafted | TemplateApproved | TemplateRejected | TemplateRetired | Erased
]


def wants(seen: TemplateSeen) -> Iterable[tuple[str, str]]:
    """The template's row."""
    return () if isinstance(seen.event, Erased) else ((TEMPLATES.name, seen.event.template),)


def apply(seen: TemplateSeen, rows: Working) -> None:
    """One version more, or one that waits less."""
    event = seen.event
    if isinstance(event, Erased):
        return
    _, _, _, versions, waiting = rows.get(TEMPLATES, event.template) or (event.template, 0, 0, 0, 0)
    match event:
        case TemplateDrafted():
            versions, waiting = versions + 1, waiting + 1
        case TemplateApproved() | TemplateRejected():
            waiting -= 1
        case TemplateRetired():
            pass
    rows.put(TEMPLATES, event.template, (event.template, seen.lane, seen.position, versions, waiting))


VIEW = View(
    name="contact.templates",
    version=1,
    tables=(TEMPLATES,),
    apply=apply,
    wants=wants,
    streams=(STREAM,),
    types=stored(TemplateDrafted, TemplateApproved, TemplateRejected, TemplateRetired),
)


def codes(connection: sa.Connection, *, waiting: bool = False) -> Sequence[str]:
    """The codes of templates on record, in order; with `waiting` those of which a version waits."""
    query = sa.select(TEMPLATES.c.template).order_by(TEMPLATES.c.template)
    if waiting:
        query = query.where(TEMPLATES.c.waiting > 0)
    return [str(code) for code in connection.execute(query).scalars()]
