"""`quittance legal evidence-pack|check-pack`: the evidence of a case for court, and the offline check of a pack."""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import code_of, person
from services.main.arguments import day as day_of
from services.main.commands.legal import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, Stopped, WrongUsage

if TYPE_CHECKING:
    from services.legal.domain.pack.pack import Pack
    from services.legal.wiring import LegalService

CLIENT = "quittance-cli"


@command(
    app,
    "evidence-pack",
    "quittance legal evidence-pack TWC-000059 --out pack.zip --reason SUIT --by user:lin",
    "quittance legal evidence-pack TWC-000059 --out p.zip --as-of 2005-09-30 --language en --reason SUIT --by user:lin",
)
def evidence_pack(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="`case-…`, or a reference that the case service knows.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the ZIP goes; it must be new.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="CODE", help="Why, as a code in capitals: SUIT, REGULATOR …")
    ],
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who wants it, such as user:5b0e.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DAY", help="The day it is about, to its end  [default: today]"),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="zh-CN|en", help="In which language it is written.")
    ] = "zh-CN",
    store: Store = None,
    json: Json = False,
) -> None:
    """The evidence of a case for court, as a ZIP for its owner alone, with a manifest of hashes.

    Who wants it and why is on record before anything is read, and so are its hashes once it is made. Exit code 1 where
    it cannot be made.
    """
    from services.legal.domain.pack.pack import LANGUAGES

    session, who, why = Session.begin(store=store, as_json=json), person(by), code_of(reason)
    if language not in LANGUAGES:
        raise WrongUsage(
            en=f"--language takes: {', '.join(LANGUAGES)}", zh=f"--language 可用：{'、'.join(LANGUAGES)}"
        )
    day = None if as_of is None else day_of(as_of, option="--as-of")
    if out.exists():
        raise WrongUsage(
            en="--out names something that is there already; name a new file",
            zh="--out 所指的文件已存在，请另取名称",
        )
    if not out.absolute().parent.is_dir():
        raise WrongUsage(en="--out names a folder that is not there", zh="--out 所在的目录不存在")
    named = case if case.startswith("case-") else _case_of(session, case)
    known = session.with_legal(
        lambda legal: _make(session, legal, named, day, language, why, who, out),
        provision="case" in session.kept(),  # a case of which no lawyer has heard has evidence too
    )
    _say(session.console, out, known)


async def _make(
    session: Session,
    legal: "LegalService",
    case: str,
    day: date | None,
    language: str,
    reason: str,
    who: str,
    out: Path,
) -> "Pack":
    from services.legal.application.pack.desk import Wanted
    from services.main.reaching import asked_beside
    from shared.kernel import ids

    wanted = Wanted(case=case, as_of=day or legal.acts.today, language=language, reason=reason, by=who)
    async with asked_beside(session, legal):
        pack = await legal.packs.ask(wanted, client=CLIENT, key=ids.new_token())
        known = await legal.packing.make(pack)
        if known.made is None:
            return known
        file, known = await legal.packs.fetch(pack, by=who)
        _carry(file, out)
        file.unlink(missing_ok=True)
        return known


def _carry(file: Path, out: Path) -> None:
    """The pack at its place, for its owner alone."""
    with file.open("rb") as made:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as written:
            shutil.copyfileobj(made, written)
            written.flush()
            os.fsync(written.fileno())


def _case_of(session: Session, name: str) -> str:
    async def work(case: Any) -> str:
        seen = await case.clocks.named(name, as_of=case.decisions.today, or_later=True)
        return str(seen.case_id)

    return session.with_case(work, views=False)


def _say(console: Console, out: Path, known: "Pack") -> None:
    made, asked = known.made, known.asked
    if made is None or asked is None:
        why = known.failed.reason if known.failed else "?"
        raise Stopped(
            en=f"the pack could not be made: {why}; that is on record. Try again once that is put right",
            zh=f"证据包未能生成：{why}；已记录在案，处理后请重试",
        )
    if console.as_json:
        console.answer(
            {
                "pack": made.pack, "case": asked.case, "as_of": asked.as_of.isoformat(), "file": str(out),
                "manifest": made.manifest, "sha256": made.zip_sha256, "size": made.size, "files": made.files,
                "gaps": list(made.gaps),
            }
        )  # fmt: skip
        return
    console.tell(
        f"{out}: {made.files} files, {made.size:,} bytes", f"{out}：{made.files} 个文件，{made.size:,} 字节"
    )
    console.tell(f"manifest {made.manifest}", f"清单校验值 {made.manifest}")
    for gap in made.gaps:
        console.note(f"missing: {gap}", f"缺失：{gap}")
    console.tell(f"next: quittance legal check-pack {out}", f"下一步：quittance legal check-pack {out}")


@command(
    app,
    "check-pack",
    "quittance legal check-pack pack.zip",
    "quittance legal check-pack pack.zip --manifest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)
def check_pack(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An evidence pack.")],
    manifest: Annotated[
        str | None,
        typer.Option("--manifest", metavar="SHA256", help="What is on record: compared with the pack's own."),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Is every file of the pack the one its manifest lists? No store and no network are needed.

    Exit code 5 where something is not.
    """
    from services.legal.adapters.pack.checking import check

    console = Session.begin(store=store, as_json=json).console
    found = check(file, manifest=manifest)
    if console.as_json:
        console.answer(found.as_json())
    else:
        for name, what in found.wrong:
            console.tell(f"{name}: {_WHAT[what][0]}", f"{name}：{_WHAT[what][1]}")
        if not found.wrong:
            console.tell(
                f"all {found.files} files are those of the manifest {found.manifest}",
                f"{found.files} 个文件均与清单 {found.manifest} 一致",
            )
        for gap in found.gaps:
            console.tell(f"missing, as the manifest says: {gap}", f"清单注明缺失：{gap}")
    if found.wrong:
        raise typer.Exit(Exit.VERIFICATION_FAILED)


_WHAT = {
    "NO_PACK": ("there is no manifest of an evidence pack", "不是证据包，或清单已损坏"),
    "CHANGED": ("not the file that the manifest lists", "与清单不符"),
    "MISSING": ("listed and not there", "清单所列文件缺失"),
    "UNLISTED": ("there and not listed", "清单未列的文件"),
    "OTHER_MANIFEST": ("another manifest than the one on record", "与记录在案的清单校验值不符"),
}
