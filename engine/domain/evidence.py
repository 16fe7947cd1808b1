"""Verification of evidence (bukti dukung): who checks, what he says, what replaces it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from engine.domain.claims import Evidence, EvidenceStatus
from engine.domain.errors import NotEntitled, TransitionRefused, Violation, require

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

#: characters of a link
LINK_LENGTH_MAX: Final = 2_000
_SCHEMES: Final = frozenset({"http", "https"})


class CheckOutcome(StrEnum):
    """What the verifier says."""

    #: it is there and shows what it should
    VERIFIED = "verified"
    #: it is missing, wrong or somebody else's
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCheck:
    """One verification of one piece of evidence; append-only."""

    #: UUIDv7 text
    id: str
    #: the evidence
    evidence_id: str
    #: whose work it proves
    owner_id: str
    #: who checked
    verifier_id: str
    #: whom he stood in for
    on_behalf_of: str | None = None
    #: what he says
    outcome: CheckOutcome
    #: why; needed when it is rejected
    reason: str = ""
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReplacement:
    """A rejected piece of evidence and the one its owner brought instead; append-only."""

    #: the rejected one
    old_id: str
    #: what stands in its place
    new_id: str
    #: whose work it proves
    owner_id: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A piece of evidence with what it proves."""

    evidence: Evidence
    #: whose work
    owner_id: str
    #: the output whose claim it backs
    output_id: str | None = None
    #: or the planned result
    item_id: str | None = None


def link_fault(link: str) -> Violation | None:
    """Promise: why a link cannot stand as evidence; judged by its form, never fetched."""
    if len(link) > LINK_LENGTH_MAX:
        return _link("a link is at most 2,000 characters long")
    if not link.isprintable() or any(mark.isspace() for mark in link) or "\\" in link:
        return _link("a link has no blanks or control characters")
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return _link("a link is an address")
    if parts.scheme not in _SCHEMES or not parts.hostname:
        return _link("a link begins with https:// and names a place")
    if parts.username is not None or parts.password is not None or port == 0:
        return _link("a link carries no name or password")
    return None


def barred_verifiers(proof: Proof, parties: Iterable[str] = ()) -> frozenset[str]:
    """Promise: who never verifies it: who brought it, whose it is, and further parties."""
    return frozenset({proof.evidence.uploaded_by, proof.owner_id, *parties})


def verifier(candidates: Iterable[str | None], barred: Collection[str]) -> str | None:
    """Promise: the first candidate who is not barred; None when nobody is left."""
    return next((one for one in candidates if one is not None and one not in barred), None)


def check(made: EvidenceCheck, proof: Proof) -> Evidence:
    """Promise: the evidence as the verification leaves it.

    Raises TransitionRefused when it was checked before, NotEntitled for who brought it or whose
    it is, RuleBroken without the reason that a rejection needs.
    """
    found = proof.evidence
    if found.status is not EvidenceStatus.UNVERIFIED:
        raise TransitionRefused("evidence", found.status, "verify")
    barred = barred_verifiers(proof)
    for name in (made.verifier_id, made.on_behalf_of):
        if name in barred:
            raise NotEntitled("verify_evidence", str(name), "nobody verifies what is his own")
    if made.outcome is CheckOutcome.REJECTED and not made.reason.strip():
        require([Violation(code="reason_missing", subject=found.id, message="say what is wrong")])
    return replace(found, status=EvidenceStatus(made.outcome.value), verified_by=made.verifier_id)


def check_replacement(proof: Proof, person_id: str, *, replaced: bool) -> None:
    """Promise: the owner may bring something else for rejected evidence, once.

    Raises NotEntitled for others, TransitionRefused while it is not rejected or was replaced.
    """
    if person_id != proof.owner_id:
        raise NotEntitled("replace_evidence", person_id, "only its owner replaces evidence")
    if proof.evidence.status is not EvidenceStatus.REJECTED or replaced:
        raise TransitionRefused("evidence", proof.evidence.status, "replace")


def _link(message: str) -> Violation:
    return Violation(code="not_a_link", subject="link", message=message)
