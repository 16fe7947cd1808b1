"""Credit by period, budgets and certificates in the API's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.work_cards import roll_up
from engine.domain.certificates import shown_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.certificates import Verified
    from engine.usecases.credit_reports import PeriodReport, PersonCredit, SquadBudget
    from engine.usecases.ports.credits import MatrixCell

#: signs of a NIP that a public answer shows
_NIP_SHOWN = 4


def period(found: PeriodReport) -> dict[str, Any]:
    """A period from both sides."""
    return {
        "periodId": found.period.id,
        "name": found.period.name,
        "status": found.period.status.value,
        "sealHash": found.seal.seal_hash if found.seal else None,
        "home": [roll_up(row) for row in found.home],
        "host": [roll_up(row) for row in found.host],
        "pools": [
            {"unitId": row.unit_id, "poolE4": row.pool_e4, "valueE4": row.value_e4}
            for row in found.pools
        ],
        "balanced": found.balanced,
    }


def matrix(cells: Sequence[MatrixCell]) -> dict[str, Any]:
    """The in-out matrix; what goes out somewhere comes in somewhere."""
    across = sum(cell.points_e4 for cell in cells if cell.home != cell.host)
    return {
        "items": [
            {
                "homeAgencyId": cell.home.agency_id,
                "homeUnitId": cell.home.unit_id,
                "hostAgencyId": cell.host.agency_id,
                "hostUnitId": cell.host.unit_id,
                "pointsE4": cell.points_e4,
                "collectiveE4": cell.collective_e4,
            }
            for cell in cells
        ],
        "inE4": across,
        "outE4": across,
    }


def person_credit(found: PersonCredit) -> dict[str, Any]:
    """A person's credit by period."""
    return {
        "cycleId": found.cycle.id,
        "items": [
            {
                "workPeriodId": row.work_period_id,
                "postingPeriodId": row.posting_period_id,
                "pointsE4": row.points_e4,
                "rows": row.rows,
                "correction": row.work_period_id != row.posting_period_id,
            }
            for row in found.rows
        ],
        "overlays": [
            {
                "outputId": row.output_id,
                "role": row.role.value,
                "note": row.note,
                "evidenceLink": row.evidence_link,
                "proposedBy": row.proposed_by,
                "acceptedAt": row.answered_at,
            }
            for row in found.overlays
        ],
        "flags": [
            {
                "subject": row.subject.value,
                "correctionId": row.correction_id,
                "before": row.before,
                "after": row.after,
                "outcome": row.outcome,
                "raisedAt": row.raised_at,
                "clearedAt": row.cleared_at,
            }
            for row in found.flags
        ],
    }


def budget(found: SquadBudget) -> dict[str, Any]:
    """A squad's points by period."""
    return {
        "squadId": found.squad.id,
        "cycleId": found.cycle.id,
        "budgetPoints": found.squad.budget_points,
        "items": [
            {
                "periodId": row.period_id,
                "name": found.names[row.period_id],
                "points": row.points,
                "usedPoints": row.used_points,
                "leftPoints": row.left_points,
                "outputs": row.outputs,
            }
            for row in found.uses
        ],
    }


def certificate(found: Verified, *, public: bool) -> dict[str, Any]:
    """A certificate; a public answer shows the end of the NIP only."""
    held = found.certificate
    nip = held.nip[-_NIP_SHOWN:].rjust(len(held.nip), "*") if public else held.nip
    return {
        "code": shown_code(held.code),
        "status": found.status.value,
        "name": held.name,
        "nip": nip,
        "unit": held.unit,
        "agency": held.agency,
        "startsOn": held.starts_on,
        "endsOn": held.ends_on,
        "issuedAt": held.issued_at,
        "ledgerHash": held.ledger_hash,
        "pointsE4": held.points_e4,
        "lines": [
            {
                "squad": line.squad,
                "host": line.host,
                "role": line.role,
                "output": line.output,
                "kind": line.kind,
                "valuePoints": line.value_points,
                "shareBp": line.share_bp,
                "pointsE4": line.points_e4,
                "startsOn": line.starts_on,
                "endsOn": line.ends_on,
            }
            for line in held.lines
        ],
    }
