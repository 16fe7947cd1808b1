"""Objectives, cascading links, the matrix and risks on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.cascade import ResultLink
from engine.domain.goals import Objective, ObjectiveIndicator, Perspective
from engine.domain.matrix import CellStatus, MatrixCell
from engine.domain.plans import ItemKind, PlanStatus
from engine.domain.risks import Risk, RiskReview, RiskStatus, TargetReopening
from engine.persistence.stores.entities import Entities, translated
from engine.persistence.tables import contributions as c
from engine.persistence.tables import goals as g
from engine.persistence.tables import performance as t
from engine.usecases.ports.goals import ProvingEvidence, ResultCard, ServingOutput

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.ports.goals import GoalChanged, GoalEntity, GoalKept

TABLES: Final = {
    Objective: g.objective,
    ObjectiveIndicator: g.objective_indicator,
    ResultLink: g.result_link,
    MatrixCell: g.matrix_cell,
    Risk: g.risk,
    RiskReview: g.risk_review,
    TargetReopening: g.target_reopening,
}
#: heaviest first
_WEIGHT: Final = (g.risk.c.likelihood * g.risk.c.impact).desc()
#: results themselves, not proposed or earlier versions of them
_LIVE: Final = (
    t.plan.c.status.not_in([PlanStatus.SUPERSEDED, PlanStatus.DROPPED]),
    t.plan_item.c.origin_item_id.is_(None),
)


class SqlGoalStore:
    """`GoalStore` on a transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._connection = tx.connection
        self._rows = Entities(tx.connection, TABLES)

    def add(self, rows: Sequence[GoalEntity]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: GoalChanged) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[GoalKept], row_id: str) -> GoalKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def objectives(
        self, cycle_id: str, units: Collection[str] | None = None
    ) -> Sequence[Objective]:
        """Objectives of a cycle by unit and code."""
        held = g.objective.c
        query = sa.select(g.objective).where(held.cycle_id == cycle_id)
        if units is not None:
            query = query.where(held.unit_id.in_(units))
        return self._rows.all(Objective, query.order_by(held.unit_id, held.code))

    def objectives_above(self, objective_ids: Collection[str]) -> Sequence[Objective]:
        """These objectives and everything they lead to: one recursive statement."""
        up = _objectives_up(sa.select(g.objective.c.id).where(g.objective.c.id.in_(objective_ids)))
        query = sa.select(g.objective).where(g.objective.c.id.in_(sa.select(up.c.id)))
        return self._rows.all(Objective, query.order_by(g.objective.c.unit_id, g.objective.c.code))

    def measures(self, objective_ids: Collection[str]) -> Sequence[ObjectiveIndicator]:
        """Indicators of objectives in order."""
        held = g.objective_indicator.c
        query = (
            sa.select(g.objective_indicator)
            .where(held.objective_id.in_(objective_ids))
            .order_by(held.objective_id, held.number)
        )
        return self._rows.all(ObjectiveIndicator, query)

    def replace_measures(self, objective_id: str, rows: Sequence[ObjectiveIndicator]) -> None:
        """The indicators of an objective, anew."""
        table = g.objective_indicator
        self._connection.execute(table.delete().where(table.c.objective_id == objective_id))
        self._rows.add(rows)

    def drop_objectives(self, objective_ids: Collection[str]) -> None:
        """Take drafts away with their indicators and cells."""
        with translated():
            for table in (g.objective_indicator, g.matrix_cell):
                gone = table.c.objective_id.in_(objective_ids)
                self._connection.execute(table.delete().where(gone))
            self._connection.execute(
                g.objective.delete().where(g.objective.c.id.in_(objective_ids))
            )

    def links_of(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """What results serve, one step up."""
        return self._links(g.result_link.c.child_id.in_(item_ids))

    def links_above(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """Every link on the way up: one recursive statement."""
        up = _items_up(item_ids)
        return self._links(g.result_link.c.child_id.in_(sa.select(up.c.id)))

    def links_below(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """Every link on the way down: one recursive statement."""
        link = g.result_link.c
        start = sa.select(t.plan_item.c.id).where(t.plan_item.c.id.in_(item_ids))
        down = start.cte("down", recursive=True)
        down = down.union(sa.select(link.child_id).join(down, link.parent_id == down.c.id))
        return self._links(link.parent_id.in_(sa.select(down.c.id)))

    def links_to(self, item_ids: Collection[str]) -> Sequence[ResultLink]:
        """What serves results, one step down."""
        return self._links(g.result_link.c.parent_id.in_(item_ids))

    def links_to_objectives(self, objective_ids: Collection[str]) -> Sequence[ResultLink]:
        """What serves objectives, one step down."""
        return self._links(g.result_link.c.objective_id.in_(objective_ids))

    def unlink(self, link_ids: Collection[str]) -> None:
        """Take links away."""
        self._connection.execute(g.result_link.delete().where(g.result_link.c.id.in_(link_ids)))

    def carry(self, pairs: Mapping[str, str]) -> None:
        """Cells and risks of old results become those of new ones; closed risks stay."""
        columns = (g.matrix_cell.c.parent_id, g.matrix_cell.c.item_id, g.risk.c.item_id)
        for column in columns if pairs else ():
            moved = column.table.update().where(column.in_(pairs))
            if column.table is g.risk:
                moved = moved.where(g.risk.c.status != RiskStatus.CLOSED)
            changed = sa.case(dict(pairs), value=column)
            self._connection.execute(moved.values({column.name: changed}))

    def linking(self, year: int) -> None:
        """Two who link at once could close a circle that neither sees."""
        self._tx.lock_name("result_link", str(year))

    def served_titles(self, item_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """What each result serves, in words: one statement."""
        link = g.result_link.c
        words = sa.func.coalesce(t.plan_item.c.title, g.objective.c.title)
        query = (
            sa.select(link.child_id, words)
            .select_from(g.result_link)
            .outerjoin(t.plan_item, t.plan_item.c.id == link.parent_id)
            .outerjoin(g.objective, g.objective.c.id == link.objective_id)
            .where(link.child_id.in_(item_ids))
            .order_by(link.at, link.id)
        )
        found: dict[str, list[str]] = {}
        for item, title in self._connection.execute(query):
            found.setdefault(item, []).append(title)
        return found

    def perspectives(self, item_ids: Collection[str]) -> Mapping[str, Sequence[Perspective]]:
        """Perspectives of the objectives that results serve themselves: one statement."""
        link, seen = g.result_link.c, g.objective.c.perspective
        query = (
            sa.select(link.child_id, seen)
            .join(g.objective, g.objective.c.id == link.objective_id)
            .where(link.child_id.in_(item_ids), seen.is_not(None))
            .distinct()
            .order_by(link.child_id, seen)
        )
        found: dict[str, list[Perspective]] = {}
        for item, perspective in self._connection.execute(query):
            found.setdefault(item, []).append(perspective)
        return found

    def cards(self, item_ids: Collection[str]) -> Sequence[ResultCard]:
        """Results with whose they are."""
        return self._cards(_cards().where(t.plan_item.c.id.in_(item_ids)))

    def outputs_of(self, item_ids: Collection[str]) -> Sequence[ServingOutput]:
        """Outputs of the squads behind squad results, in the year of the plan."""
        item, output, theirs = t.plan_item.c, c.output.c, t.cycle.alias("theirs")
        query = (
            sa.select(
                item.id.label("item_id"),
                output.id.label("output_id"),
                output.squad_id,
                output.title,
                output.status,
                output.attainment,
            )
            .join_from(t.plan_item, c.membership, c.membership.c.id == item.membership_id)
            .join(t.plan, t.plan.c.id == item.plan_id)
            .join(t.cycle, t.cycle.c.id == t.plan.c.cycle_id)
            .join(c.output, output.squad_id == c.membership.c.squad_id)
            .join(theirs, sa.and_(theirs.c.id == output.cycle_id, theirs.c.year == t.cycle.c.year))
            .where(item.id.in_(item_ids))
            .order_by(item.id, output.squad_id, output.number)
        )
        return [ServingOutput(**row) for row in self._connection.execute(query).mappings()]

    def evidence_of(self, item_ids: Collection[str]) -> Sequence[ProvingEvidence]:
        """Evidence of results, and of the person's claims in the squads behind them."""
        item, proof, claim = t.plan_item.c, c.evidence.c, c.claim.c
        facts = (proof.id.label("evidence_id"), proof.claim_id, proof.status, proof.at)
        own = sa.select(item.id.label("item_id"), *facts).join_from(
            t.plan_item, c.evidence, proof.plan_item_id == item.id
        )
        claimed = (
            sa.select(item.id.label("item_id"), *facts)
            .join_from(t.plan_item, c.membership, c.membership.c.id == item.membership_id)
            .join(c.output, c.output.c.squad_id == c.membership.c.squad_id)
            .join(
                c.claim,
                sa.and_(
                    claim.output_id == c.output.c.id,
                    claim.person_id == c.membership.c.person_id,
                ),
            )
            .join(c.evidence, proof.claim_id == claim.id)
        )
        here = item.id.in_(item_ids)
        both = sa.union(own.where(here), claimed.where(here)).order_by("at", "evidence_id")
        return [ProvingEvidence(**row) for row in self._connection.execute(both).mappings()]

    def orphans(self, cycle_id: str) -> Sequence[ResultCard]:
        """Main results that reach no objective of their year: one recursive statement."""
        link, goal = g.result_link.c, g.objective.c
        year = sa.select(t.cycle.c.year).where(t.cycle.c.id == cycle_id).scalar_subquery()
        reached = (
            sa.select(link.child_id.label("id"))
            .join(g.objective, goal.id == link.objective_id)
            .join(t.cycle, t.cycle.c.id == goal.cycle_id)
            .where(t.cycle.c.year == year)
            .cte("reached", recursive=True)
        )
        reached = reached.union(
            sa.select(link.child_id).join(reached, link.parent_id == reached.c.id)
        )
        lost = (
            t.plan.c.cycle_id == cycle_id,
            *_LIVE,
            t.plan_item.c.kind == ItemKind.UTAMA,
            t.plan_item.c.id.not_in(sa.select(reached.c.id)),
        )
        return self._cards(_cards().where(*lost))

    def uncovered(self, cycle_id: str) -> Sequence[Objective]:
        """Objectives that nothing serves: one recursive statement."""
        link, goal = g.result_link.c, g.objective.c
        live = (
            sa.select(link.objective_id.label("id"))
            .join(t.plan_item, t.plan_item.c.id == link.child_id)
            .join(t.plan, t.plan.c.id == t.plan_item.c.plan_id)
            .where(link.objective_id.is_not(None), *_LIVE)
        )
        up = _objectives_up(live)
        query = sa.select(g.objective).where(
            goal.cycle_id == cycle_id, goal.id.not_in(sa.select(up.c.id))
        )
        return self._rows.all(Objective, query.order_by(goal.unit_id, goal.code))

    def matrix(self, leader_id: str, cycle_id: str) -> Sequence[MatrixCell]:
        """Cells of a leader's matrix."""
        held = g.matrix_cell.c
        return self._cells(held.leader_id == leader_id, held.cycle_id == cycle_id)

    def cells_for(self, person_id: str, year: int) -> Sequence[MatrixCell]:
        """Cells in a person's row in all matrices of a year."""
        held = g.matrix_cell.c
        cycles = sa.select(t.cycle.c.id).where(t.cycle.c.year == year)
        return self._cells(held.person_id == person_id, held.cycle_id.in_(cycles))

    def risks_on(self, item_ids: Collection[str]) -> Sequence[Risk]:
        """Risks on results and on the objectives these reach: one recursive statement."""
        up, link = _items_up(item_ids), g.result_link.c
        reached = sa.select(link.objective_id.label("id")).where(
            link.child_id.in_(sa.select(up.c.id)), link.objective_id.is_not(None)
        )
        goals = _objectives_up(reached)
        near = g.risk.c.item_id.in_(item_ids)
        far = g.risk.c.objective_id.in_(sa.select(goals.c.id))
        return self._risks(sa.or_(near, far))

    def risks(self, cycle_id: str) -> Sequence[Risk]:
        """The register of a cycle."""
        return self._risks(g.risk.c.cycle_id == cycle_id)

    def reviews(self, risk_ids: Collection[str]) -> Sequence[RiskReview]:
        """Reviews of risks, oldest first."""
        held = g.risk_review.c
        query = sa.select(g.risk_review).where(held.risk_id.in_(risk_ids))
        return self._rows.all(RiskReview, query.order_by(held.at, held.id))

    def reopenings(self, item_ids: Collection[str]) -> Sequence[TargetReopening]:
        """Decisions about reopened targets, oldest first."""
        held = g.target_reopening.c
        query = sa.select(g.target_reopening).where(held.item_id.in_(item_ids))
        return self._rows.all(TargetReopening, query.order_by(held.at, held.id))

    def risk_owners(self, cycle_id: str) -> Sequence[str]:
        """People who own a risk that is not closed."""
        held = g.risk.c
        query = (
            sa.select(held.owner_id)
            .where(held.cycle_id == cycle_id, held.status != RiskStatus.CLOSED)
            .distinct()
            .order_by(held.owner_id)
        )
        return list(self._connection.scalars(query))

    def _links(self, *conditions: sa.ColumnElement[bool]) -> Sequence[ResultLink]:
        link = g.result_link.c
        query = sa.select(g.result_link).where(*conditions).order_by(link.at, link.id)
        return self._rows.all(ResultLink, query)

    def _cells(self, *conditions: sa.ColumnElement[bool]) -> Sequence[MatrixCell]:
        cell = g.matrix_cell.c
        query = sa.select(g.matrix_cell).where(*conditions, cell.status != CellStatus.DROPPED)
        return self._rows.all(MatrixCell, query.order_by(cell.at, cell.id))

    def _risks(self, *conditions: sa.ColumnElement[bool]) -> Sequence[Risk]:
        query = sa.select(g.risk).where(*conditions).order_by(_WEIGHT, g.risk.c.id)
        return self._rows.all(Risk, query)

    def _cards(self, query: sa.Select[Any]) -> Sequence[ResultCard]:
        ordered = query.order_by(t.plan.c.person_id, t.plan.c.version, t.plan_item.c.number)
        return [ResultCard(**row) for row in self._connection.execute(ordered).mappings()]


def _cards() -> sa.Select[Any]:
    item, plan = t.plan_item.c, t.plan.c
    return sa.select(
        item.id.label("item_id"),
        item.title,
        item.kind,
        item.membership_id,
        item.plan_id,
        plan.person_id,
        plan.cycle_id,
    ).join_from(t.plan_item, t.plan, plan.id == item.plan_id)


def _items_up(item_ids: Collection[str]) -> sa.CTE:
    """The results and every result they serve."""
    link = g.result_link.c
    start = sa.select(t.plan_item.c.id).where(t.plan_item.c.id.in_(item_ids))
    up = start.cte("up", recursive=True)
    return up.union(
        sa.select(link.parent_id)
        .join(up, link.child_id == up.c.id)
        .where(link.parent_id.is_not(None))
    )


def _objectives_up(start: sa.Select[Any]) -> sa.CTE:
    """The objectives of a query and every objective they lead to."""
    goal = g.objective.c
    up = start.cte("goals_up", recursive=True)
    return up.union(
        sa.select(goal.parent_id).join(up, goal.id == up.c.id).where(goal.parent_id.is_not(None))
    )
