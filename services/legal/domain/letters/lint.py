"""What no lawyer's letter says, and what each kind of letter must say: words as data, asked of every text at load.

A law firm may say that a suit will be filed: it may not threaten with the police, with prison or with others learning
of it. A notice of an expired claim says that it is expired, and threatens nothing.
"""

import re
from functools import lru_cache

from msgspec import Struct

from services.legal.domain.letters import kinds
from shared.texts import spelling

LANGUAGE_ALL = "*"


class Phrases(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`han` and `latin` phrases in the notation of shared/texts/spelling.py. `id` names the rule, `source` its reason.

    `kinds`: of which letters; none: of all.
    """

    id: str
    source: str
    han: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def binds(self, kind: str) -> bool:
        """Is it about letters of this kind?"""
        return not self.kinds or kind in self.kinds


class WordList(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`never` is said by no letter of its kinds; of `must`, each rule is met by a phrase of it in every language."""

    never: tuple[Phrases, ...]
    must: tuple[Phrases, ...]


@lru_cache(maxsize=256)
def _pattern(han: tuple[str, ...], latin: tuple[str, ...]) -> re.Pattern[str]:
    patterns = [*(spelling.han(one) for one in han), *(spelling.latin(one) for one in latin)]
    return re.compile("|".join(patterns) or r"(?!)")


def faults_in(bare: str, kind: str, language: str, words: WordList) -> tuple[str, ...]:
    """What stands against a text, as `FORBIDDEN L-1` or `MISSING L-2`; `bare`: marks stand for values."""
    plain = spelling.folded(bare, {})
    chinese = language.startswith("zh")
    found = [
        f"FORBIDDEN {rule.id}"
        for rule in words.never
        if rule.binds(kind) and _pattern(rule.han, rule.latin).search(plain)
    ]
    found += [
        f"MISSING {rule.id}"
        for rule in words.must
        if rule.binds(kind)
        and not _pattern(rule.han if chinese else (), () if chinese else rule.latin).search(plain)
    ]
    return tuple(found)


def mean_kinds(words: WordList) -> frozenset[str]:
    """Kinds that the list speaks of: a name that is none of them is a slip of whoever wrote it."""
    return frozenset(kind for rule in (*words.never, *words.must) for kind in rule.kinds) - set(kinds.KINDS)
