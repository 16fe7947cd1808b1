"""Functional credit in the API's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.domain.certificates import shown_code
from engine.domain.functional import rounded

if TYPE_CHECKING:
    from engine.domain.credit_papers import CreditPaper
    from engine.domain.functional import CreditMonth, FunctionalStanding, Target
    from engine.usecases.functional_credit import CreditBook, OfficialCredit


def book(found: CreditBook) -> dict[str, Any]:
    """A person's functional credit."""
    held, sums = found.held, found.found
    until = held.contract_until if held else None
    return {
        "personId": found.person.id,
        **_held(held),
        "contractUntil": until.isoformat() if until else None,
        "since": sums.since.isoformat() if sums else None,
        "brought": str(sums.brought) if sums else None,
        "points": str(rounded(sums.units, found.decimals)) if sums else None,
        "rank": _target(found.rank, found.decimals),
        "nextLevel": _target(found.next_level, found.decimals),
        "months": [_month(row) for row in found.months],
        "papers": [_paper(row, found) for row in found.papers],
    }


def official(row: OfficialCredit, decimals: int) -> dict[str, Any]:
    """One functional official."""
    return {
        "personId": row.official.person_id,
        "name": row.official.name,
        "unitId": row.official.unit_id,
        **_held(row.held),
        "points": str(rounded(row.found.units, decimals)) if row.found else None,
        "rank": _target(row.rank, decimals),
        "nextLevel": _target(row.next_level, decimals),
        "flagged": row.flagged,
    }


def _held(held: FunctionalStanding | None) -> dict[str, str | None]:
    return {
        "employment": held.employment.value if held else None,
        "level": held.level.value if held and held.level else None,
        "grade": held.grade if held else None,
    }


def _target(target: Target | None, decimals: int) -> dict[str, Any] | None:
    if target is None:
        return None
    missing = str(rounded(target.missing_units, decimals))
    return {"needed": str(target.needed), "missing": missing, "met": target.met}


def _month(row: CreditMonth) -> dict[str, Any]:
    return {
        "year": row.year,
        "month": row.month,
        "level": row.level.value,
        "coefficient": str(row.coefficient),
        "percent": row.percent,
        "predikat": row.predikat.value,
        "units": str(row.units),
    }


def _paper(row: CreditPaper, found: CreditBook) -> dict[str, Any]:
    return {
        "paperId": row.id,
        "kind": row.kind.value,
        "code": shown_code(row.code),
        "number": row.number,
        "year": row.year,
        "month": row.month,
        "issuedAt": row.issued_at,
        "cancelledAt": row.cancelled_at,
        "cancelReason": row.cancel_reason,
        "flags": [
            {"reason": flag.reason.value, "before": flag.before, "after": flag.after}
            for flag in found.flags.get(row.id, ())
        ],
        "contentHash": row.content_hash,
        "content": row.content,
    }
