"""`quittance contact templates`, `template show`, `template preview`: which texts there are, and what they say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.commands.contact import app as app
from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import CONTACT, Session
from services.main.usage import Exit, Stopped, WrongUsage

if TYPE_CHECKING:
    from services.contact.adapters.texts.template_files import Written
    from services.contact.domain.texts.template import Template
    from services.contact.domain.texts.words import WordBook
    from services.contact.wiring import ContactService

one = group(
    "template", "One template: what it says, a look at it with values, and what two people decide of it."
)
app.add_typer(one)
Code = Annotated[str, typer.Argument(metavar="TEMPLATE", help="A template's code, such as m1-remind.")]
Number = Annotated[int | None, typer.Option("--version", min=1, help="That version; else the one in force.")]
Language = Annotated[str | None, typer.Option("--lang", help="zh-CN or en; else the language you read.")]


@command(
    app,
    "templates",
    "quittance contact templates",
    "quittance contact templates --check own.toml",
    "quittance contact templates --words --json",
)
def templates(
    check: Annotated[
        Path | None,
        typer.Option(
            "--check", metavar="FILE", help="Read a file of templates and say what stands against each."
        ),
    ] = None,
    words: Annotated[
        bool, typer.Option("--words", help="The list of forbidden words: rules, sources and reasons.")
    ] = False,
    store: Store = None,
    json: Json = False,
) -> None:
    """Templates and scripts: shipped ones and, where there is a store, the tenant's own.

    With --check nothing is recorded and no store is needed; exit code 1 if a text may not be used.
    """
    session = Session.begin(store=store, as_json=json)
    if check is not None and words:
        raise WrongUsage(en="--check and --words are two questions", zh="--check 与 --words 不能同时使用")
    if check is not None:
        _check(session.console, check)
    elif words:
        _words(session.console)
    else:
        _list(session)


def _check(console: Console, file: Path) -> None:
    from services.contact.adapters.texts.word_file import shipped_words
    from services.contact.domain.texts.lint import lint

    found, unfit = [], 0
    for written in read(file):
        linted = lint(written.text, shipped_words())
        unfit += bool(linted.faults)
        found.append(
            {
                "template": written.code, "channel": written.text.channel, "situation": written.text.situation,
                "markers": list(linted.markers), "faults": list(linted.faults),
            }
        )  # fmt: skip
    if console.as_json:
        console.answer({"templates": found, "unfit": unfit, "words": shipped_words().id})
    for said in found:
        console.say(f"{said['template']}  {said['channel']}  {said['situation']}")
        for fault in said["faults"]:
            console.say(f"  {fault}")
    console.tell(
        f"{len(found)} texts, {unfit} of which may not be used. next: quittance contact templates --words",
        f"共 {len(found)} 个文本，其中 {unfit} 个不得使用。下一步：quittance contact templates --words",
    )
    if unfit:
        raise typer.Exit(Exit.FAILED)


def _words(console: Console) -> None:
    from services.contact.adapters.texts.word_file import shipped_words

    book = shipped_words()
    rules = [_rule(one, book, console) for one in (*book.words.rule, *book.words.required)]
    if console.as_json:
        console.answer({"id": book.id, "rules": rules})
        return
    for rule in rules:
        console.say(f"{rule['rule']}  {rule['marker'] or ''}")
        console.say(f"  {rule['reason']}")
        console.say(f"  {rule['source']} ({rule['confidence']})")
    console.say(book.id)


def _rule(rule: Any, book: "WordBook", console: Console) -> dict[str, Any]:
    source = next(known for known in book.words.source if known.id == rule.source)
    return {
        "rule": rule.id,
        "marker": getattr(rule, "marker", None),
        "forbids": getattr(rule, "forbids", True),
        "reason": console.pick(rule.reason.en, rule.reason.zh),
        "source": source.title,
        "confidence": source.confidence,
    }


def _list(session: Session) -> None:
    from services.contact.application.texts.shown import summary

    found, today = _known(session)
    rows = [summary(template, today) for template in found]
    console = session.console
    if console.as_json:
        console.answer({"items": rows})
        return
    headings = console.pick(
        "template channel situation stages for in-force waiting", "模板 渠道 情形 阶段 对象 生效版本 待审批"
    ).split()
    table = [
        (
            row["id"], row["channel"], row["situation"], " ".join(row["stages"]) or "–", row["audience"],
            row["in_force"] or "–", sum(version["status"] == "DRAFTED" for version in row["versions"]),
        )
        for row in rows
    ]  # fmt: skip
    console.table(headings, table, right=(5, 6))
    console.tell(
        "next: quittance contact template show TEMPLATE", "下一步：quittance contact template show 模板"
    )


def _known(session: Session) -> "tuple[list[Template], Any]":
    """Every template and the day it is; without a store the shipped ones."""
    from services.contact.adapters.texts.template_files import shipped_templates
    from services.contact.domain.texts.template import folded

    if CONTACT not in session.kept():
        found = [folded(code, versions, ()) for code, versions in sorted(shipped_templates().items())]
        return found, session.clock.now().date()

    async def work(contact: "ContactService") -> "tuple[list[Template], Any]":
        from services.contact.projections.texts import templates as view

        await contact.projections.catch_up(view.VIEW)
        return await contact.texts.all_known(await contact.ask(view.codes)), contact.texts.today

    return session.with_contact(work)


def _named(session: Session, code: str, version: int | None) -> "tuple[Template, Any]":
    """A template and one version of it. Raises TemplateUnknown, TemplateNotInForce."""
    from services.contact.domain.texts.template import TemplateUnknown

    found, today = _known(session)
    template = next((known for known in found if known.code == code), None)
    if template is None:
        raise TemplateUnknown
    return template, template.in_force(today) if version is None else template.of(version)


@command(
    one,
    "show",
    "quittance contact template show m1-remind",
    "quittance contact template show m3-formal --version 1 --json",
)
def show(code: Code, version: Number = None, store: Store = None, json: Json = False) -> None:
    """A version of a template with its text in every language and what it says."""
    from services.contact.application.texts.shown import whole

    session = Session.begin(store=store, as_json=json)
    said = whole(*_named(session, code, version))
    console = session.console
    if json:
        console.answer(said)
        return
    console.say(f"{said['template']}  {said['version']}  {said['status']}  {said['effective_from']}")
    console.say(f"{said['channel']}  {said['situation']}  {said['purpose']}  {said['audience']}")
    for body in said["bodies"]:
        console.say(f"\n{body['language']}  {body['subject_line'] or ''}".rstrip())
        console.say(body["text"].strip())
    console.say()
    console.tell(f"it says: {', '.join(said['markers'])}", f"内容标记：{'、'.join(said['markers'])}")


@command(
    one,
    "preview",
    "quittance contact template preview m1-remind --lang en",
    "quittance contact template preview m1-remind --values values.json --json",
)
def preview(
    code: Code,
    version: Number = None,
    lang: Language = None,
    values: Annotated[
        Path | None,
        typer.Option(
            "--values", metavar="FILE", help="A JSON object, variable to value; else samples, nobody's."
        ),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """A text with values in their places, names hidden; the hash is that of the exact text."""
    from services.contact.adapters.texts.word_file import shipped_words
    from services.contact.domain.texts.rendering import hidden, render
    from services.contact.domain.texts.values import samples

    session = Session.begin(store=store, as_json=json)
    console = session.console
    template, found = _named(session, code, version)
    language = lang or console.pick("en", "zh-CN")
    told = samples(found.text.variables) if values is None else _values(values)
    exact = render(found.text, language, told, shipped_words())
    subject_line, text = hidden(found.text, language, told)
    if json:
        console.answer(
            {
                "template": template.code, "version": found.number, "language": language,
                "subject_line": subject_line, "text": text, "markers": list(exact.markers), "hash": exact.hash,
            }
        )  # fmt: skip
        return
    if subject_line is not None:
        console.say(subject_line + "\n")
    console.say(text.strip())
    console.say()
    console.tell(f"it says: {', '.join(exact.markers)}", f"内容标记：{'、'.join(exact.markers)}")


def _values(file: Path) -> dict[str, str]:
    import json

    try:
        told = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise Stopped(
            en="the file of values is no JSON object of texts", zh="取值文件须为 JSON 对象，各值均为文本"
        )
    return told


def read(file: Path) -> "tuple[Written, ...]":
    """The templates of a file. Raises Stopped with every fault and its place."""
    from services.contact.adapters.texts.template_files import read_file
    from services.contact.domain.texts.document import TemplateMalformed

    if file.is_dir():
        raise IsADirectoryError(21, "is a folder", str(file))
    try:
        return read_file(file)
    except TemplateMalformed as problem:
        faults: Any = problem.context["faults"]
        told = "\n  ".join(faults)
        raise Stopped(
            en=f"the templates cannot be read; where, and what:\n  {told}",
            zh=f"模板文件无法读取；位置与原因：\n  {told}",
        ) from problem
