"""The policy that a stored event names, for views that compute by it."""

from functools import lru_cache

from services.case.domain.policy import CN_RETAIL_1, DEFAULT_TENANT, POLICIES, CasePolicy
from shared.kernel.policy import NoPolicyInForce


@lru_cache(maxsize=256)
def policy_named(version: str | None) -> CasePolicy:
    """The policy of that id; an event that names none, or one we no longer know, is read under the first.

    A view never rejects an event, and must give the same row at every replay.
    """
    try:
        return POLICIES.named(tenant=DEFAULT_TENANT, version=version or "")
    except NoPolicyInForce:
        return CN_RETAIL_1
