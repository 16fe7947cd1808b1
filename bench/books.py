"""What must hold after a simulated year, each as a list of what does not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from bench import replay
from bench.case import COLLECTIVE_MOST
from bench.population import YEAR
from engine.domain.cycles import Cycle, Period
from engine.domain.invariants import LedgerFacts, check_append_only, check_ledger
from engine.domain.outputs import Output
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p
from engine.usecases import cycles, proof
from engine.usecases.decisions import Tables
from engine.usecases.index import person_index
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.year import Year
    from engine.persistence.database import Database
    from engine.usecases.index import PersonIndex
    from engine.usecases.ports.contributions import RollUp
    from engine.usecases.ports.work import UnitOfWork

#: one whole in basis points
WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Indexes:
    """Everybody's index as the house tells it."""

    found: dict[str, PersonIndex]


def indexes(year: Year) -> Indexes:
    """Asked person by person, as a page would."""
    found: dict[str, PersonIndex] = {}
    with year.stage.house.reading() as uow:
        now = year.stage.clock.now()
        standing = Standing(uow, now)
        for town in year.towns.values():
            cycle = uow.performance.get(Cycle, town.cycle_id)
            assert cycle is not None
            tables = Tables(year.stage.means, uow, now, town.agency_id)
            for who in town.people:
                found[who] = person_index(standing, tables, who, cycle)
    return Indexes(found)


def replay_faults(database: Database, told: Indexes) -> Iterator[str]:
    """I13: the rows alone give every index again, to the last hundredth."""
    held = replay.books(database, YEAR)
    for who, found in told.found.items():
        again = replay.replayed(held, who)
        shown = {role.role: role.weight_bp for role in found.roles}
        if shown != {role: figure.weight_bp for role, figure in again.roles.items()}:
            yield f"{who}: weights {shown} replayed {again.roles}"
        ihk = None if found.index is None else int(found.index.ihk * 100)
        if ihk != again.ihk_e2:
            yield f"{who}: index {ihk} replayed {again.ihk_e2}"
        for line in found.index.lines if found.index else ():
            figure = again.roles[line.role]
            if int(line.attainment * 100) != figure.attainment_e2:
                yield f"{who}: {line.role} {line.attainment} replayed {figure.attainment_e2}"
            if line.weight_bp != again.counted[line.role]:
                yield f"{who}: {line.role} weighs {line.weight_bp}, {again.counted[line.role]}"


def weight_faults(told: Indexes) -> Iterator[str]:
    """I12: the weights of everybody's roles sum to 10,000, and those counted in the index too."""
    for who, found in told.found.items():
        total = sum(role.weight_bp for role in found.roles)
        if total != WHOLE:
            yield f"{who}: I12: weights sum to {total}"
        counted = sum(line.weight_bp for line in found.index.lines) if found.index else WHOLE
        if counted != WHOLE:
            yield f"{who}: I12: counted weights sum to {counted}"


def view_faults(year: Year, database: Database) -> Iterator[str]:
    """I5, I6: home and host views agree, out is in, by cycle, by period and between agencies."""
    with year.stage.house.reading() as uow:
        for town in year.towns.values():
            told = cycles.reconciliation(uow, town.cycle_id)
            if not told.balanced:
                sums = (told.home_e4, told.host_e4, told.out_e4, told.in_e4)
                yield f"{town.agency_id}: I5: home, host, out, in {sums}"
            accepted = _accepted_value(database, town.cycle_id)
            if told.value_e4 != accepted * WHOLE:
                yield f"{town.agency_id}: I6: {told.value_e4} of {accepted} points accepted"
            for period in uow.performance.periods(town.cycle_id):
                yield from _period_faults(uow, period)
        yield from _matrix_faults(uow, database)


def _accepted_value(database: Database, cycle_id: str) -> int:
    held = c.output.c
    query = sa.select(sa.func.coalesce(sa.func.sum(held.value_points), 0)).where(
        held.cycle_id == cycle_id, held.attainment.is_not(None)
    )
    with database.reading.connect() as connection:
        return int(connection.scalar(query) or 0)


def _period_faults(uow: UnitOfWork, period: Period) -> Iterator[str]:
    for by in ("work", "posting"):
        home = _points(uow.credits.view(period.id, by=by, side="home"))
        host = _points(uow.credits.view(period.id, by=by, side="host"))
        if home != host:
            yield f"{period.id}: I5: by {by} home {home} host {host}"


def _points(rows: object) -> tuple[int, int]:
    """Points, and those that crossed between units."""
    held: list[RollUp] = list(rows)  # type: ignore[call-overload]
    return sum(r.points_e4 for r in held), sum(r.points_e4 - r.own_e4 for r in held)


