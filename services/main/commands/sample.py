"""`quittance sample`: what there is to try the product on."""

from pathlib import Path
from typing import Annotated

import typer

from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import Stopped, WrongUsage

app = group("sample", "Write something to work on; all of it INVENTED (虚构).")

SEED_MAX = 2**31 - 1


@app.callback()
def _sample() -> None:
    """Write something to work on; all of it INVENTED (虚构)."""


@command(
    app,
    "book",
    "quittance sample book ./book",
    "quittance sample book ./book-later --delta",
    "quittance sample book ./book-broken --broken --seed 7 --json",
)
def book(
    folder: Annotated[Path, typer.Argument(help="Where the files go: a new or empty folder.", metavar="DIR")],
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=SEED_MAX, help="The same number gives the same bytes.")
    ] = 1,
    delta: Annotated[
        bool, typer.Option("--delta", help="The second delivery instead: what changed a month later.")
    ] = False,
    broken: Annotated[
        bool,
        typer.Option("--broken", help="Break 5 % of the rows, and list what must be rejected beside them."),
    ] = False,
    store: Store = None,
    json: Json = False,
) -> None:
    """Write an INVENTED lender's book of the sample's 500 accounts, with the mapping that reads it.

    Nobody in it exists: identity numbers name no place, telephone numbers a range that was never given out.
    """
    from services.main.sample.book.writing import FolderTaken, write

    session = Session.begin(store=store, as_json=json)
    console = session.console
    if delta and broken:
        raise WrongUsage(
            en="--broken breaks the first delivery; leave --delta out",
            zh="--broken 只用于首次交付，不能与 --delta 同用",
        )
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(20, "not a folder", str(folder))
    try:
        written = write(folder, seed=seed, delta=delta, broken=broken)
    except FolderTaken:
        raise Stopped(
            en="the folder holds other files, which are left alone; name a new one",
            zh="该目录中已有其他文件，未作任何改动；请换一个新目录",
        ) from None
    if console.as_json:
        console.answer(
            {
                "invented": True,
                "seed": seed,
                "mapping": str(written.mapping),
                "rows": written.rows,
                "broken": written.broken,
            }
        )
        return
    console.tell(
        f"INVENTED book, nobody in it exists: {sum(written.rows.values()):,} rows in {len(written.rows)} files"
        + (f", and {written.broken:,} broken ones" if broken else ""),
        f"虚构数据（INVENTED），其中无真实人物：{len(written.rows)} 个文件，共 {sum(written.rows.values()):,} 行"
        + (f"，另有 {written.broken:,} 行损坏" if broken else ""),
    )
    console.tell(
        f"take it in: quittance import book {folder} --mapping {written.mapping}",
        f"导入：quittance import book {folder} --mapping {written.mapping}",
    )
