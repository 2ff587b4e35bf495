"""Versioned policy values: which rules decided, under a name that is stored with every event they led to.

A policy is a frozen value with a `version`; to change a rule is to add a version with a later effective
date, so that an old decision can always be explained by the values it was taken under.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from shared.kernel.refusal import Refused

_ID = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)/([1-9][0-9]{0,5})")


class NoPolicyInForce(Refused):
    """The tenant has no policy that was in force on the day in question. Provision one with an earlier date."""

    code = "no-policy-in-force"
    title_en = "No policy is in force for that date"
    title_zh = "该日期没有生效的策略版本"


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of one pack: "cn-retail/7", in force from `effective_from` until a later version's."""

    id: str
    effective_from: date

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError('a policy version is written like "cn-retail/7"')

    @property
    def pack(self) -> str:
        """The part before the slash."""
        return self.id.partition("/")[0]

    @property
    def number(self) -> int:
        """The part after the slash, from 1."""
        return int(self.id.partition("/")[2])


class Versioned(Protocol):
    """Any frozen policy value."""

    @property
    def version(self) -> PolicyVersion:
        """Under which name it is stored."""


P = TypeVar("P", bound=Versioned)


class PolicyBook(Generic[P]):
    """Every policy a service knows, by tenant.

    Raises at construction: ValueError for two policies of a tenant with one id or one effective date.
    """

    def __init__(self, by_tenant: Mapping[str, Iterable[P]]) -> None:
        self._by_tenant: dict[str, tuple[P, ...]] = {}
        for tenant, policies in by_tenant.items():
            row = tuple(sorted(policies, key=lambda p: p.version.effective_from, reverse=True))
            dates, names = {p.version.effective_from for p in row}, {p.version.id for p in row}
            if len(dates) != len(row) or len(names) != len(row):
                raise ValueError(f"tenant {tenant}: two policies share an id or an effective date")
            self._by_tenant[tenant] = row

    def in_force(self, *, tenant: str, on: date) -> P:
        """The tenant's newest policy with `effective_from` not after `on`. Raises NoPolicyInForce."""
        for policy in self._by_tenant.get(tenant, ()):
            if policy.version.effective_from <= on:
                return policy
        raise NoPolicyInForce

    def named(self, *, tenant: str, version: str) -> P:
        """The policy that a stored event names. Raises NoPolicyInForce."""
        for policy in self._by_tenant.get(tenant, ()):
            if policy.version.id == version:
                return policy
        raise NoPolicyInForce
