"""Cycles, credit and plans in the API's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.plans import indicator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.ledger import Transfer
    from engine.domain.outputs import Output
    from engine.domain.ratings import Rating
    from engine.usecases.agencies import Examination
    from engine.usecases.books import PersonPlan, UnitLedger
    from engine.usecases.cycles import Reconciliation
    from engine.usecases.index import RolePlan
    from engine.usecases.ports.contributions import Flow, RollUp


def roll_up(row: RollUp) -> dict[str, Any]:
    """Credit of a unit."""
    return {
        "unitId": row.unit_id,
        "agencyId": row.agency_id,
        "pointsE4": row.points_e4,
        "ownE4": row.own_e4,
        "collectiveE4": row.collective_e4,
    }


def flow(row: Flow) -> dict[str, Any]:
    """Credit between two units."""
    return {
        "homeUnitId": row.home_unit_id,
        "hostUnitId": row.host_unit_id,
        "pointsE4": row.points_e4,
    }


def reconciliation(found: Reconciliation) -> dict[str, Any]:
    """Both views of a ledger."""
    return {
        "home": [roll_up(row) for row in found.home],
        "host": [roll_up(row) for row in found.host],
        "flows": [flow(row) for row in found.flows],
        "homeE4": found.home_e4,
        "hostE4": found.host_e4,
        "outE4": found.out_e4,
        "inE4": found.in_e4,
        "valueE4": found.value_e4,
        "poolE4": sum(row.pool_e4 for row in found.pools),
        "balanced": found.balanced,
    }


def transfer(row: Transfer, output: Output) -> dict[str, Any]:
    """A row of the ledger with its output."""
    return {
        "id": row.id,
        "outputId": row.output_id,
        "outputTitle": output.title,
        "valuePoints": output.value_points,
        "debitAccount": row.debit_account,
        "creditAccount": row.credit_account,
        "amountBp": row.amount_bp,
        "code": row.code.value,
        "lineClass": row.line_class.value,
        "personId": row.person_id,
        "role": row.role,
        "squadId": row.squad_id,
        "homeUnitId": row.home_unit_id,
        "hostUnitId": row.host_unit_id,
        "workPeriodId": row.work_period_id,
        "postingPeriodId": row.posting_period_id,
        "reversesId": row.reverses_id,
        "actorId": row.actor_id,
        "reason": row.reason,
        "at": row.at,
        "hash": row.hash,
    }


def unit_ledger(found: UnitLedger) -> dict[str, Any]:
    """A unit's rows from both sides."""
    return {
        "cycleId": found.cycle.id,
        "home": [transfer(*pair) for pair in found.home],
        "host": [transfer(*pair) for pair in found.host],
        "homeTotal": roll_up(found.home_total) if found.home_total else None,
        "hostTotal": roll_up(found.host_total) if found.host_total else None,
        "flows": [flow(row) for row in found.flows],
    }


def plan(found: PersonPlan) -> dict[str, Any]:
    """A plan by role with its index."""
    index, kept = found.found.index, found.found.plan
    return {
        "personId": found.person.id,
        "cycleId": found.cycle.id,
        "planId": kept.id if kept else None,
        "version": kept.version if kept else None,
        "approach": kept.approach.value if kept else None,
        "validFrom": kept.valid_from if kept else None,
        "status": kept.status.value if kept else None,
        "loadBp": found.found.load_bp,
        "roles": [_role(role) for role in found.found.roles],
        "ihk": index.ihk if index else None,
        "proposedLevel": index.proposed_level.value if index else None,
        "lines": [
            {
                "role": line.role,
                "weightBp": line.weight_bp,
                "attainment": line.attainment,
                "points": line.points,
                "level": line.level.value,
                "provisional": line.provisional,
            }
            for line in (index.lines if index else ())
        ],
    }


def rating(found: Rating) -> dict[str, Any]:
    """A rating in the API's words."""
    return {
        "ratingId": found.id,
        "personId": found.person_id,
        "cycleId": found.cycle_id,
        "version": found.version,
        "status": found.status.value,
        "ihk": found.ihk,
        "proposedLevel": found.proposed_level.value,
        "resultLevel": found.result_level.value if found.result_level else None,
        "behaviourLevel": found.behaviour_level.value if found.behaviour_level else None,
        "predikat": found.predikat.value if found.predikat else None,
        "reason": found.reason,
        "raterId": found.rater_id,
    }


def examination(found: Examination, done: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a dry run says, and what was imported."""
    return {
        "imported": done is not None,
        "agencyId": done["agency_id"] if done else None,
        "cycleId": done["cycle_id"] if done else None,
        "accounts": done["accounts"] if done else 0,
        "counts": dict(done["counts"] if done else found.counts),
        "flaws": [
            {
                "sheet": flaw.sheet,
                "row": flaw.row,
                "cell": flaw.cell,
                "severity": flaw.severity.value,
                "code": flaw.code,
                "message": flaw.message,
                "value": flaw.value,
            }
            for flaw in found.flaws
        ],
        "obstacle": "" if done else found.obstacle,
    }


def _role(role: RolePlan) -> dict[str, Any]:
    return {
        "role": role.role,
        "kind": role.role_kind.value,
        "name": role.name,
        "squadId": role.squad_id,
        "weightBp": role.weight_bp,
        "effortBp": role.effort_bp,
        "items": [
            {
                "id": item.id,
                "number": item.number,
                "kind": item.kind.value,
                "title": item.title,
                "weightBp": item.weight_bp,
                "indicators": [indicator(one) for one in role.indicators if one.item_id == item.id],
            }
            for item in role.items
        ],
    }
