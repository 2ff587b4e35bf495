"""The command line: nouns and verbs of DESIGN.md 5, one module each in `commands`."""

import typer

from services.main.commands import (
    allocation,
    audit,
    bench,
    book,
    book_import,
    case,
    clock,
    contact,
    contact_asking,
    contact_registers,
    contact_replies,
    contact_texts,
    contact_texts_kept,
    cost_import,
    demo,
    dialing,
    doctor,
    early_warning,
    events,
    history_import,
    kpi,
    kpi_targets,
    legal,
    legal_letters,
    legal_letters_out,
    legal_limitation,
    legal_lists,
    legal_matters,
    legal_packs,
    legal_steps,
    letters,
    outbox,
    outreach,
    parked,
    party,
    payments,
    payments_import,
    projection,
    queue_held,
    report,
    sample,
    segments,
    serve,
    staff,
    statements,
    strategy,
    sweep,
    token,
    version,
    who_read,
)

EPILOG = (
    "\b\nExamples:\n"
    "  quittance import statements statements.csv\n"
    "  quittance report buckets --as-of 2005-09-30\n"
    "  quittance queue next M2\n"
    "  quittance audit verify\n\n"
    "Exit codes: 0 ok, 1 failed, 2 usage, 3 differences found, 4 approval pending, 5 verification failed."
)

app = typer.Typer(
    name="quittance",
    help="Event-sourced collections for banks and licensed lenders.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

assert payments_import.app is statements.app
assert history_import.app is book_import.app is statements.app  # they add their commands to `import`
assert who_read.app is audit.app
assert contact_texts.app is contact.app
assert contact_asking.app is contact_registers.app is contact.app
assert contact_replies.app is contact.app
assert contact_texts_kept.one is contact_texts.one
assert outreach.app is contact.app
assert outbox.app is contact.app
assert dialing.app is contact.app
contact.app.add_typer(letters.app)
assert legal_letters_out.app is legal_letters.app
legal.app.add_typer(legal_letters.app)
assert legal_limitation.app is legal_matters.app is legal.app
assert legal_lists.app is legal_packs.app is legal.app
assert legal_steps.app is legal.app
assert cost_import.app is statements.app
assert kpi.app is kpi_targets.app is segments.app is early_warning.app is report.app
for noun in (
    statements,
    report,
    case,
    book,
    queue_held,
    payments,
    staff,
    events,
    projection,
    parked,
    party,
    audit,
    clock,
    sample,
    strategy,
    contact,
    legal,
):
    app.add_typer(noun.app)
for verb in (serve, sweep, allocation, token, bench, doctor, version, demo):
    verb.declare(app)
