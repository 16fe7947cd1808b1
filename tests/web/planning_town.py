"""The little town in planning: drawings published, a second squad, Budi's plan and his matrix."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from engine.domain.cascade import CascadeMethod
from engine.domain.cycles import Cycle, CycleStatus
from engine.domain.goals import Objective, ObjectiveIndicator, ObjectiveLevel, ObjectiveStatus
from engine.domain.indicators import Aspect
from engine.domain.matrix import MatrixCell
from engine.domain.outputs import Output, ShareLine, SharePlan
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, PlanStatus, RoleKind, fix
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.usecases.tasks import CompleteTask, complete_task
from tests.web.test_one_squad import publish_everything
from tests.web.town import DAY, NOON, build, closed

FOLDER = "planning"
BEFORE = datetime(2025, 2, 1, 5, 0, tzinfo=UTC)


def built_once(base):
    """Folder and ids of the town in planning, closed, to be copied."""
    folder = base / FOLDER
    folder.mkdir()
    town = build(folder)
    settle_planning(town)
    return closed(town)


def settle_planning(town):
    """Everything that planning finds in January: goals, squads, the leader's plan, his matrix."""
    publish_everything(town)
    _goals(town)
    _second_squad(town)
    _leaders_plan(town)
    _matrix(town)


def open_plan(town, name):
    """The planning of a person, begun; the key of the draft."""
    town.start("planning", person_id=town.ids[name], cycle_id=town.ids["cycle"])
    town.wired.worker().drain()
    return draft_of(town, name)


def draft_of(town, name):
    return next(task.key for task in town.tasks(name) if task.element_id == "draft_plan")


def complete(town, name, element, **values):
    """Somebody completes his open task of an element over the use case."""
    task = next(task for task in town.tasks(name) if task.element_id == element)
    complete_task(town.house, town.actor(name), CompleteTask(task_key=task.key, variables=values))
    town.wired.worker().drain()


def fresh(town, name):
    return town.ids.setdefault(name, town.house.ids.uuid())


def _goals(town):
    goal = Objective(
        id=fresh(town, "goal"),
        cycle_id=town.ids["cycle"],
        unit_id=town.ids["u2"],
        code="S2.1",
        level=ObjectiveLevel.OUTPUT,
        title="Data layanan tersedia sepanjang waktu",
        status=ObjectiveStatus.PUBLISHED,
        published_at=NOON,
    )
    measure = ObjectiveIndicator(
        id=fresh(town, "goal measure"),
        objective_id=goal.id,
        number=1,
        text="Ketersediaan layanan data",
        target=Decimal(99),
        unit="%",
    )
    with town.house.writing() as uow:
        uow.goals.add([goal])
        uow.goals.add([measure])
        uow.commit()


def _second_squad(town):
    squad = Squad(
        id=fresh(town, "squad-2"),
        host_agency_id=town.ids["agency"],
        host_unit_id=town.ids["u1"],
        code="T-02",
        name="Tim Layanan Terpadu",
        letter_no="ST-20/2026",
        sponsor_id=town.ids["kepala"],
        starts_on=DAY,
        ends_on=date(2026, 12, 30),
        budget_points=60,
    )
    members = [
        Membership(
            id=fresh(town, f"layanan-{name}"),
            squad_id=squad.id,
            person_id=town.ids[name],
            home_agency_id=town.ids["agency"],
            home_unit_id=town.ids[unit],
            role=role,
            effort_bp=2000,
            valid_from=DAY,
            consent=Consent.GIVEN,
            acceptance=Acceptance.ACCEPTED,
        )
        for name, unit, role in (
            ("sari", "u1", SquadRole.KETUA),
            ("citra", "u2", SquadRole.ANGGOTA),
        )
    ]
    outputs = [
        Output(
            id=fresh(town, f"layanan-{number}"),
            squad_id=squad.id,
            number=number,
            title=title,
            indicator="Layanan terpakai",
            target=target,
            value_points=points,
            cycle_id=town.ids["cycle"],
            period_id=town.ids["period"],
            due_on=date(2026, 6, 30),
        )
        for number, title, target, points in (
            (1, "Loket layanan terpadu", "3 loket", 40),
            (2, "Panduan layanan", "1 panduan", 20),
        )
    ]
    with town.house.writing() as uow:
        uow.contributions.add([squad])
        uow.contributions.add(members)
        uow.contributions.add(outputs)
        for output in outputs:
            plan = SharePlan(
                id=town.house.ids.uuid(), output_id=output.id, version=1, reason="awal", at=NOON
            )
            uow.contributions.add([plan])
            uow.contributions.add(
                [
                    ShareLine(
                        share_plan_id=plan.id,
                        membership_id=row.id,
                        person_id=row.person_id,
                        expected_bp=5000,
                    )
                    for row in members
                ]
            )
        uow.commit()


