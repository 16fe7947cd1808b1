"""Goals, links and risks in their store, on both databases; the database holds the rules too."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from engine.domain import cascade
from engine.domain.cascade import CascadeMethod, ResultLink
from engine.domain.cycles import Cycle
from engine.domain.goals import Objective, ObjectiveIndicator, ObjectiveLevel, ObjectiveStatus
from engine.domain.matrix import CellStatus, MatrixCell
from engine.domain.people import Person
from engine.domain.plans import ItemKind, Plan, PlanItem, PlanStatus, RoleKind
from engine.domain.risks import Risk, RiskLevel, RiskReview, RiskStatus, TargetReopening
from engine.domain.units import Agency, Unit
from engine.persistence.migrate import migrate, migrate_down
from engine.usecases.errors import Conflict
from tests.persistence.building import NOON, units_of

PEOPLE = ("head", "sari", "dedi")
ITEMS = [f"{who}{n}" for who in PEOPLE for n in range(4)]
GOALS = [f"g{n}" for n in range(6)]


@pytest.fixture
def units(database):
    """Two years of one agency with three people, each with a plan of four results."""
    made = units_of(database)
    with made.writing() as uow:
        uow.agency.add([Agency(id="agency", code="A", name="A")])
        uow.agency.add([Unit(id="unit", agency_id="agency", code="U", name="U", parent_id=None)])
        for n, who in enumerate(PEOPLE):
            nip = f"19800101200501{n:04d}"
            uow.agency.add([Person(id=who, agency_id="agency", nip=nip, name=who)])
        for year in (2026, 2027):
            uow.performance.add([cycle(year)])
        for who in PEOPLE:
            uow.performance.add([Plan(id=who, person_id=who, cycle_id="2026")])
            uow.performance.add([item(f"{who}{n}", who, n + 1) for n in range(4)])
        uow.commit()
    return made


def cycle(year):
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Cycle(
        id=str(year), agency_id="agency", year=year, name="C", starts_on=first, ends_on=last
    )


def item(key, plan, number):
    return PlanItem(
        id=key,
        plan_id=plan,
        number=number,
        kind=ItemKind.UTAMA,
        role_kind=RoleKind.HOME,
        title=key,
        weight_bp=2500,
    )


def goal(key, parent=None, **facts):
    first = {"cycle_id": "2026", "level": ObjectiveLevel.INTERMEDIATE}
    return Objective(
        id=key, unit_id="unit", parent_id=parent, code=key, title=key, **(first | facts)
    )


def link(child, parent=None, objective=None, **more):
    key = f"{child}>{parent or objective}"
    facts = {"parent_id": parent, "objective_id": objective, **more}
    return ResultLink(id=key, child_id=child, at=NOON, **facts)


def risk(key="r", **facts):
    first = {"item_id": "sari0", "likelihood": 2, "impact": 3, "level": RiskLevel.MODERATE}
    return Risk(
        id=key,
        cycle_id="2026",
        title=key,
        owner_id="sari",
        mitigation="",
        registered_by="sari",
        at=NOON,
        **(first | facts),
    )


def kept(units, *rows):
    with units.writing() as uow:
        for row in rows:
            uow.goals.add([row])
        uow.commit()


def refused(units, *rows):
    with units.writing() as uow, pytest.raises(Conflict) as broken:
        uow.goals.add(list(rows))
    return str(broken.value)


def test_what_was_stored_is_read_back(units):
    rows = [goal("a"), goal("b", "a"), ObjectiveIndicator(
        id="m", objective_id="b", number=1, text="Jumlah", unit="data"
    )]  # fmt: skip
    kept(units, *rows, link("sari0", "head0"), link("head0", None, "b"), risk())
    with units.reading() as uow:
        assert uow.goals.objectives("2026") == rows[:2]
        assert uow.goals.objectives("2026", ["else"]) == []
        assert uow.goals.objectives_above(["b"]) == rows[:2]
        assert uow.goals.measures(["a", "b"]) == rows[2:]
        assert uow.goals.served_titles(["sari0", "head0", "dedi0"]) == {
            "sari0": ["head0"],
            "head0": ["b"],
        }
        assert [one.id for one in uow.goals.links_above(["sari0"])] == ["head0>b", "sari0>head0"]
        assert [one.id for one in uow.goals.links_below(["head0"])] == ["sari0>head0"]
        assert uow.goals.risks("2026") == [risk()]
        assert uow.goals.risk_owners("2026") == ["sari"]


@pytest.mark.parametrize("seed", range(6))
def test_reports_agree_with_the_domain_on_random_trees(units, seed):
    chance = random.Random(seed)  # noqa: S311 - a test's own dice
    ladder = {one: chance.choice([None, *GOALS[:n]]) for n, one in enumerate(GOALS)}
    links = [
        link(child, parent)
        for n, child in enumerate(ITEMS)
        for parent in chance.sample(ITEMS[:n], min(n, chance.randrange(3)))
    ]
    links += [link(one, None, chance.choice(GOALS)) for one in chance.sample(ITEMS, 3)]
    kept(units, *(goal(one, parent) for one, parent in ladder.items()), *links)
    with units.reading() as uow:
        lost = sorted(card.item_id for card in uow.goals.orphans("2026"))
        bare = sorted(one.id for one in uow.goals.uncovered("2026"))
        assert lost == list(cascade.orphans(ITEMS, links))
        assert bare == list(cascade.uncovered(ladder, links))
        for one in ITEMS:
            up = {row.parent_id for row in uow.goals.links_above([one]) if row.parent_id}
            assert up == cascade.above([one], cascade.served(links))
        assert uow.goals.orphans("2027") == []


@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_links_closes_a_circle(units, seed):
    chance = random.Random(seed)  # noqa: S311 - a test's own dice
    held = []
    with units.writing() as uow:
        for _ in range(30):
            row = link(*chance.sample(ITEMS[:6], 2))
            fine = not cascade.check_links([*held, row])
            try:
                with uow.savepoint():
                    uow.goals.add([row])
            except Conflict:
                assert not fine
            else:
                assert fine
                held.append(row)


def test_the_database_refuses_links_that_break_a_rule(units):
    kept(units, goal("a"), goal("z", cycle_id="2027"), link("sari0", "head0"))
    assert "result_link_circle" in refused(units, link("head0", "sari0"))
    assert refused(units, link("sari0", "sari0"))
    assert "one_target" in refused(units, link("sari1", "head0", "a"))
    assert "one_target" in refused(units, link("sari1"))
    assert "result_link_year" in refused(units, link("sari1", None, "z"))
    twice = replace(link("sari0", "head0"), id="again")
    assert refused(units, twice)
    direct = [link("sari2", parent, method=CascadeMethod.DIRECT) for parent in ("head0", "head1")]
    assert refused(units, *direct)


def test_the_database_refuses_a_tree_that_breaks_a_rule(units):
    kept(units, goal("a"), goal("b", "a"), goal("z", cycle_id="2027"))
    with units.writing() as uow, pytest.raises(Conflict, match="objective_circle"):
        uow.goals.put(goal("a", "b"))
    with units.writing() as uow, pytest.raises(Conflict, match="objective_place_kept"):
        uow.goals.put(goal("b", "a", cycle_id="2027"))
    assert "objective_cycle_of_parent" in refused(units, goal("d", "z"))
    assert refused(units, replace(goal("d"), code="a"))
    shown = replace(goal("b", "a"), status=ObjectiveStatus.PUBLISHED, published_at=NOON)
    with units.writing() as uow:
        uow.goals.put(shown)
        uow.commit()
    with units.writing() as uow, pytest.raises(Conflict, match="objective_published"):
        uow.goals.put(goal("b", "a"))


def test_the_database_keeps_the_register_honest(units):
    assert "likelihood" in refused(units, risk(likelihood=6))
    assert "impact" in refused(units, risk(impact=0))
    assert "one_subject" in refused(units, risk(item_id=None))
    kept(units, risk())
    row = TargetReopening(
        id="t",
        risk_id="r",
        item_id="sari0",
        person_id="sari",
        reopened=True,
        reason="x",
        decided_by="head",
        at=NOON,
    )
    assert "reopening_realised" in refused(units, row)
    with units.writing() as uow:
        uow.goals.put(risk(status=RiskStatus.REALISED))
        uow.commit()
    assert "not_by_oneself" in refused(units, replace(row, decided_by="sari"))
    kept(units, row)
    with units.writing() as uow, pytest.raises(Conflict, match="risk_realised"):
        uow.goals.put(risk())
    with units.writing() as uow:
        uow.goals.put(risk(status=RiskStatus.CLOSED))
        uow.commit()
    with units.writing() as uow, pytest.raises(Conflict, match="risk_closed"):
        uow.goals.put(risk(status=RiskStatus.CLOSED))


def test_risks_show_on_every_result_that_reaches_the_objective_heaviest_first(units):
    kept(units, goal("a"), goal("b", "a"), link("sari0", "head0"), link("head0", None, "b"))
    kept(units, risk("far", item_id=None, objective_id="a", impact=5), risk("near"))
    with units.reading() as uow:
        assert [one.id for one in uow.goals.risks_on(["sari0"])] == ["far", "near"]
        assert [one.id for one in uow.goals.risks_on(["head0"])] == ["far"]
        assert uow.goals.risks_on(["dedi0"]) == []


def test_reviews_stay_as_they_were_written(units, database):
    kept(units, risk())
    look = RiskReview(
        id="v",
        risk_id="r",
        reviewed_on=date(2026, 4, 1),
        likelihood=3,
        impact=3,
        level=RiskLevel.MODERATE,
        status=RiskStatus.OPEN,
        note="",
        reviewed_by="sari",
        at=NOON,
    )
    kept(units, look)
    with units.reading() as uow:
        assert uow.goals.reviews(["r"]) == [look]
    with database.writing.connect() as connection, pytest.raises(Exception, match="append-only"):
        connection.exec_driver_sql("UPDATE risk_review SET note = 'later'")


def test_results_that_leave_a_plan_take_links_along_and_free_their_cells(units):
    taken = MatrixCell(
        id="c",
        cycle_id="2026",
        leader_id="head",
        person_id="sari",
        parent_id="head0",
        title="x",
        status=CellStatus.TAKEN,
        item_id="sari0",
        at=NOON,
    )
    kept(units, link("sari0", "head0"), link("dedi0", "sari0"), link("sari1", "head1"), taken)
    with units.writing() as uow:
        stay = [row for row in uow.performance.items("sari") if row.id != "sari0"]
        uow.performance.replace_items("sari", stay, [])
        uow.commit()
    with units.reading() as uow:
        assert [one.id for one in uow.goals.links_below(["head0", "head1"])] == ["sari1>head1"]
        assert uow.goals.links_of(["dedi0"]) == []
        (waiting,) = uow.goals.matrix("head", "2026")
        assert (waiting.status, waiting.item_id) == (CellStatus.PROPOSED, None)
        assert uow.goals.cells_for("sari", 2026) == [waiting]
        assert uow.goals.cells_for("sari", 2027) == []


def test_results_that_others_speak_of_are_known_before_they_leave_a_plan(units):
    kept(units, link("sari0", "head0"), risk(), risk("done", item_id="dedi0"))
    with units.writing() as uow:
        assert uow.performance.named(["sari0", "sari1", "head0"]) == ["sari0"]
        stay = [row for row in uow.performance.items("sari") if row.id != "sari0"]
        with pytest.raises(Conflict):
            uow.performance.replace_items("sari", stay, [])


def test_open_risks_go_along_with_a_result_and_closed_ones_stay(units):
    kept(units, risk(), risk("done", status=RiskStatus.CLOSED))
    with units.writing() as uow:
        uow.goals.carry({"sari0": "dedi0"})
        assert [one.id for one in uow.goals.risks_on(["dedi0"])] == ["r"]
        assert [one.id for one in uow.goals.risks_on(["sari0"])] == ["done"]


def test_what_is_proposed_or_was_dropped_is_no_orphan(units):
    with units.writing() as uow:
        plan = Plan(id="again", person_id="sari", cycle_id="2026", version=2)
        row = replace(uow.performance.items("sari")[0], id="new", plan_id="again")
        uow.performance.add([plan])
        uow.performance.add([replace(row, origin_item_id="sari0")])
        uow.performance.add([replace(row, id="fresh", number=9)])
        found = {card.item_id for card in uow.goals.orphans("2026")}
        assert found & {"sari0", "new", "fresh"} == {"sari0", "fresh"}
        uow.performance.put(replace(plan, status=PlanStatus.DROPPED))
        assert "fresh" not in {card.item_id for card in uow.goals.orphans("2026")}


def test_one_parent_per_result_becomes_a_link_and_again_a_parent(units, database):
    kept(units, link("sari0", "head0"))
    migrate_down(database, "0011")
    with database.reading.connect() as connection:
        query = "SELECT parent_item_id FROM plan_item WHERE id = 'sari0'"
        assert connection.exec_driver_sql(query).scalar() == "head0"
    migrate(database)
    with units.reading() as uow:
        (found,) = uow.goals.links_of(["sari0"])
        assert (found.parent_id, found.method) == ("head0", CascadeMethod.NONDIRECT)
        assert found.at.year == 2026
