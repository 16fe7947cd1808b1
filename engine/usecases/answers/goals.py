"""Questions about objectives, the matrix, links and risks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.goals import ObjectiveStatus
from engine.domain.indicators import Direction
from engine.domain.matrix import CellStatus
from engine.domain.plans import Plan
from engine.domain.risks import Risk, RiskStatus
from engine.usecases.cascading import headed_units
from engine.usecases.operations.links import servable
from engine.usecases.operations.matrix import ITEM, OBJECTIVE, columns
from engine.usecases.operations.risks import subjects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.goals import Objective, ObjectiveIndicator
    from engine.domain.matrix import MatrixCell
    from engine.domain.people import Person
    from engine.usecases.organisation import Standing

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "objectives of": ("unit", "cycle"),
    "draft objectives": ("cycle",),
    "matrix rows": ("leader", "cycle"),
    "matrix columns": ("leader", "cycle"),
    "matrix squads": ("leader", "cycle"),
    "own results": ("person", "cycle"),
    "servable results": ("person", "cycle"),
    "results served": ("item",),
    "result title": ("item",),
    "objective title": ("objective",),
    "risk subjects": ("person", "cycle"),
    "risks of owner": ("person", "cycle"),
    "risks of plan": ("plan",),
    "risk title": ("risk",),
    "risk mitigation": ("risk",),
}


class Answers:
    """One method per function."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def objectives_of(self, unit: str, cycle: str) -> list[dict[str, Any]]:
        """Objectives of a unit as rows of the form: one row for each indicator."""
        return self._rows(self._uow.goals.objectives(cycle, [unit]))

    def draft_objectives(self, cycle: str) -> list[dict[str, Any]]:
        """Objectives of a cycle that are not published, of all units, as rows of the form."""
        held = self._uow.goals.objectives(cycle)
        return self._rows([one for one in held if one.status is ObjectiveStatus.DRAFT])

    def matrix_rows(self, leader: str, cycle: str) -> list[dict[str, Any]]:
        """Cells of a leader's matrix; without any, an empty row for each of his own people."""
        cells = self._uow.goals.matrix(leader, cycle)
        if not cells:
            return [_empty(person.nip) for person in self._own_people(leader)]
        people = {cell.person_id for cell in cells}
        nips = {one: self._nip(one) for one in people}
        return [_cell_row(cell, nips[cell.person_id]) for cell in cells]

    def matrix_columns(self, leader: str, cycle: str) -> list[dict[str, str]]:
        """Columns of a leader's matrix to choose from."""
        return _options(columns(self._standing, leader, cycle))

    def matrix_squads(self, leader: str, cycle: str) -> list[dict[str, str]]:
        """Squads that a leader leads, sponsors or hosts, to choose from."""
        del cycle
        known = self._standing.person(leader)
        units = set(headed_units(self._standing, leader))
        found = {}
        for squad in self._uow.contributions.squads(known.agency_id) if known else ():
            lead = self._standing.lead(squad)
            mine = leader in (squad.sponsor_id, lead.person_id if lead else None)
            if mine or squad.host_unit_id in units:
                found[squad.id] = squad.name
        return _options(found)

    def own_results(self, person: str, cycle: str) -> list[dict[str, str]]:
        """Results of a person's plan to choose from."""
        plan = self._uow.performance.plan_of(person, cycle)
        items = self._uow.performance.items(plan.id) if plan else ()
        return _options({item.id: item.title for item in items})

    def servable_results(self, person: str, cycle: str) -> list[dict[str, str]]:
        """What a person's results may serve, to choose from."""
        return _options(servable(self._standing, person, cycle))

    def results_served(self, item: str) -> list[str]:
        """What a result serves, in words."""
        return list(self._uow.goals.served_titles([item]).get(item, ()))

    def result_title(self, item: str) -> str | None:
        """A result in words."""
        return next((card.title for card in self._uow.goals.cards([item])), None)

    def objective_title(self, objective: str) -> str | None:
        """An objective in words."""
        found = {one.id: one for one in self._uow.goals.objectives_above([objective])}
        return found[objective].title if objective in found else None

    def risk_subjects(self, person: str, cycle: str) -> list[dict[str, str]]:
        """What a person may register risks on, to choose from."""
        return _options(subjects(self._standing, person, cycle))

    def risks_of_owner(self, person: str, cycle: str) -> list[dict[str, Any]]:
        """A person's risks that are not closed, as rows of the review."""
        return [
            {
                "risk_id": risk.id,
                "title": risk.title,
                "mitigation": risk.mitigation,
                "likelihood": str(risk.likelihood),
                "impact": str(risk.impact),
                "status": risk.status.value,
                "note": "",
            }
            for risk in self._uow.goals.risks(cycle)
            if risk.owner_id == person and risk.status is not RiskStatus.CLOSED
        ]

    def risks_of_plan(self, plan: str) -> list[dict[str, Any]]:
        """Risks on a plan's results and on the objectives they reach, heaviest first."""
        held = self._uow.performance.get(Plan, plan)
        items = [item.id for item in self._uow.performance.items(plan)] if held else []
        return [
            {
                "risk_id": risk.id,
                "item_id": risk.item_id,
                "title": risk.title,
                "level": risk.level.value,
                "likelihood": risk.likelihood,
                "impact": risk.impact,
                "status": risk.status.value,
                "mitigation": risk.mitigation,
            }
            for risk in self._uow.goals.risks_on(items)
        ]

    def risk_title(self, risk: str) -> str | None:
        """A risk in words."""
        found = self._uow.goals.get(Risk, risk)
        return found.title if found else None

    def risk_mitigation(self, risk: str) -> str | None:
        """What is done about a risk."""
        found = self._uow.goals.get(Risk, risk)
        return found.mitigation if found else None

    def _rows(self, objectives: Sequence[Objective]) -> list[dict[str, Any]]:
        measures = self._uow.goals.measures([one.id for one in objectives])
        above = {one.parent_id for one in objectives if one.parent_id}
        codes = {one.id: one.code for one in self._uow.goals.objectives_above(above)}
        found = []
        for one in objectives:
            lines = [_line(row) for row in measures if row.objective_id == one.id]
            leads_to = codes.get(one.parent_id or "", "")
            found += [_row(one, leads_to) | line for line in lines or [_line(None)]]
        return found

    def _own_people(self, leader: str) -> list[Person]:
        known = self._standing.person(leader)
        today = self._standing.today(known.agency_id if known else None)
        ids = {
            person
            for unit in headed_units(self._standing, leader)
            for person in self._uow.agency.residents(unit, today)
        }
        people = (self._standing.person(one) for one in sorted(ids - {leader}))
        return [person for person in people if person is not None]

    def _nip(self, person_id: str) -> str:
        known = self._standing.person(person_id)
        return known.nip if known else ""


def _row(one: Objective, leads_to: str) -> dict[str, Any]:
    return {
        "objective_id": one.id,
        "code": one.code,
        "title": one.title,
        "level": one.level.value,
        "perspective": one.perspective.value if one.perspective else "",
        "leads_to": leads_to,
    }


def _line(row: ObjectiveIndicator | None) -> dict[str, Any]:
    return {
        "indicator": row.text if row else "",
        "target": row.target if row else None,
        "unit": row.unit if row else "",
        "direction": row.direction.value if row else Direction.HIGHER.value,
    }


def _options(found: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for value, label in found.items()]


def _empty(nip: str) -> dict[str, Any]:
    return {"cell_id": "", "nip": nip, "title": "", "method": "nondirect", "kind": "utama"}


def _cell_row(cell: MatrixCell, nip: str) -> dict[str, Any]:
    column = f"{ITEM}{cell.parent_id}" if cell.parent_id else f"{OBJECTIVE}{cell.objective_id}"
    return {
        "cell_id": cell.id,
        "nip": nip,
        "column": column,
        "title": cell.title,
        "method": cell.method.value,
        "kind": cell.kind.value,
        "squad_id": cell.squad_id or "",
        "taken": cell.status is CellStatus.TAKEN,
    }