def _leaders_plan(town):
    """Budi's plan, fixed, with results that others serve."""
    plan = Plan(
        id=fresh(town, "plan-budi"),
        person_id=town.ids["budi"],
        cycle_id=town.ids["cycle"],
        status=PlanStatus.CLARIFIED,
    )
    rows = (
        ("Portal data terpadu dipakai semua unit", "Unit yang memakai portal", 12, "unit"),
        ("Mutu data layanan meningkat", "Indeks mutu data", 85, "indeks"),
    )
    with town.house.writing() as uow:
        uow.performance.add([plan])
        for number, (title, text, target, unit) in enumerate(rows, 1):
            item = PlanItem(
                id=fresh(town, f"budi-{number}"),
                plan_id=plan.id,
                number=number,
                kind=ItemKind.UTAMA,
                role_kind=RoleKind.HOME,
                title=title,
                weight_bp=5000,
            )
            measure = Indicator(
                id=town.house.ids.uuid(),
                item_id=item.id,
                aspect=Aspect.KUANTITAS,
                text=text,
                target=Decimal(target),
                unit=unit,
            )
            uow.performance.add([item])
            uow.performance.add([measure])
        uow.performance.put(fix(plan, town.ids["kepala"], NOON))
        uow.commit()


def _matrix(town):
    """Budi expects two results of Citra: one serves an objective, one is a part of his own."""
    made = [
        ("citra", None, town.ids["goal"], "Basis data layanan terawat", CascadeMethod.DIRECT),
        ("citra", town.ids["budi-1"], None, "Modul portal selesai", CascadeMethod.DIRECT),
    ]
    with town.house.writing() as uow:
        uow.goals.add(
            [
                MatrixCell(
                    id=town.house.ids.uuid(),
                    cycle_id=town.ids["cycle"],
                    leader_id=town.ids["budi"],
                    person_id=town.ids[name],
                    parent_id=parent,
                    objective_id=goal,
                    title=title,
                    method=method,
                    at=NOON,
                )
                for name, parent, goal, title, method in made
            ]
        )
        uow.commit()


def last_year(town, name, results):
    """A fixed plan of last year with these (title, indicator, target, unit, weight)."""
    cycle = Cycle(
        id=fresh(town, "cycle-2025"),
        agency_id=town.ids["agency"],
        year=2025,
        name="Siklus kinerja 2025",
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
        status=CycleStatus.CLOSED,
    )
    plan = Plan(
        id=fresh(town, f"old plan {name}"),
        person_id=town.ids[name],
        cycle_id=cycle.id,
        status=PlanStatus.CLARIFIED,
    )
    with town.house.writing() as uow:
        if uow.performance.get(Cycle, cycle.id) is None:
            uow.performance.add([replace(cycle)])
        uow.performance.add([plan])
        for number, (title, text, target, unit, weight) in enumerate(results, 1):
            item = PlanItem(
                id=town.house.ids.uuid(),
                plan_id=plan.id,
                number=number,
                kind=ItemKind.UTAMA,
                role_kind=RoleKind.HOME,
                title=title,
                weight_bp=weight,
            )
            measure = Indicator(
                id=town.house.ids.uuid(),
                item_id=item.id,
                aspect=Aspect.KUANTITAS,
                text=text,
                target=Decimal(target),
                unit=unit,
            )
            uow.performance.add([item])
            uow.performance.add([measure])
        uow.performance.put(fix(plan, town.ids["budi"], BEFORE))
        uow.commit()