def _matrix_faults(uow: UnitOfWork, database: Database) -> Iterator[str]:
    """The matrix against sums over the raw rows; out equals in over units and over agencies."""
    units: dict[tuple[str, str], int] = defaultdict(int)
    agencies: dict[tuple[str, str], int] = defaultdict(int)
    for row in _allocated(database):
        amount = row.amount_bp if row.debit_account == "POOL" else -row.amount_bp
        units[row.home_unit_id, row.host_unit_id] += amount * row.worth
        agencies[row.home_agency_id, row.host_agency_id] += amount * row.worth
    told_units = {
        (cell.home.unit_id, cell.host.unit_id): cell.points_e4
        for cell in uow.credits.matrix(YEAR, units=True)
    }
    told_agencies = {
        (cell.home.agency_id, cell.host.agency_id): cell.points_e4
        for cell in uow.credits.matrix(YEAR, units=False)
    }
    for name, told, raw in (("units", told_units, units), ("agencies", told_agencies, agencies)):
        if told != raw:
            yield f"I5: the matrix of {name} is not the sum of its rows"
        out = sum(points for (home, host), points in told.items() if home != host)
        into = sum(points for (home, host), points in raw.items() if host != home)
        if out != into or (name == "agencies" and not out):
            yield f"I5: {name}: out {out}, in {into}"


def _allocated(database: Database) -> list[sa.Row[tuple[object, ...]]]:
    held = c.transfer.c
    query = (
        sa.select(c.transfer, c.output.c.value_points.label("worth"))
        .join(c.output, c.output.c.id == held.output_id)
        .where(held.line_class == "PRIMARY", held.code != "open")
    )
    with database.reading.connect() as connection:
        return list(connection.execute(query))


def ledger_faults(year: Year, database: Database) -> Iterator[str]:
    """I1, I2, I4, I7 to I11, I13, I14 over every output, with what stood around its rows."""
    facts = _facts(year, database)
    with year.stage.house.reading() as uow:
        for output_id in uow.contributions.outputs_with_ledger():
            rows = uow.contributions.ledger(output_id)
            expected = {
                line.person_id: line.expected_bp
                for line in uow.contributions.share_lines(output_id)
            }
            mine = replace(facts, expected_bp={output_id: expected})
            yield from (f"{output_id}: {v.code} {v.message}" for v in check_ledger(rows, mine))
            before = [row for row in rows if row.id <= year.sealed.get(output_id, 0)]
            yield from (f"{output_id}: {v.message}" for v in check_append_only(before, rows))
        yield from _budget_faults(year, uow)
    yield from _home_faults(database)


def _facts(year: Year, database: Database) -> LedgerFacts:
    with database.reading.connect() as connection:
        periods = {
            row.id: Period(**row._asdict()) for row in connection.execute(sa.select(p.period))
        }
        delivered = {
            row.id: row.delivered_at.date()
            for row in connection.execute(sa.select(c.output.c.id, c.output.c.delivered_at))
            if row.delivered_at is not None
        }
    with year.stage.house.reading() as uow:
        members = [row for team in year.teams for row in uow.contributions.members(team.squad.id)]
    return LedgerFacts(
        sealed_outputs={k: v for k, v in year.sealed.items() if k not in periods},
        sealed_periods={k: v for k, v in year.sealed.items() if k in periods},
        memberships=tuple(members),
        periods=periods,
        delivered_on=delivered,
        collective_most_bp=COLLECTIVE_MOST,
    )


def _home_faults(database: Database) -> Iterator[str]:
    """Every line is stamped with the person's home unit on the day the output was due (2.2)."""
    with database.reading.connect() as connection:
        units = {row.id: row.unit_id for row in connection.execute(sa.select(a.post))}
        due = {row.id: row.due_on for row in connection.execute(sa.select(c.output))}
        seats = defaultdict(list)
        for row in connection.execute(sa.select(a.appointment)):
            if row.kind == "definitive":
                seats[row.person_id].append(row)
        lines = connection.execute(sa.select(c.transfer).where(c.transfer.c.person_id.is_not(None)))
        for line in lines:
            day = due[line.output_id]
            held = [
                units[row.post_id]
                for row in seats[line.person_id]
                if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
            ]
            if line.line_class == "PRIMARY" and held and held != [line.home_unit_id]:
                yield f"row {line.id}: home {line.home_unit_id}, sat in {held}"


def _budget_faults(year: Year, uow: UnitOfWork) -> Iterator[str]:
    for team in year.teams:
        stored = [uow.contributions.get(Output, output.id) for output in team.outputs]
        value = sum(output.value_points for output in stored if output is not None)
        if value > team.squad.budget_points:
            yield f"{team.squad.id}: I11: {value} above {team.squad.budget_points}"


def proof_faults(year: Year) -> Iterator[str]:
    """Hash chains of ledger and audit, and the seals of periods."""
    yield from proof.prove(year.stage.house)
    extent = proof.extent(year.stage.house)
    year.counts["ledger rows"] = extent.rows
    year.counts["audit entries"] = extent.entries
    year.counts["hash chains"] = extent.chains + extent.outputs
