"""Versions of plans in the store: what is fixed stays, results keep their ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.domain import revisions as rules
from engine.domain.cycles import Cycle, Period
from engine.domain.indicators import Aspect, Direction
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.plans import (
    Indicator,
    ItemKind,
    Measurement,
    Plan,
    PlanItem,
    PlanStatus,
    Progress,
    RoleKind,
    fix,
)
from engine.domain.ratings import Level
from engine.domain.revisions import PlanRevision, RevisionState, Side
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases.errors import Conflict

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
ITEM = PlanItem(
    id="r1",
    plan_id="p1",
    number=1,
    kind=ItemKind.UTAMA,
    role_kind=RoleKind.HOME,
    title="Portal terbit",
    weight_bp=6000,
)
OTHER = replace(ITEM, id="r2", number=2, title="Rilis data", weight_bp=4000)
ONE = Indicator(
    id="i1", item_id="r1", aspect=Aspect.KUANTITAS, text="Jumlah", target=Decimal("10.5")
)
RANGE = replace(
    ONE,
    id="i2",
    number=2,
    direction=Direction.RANGE,
    target=None,
    lower=Decimal(1),
    upper=Decimal("2.25"),
    weight=3,
)
WORDS = replace(ONE, id="i3", item_id="r2", direction=Direction.QUALITATIVE, target=None)


def settle_people(uow):
    """A unit with its head and Sari, and a cycle of one period."""
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    uow.agency.add([Agency(id="agency", code="A", name="Badan")])
    uow.agency.add([Unit(id="unit", agency_id="agency", code="U", name="Unit")])
    for n, (name, heads) in enumerate({"head": True, "sari": False}.items(), start=1001):
        post = Post(
            id=f"post {name}",
            unit_id="unit",
            title=name,
            job_class=JobClass.JF,
            is_head=heads,
        )
        person = Person(id=name, agency_id="agency", nip=f"19800101200501{n}", name=name)
        seat = Appointment(
            id=f"seat {name}",
            person_id=name,
            post_id=post.id,
            kind=AppointmentKind.DEFINITIVE,
            valid_from=first,
        )
        for row in (post, person, seat):
            uow.agency.add([row])
    year = Cycle(
        id="cycle", agency_id="agency", year=2026, name="2026", starts_on=first, ends_on=last
    )
    half = Period(id="p1", cycle_id="cycle", number=1, name="1", starts_on=first, ends_on=last)
    uow.performance.add([year])
    uow.performance.add([half])


@pytest.fixture
def store(units):
    """A unit of work in which Sari has a fixed plan with progress on two results."""
    with units.writing() as uow:
        settle_people(uow)
        uow.performance.add([Plan(id="p1", person_id="sari", cycle_id="cycle")])
        uow.performance.add([ITEM, OTHER])
        uow.performance.add([ONE, RANGE, WORDS])
        plan = uow.performance.get(Plan, "p1")
        ready = replace(plan, status=PlanStatus.CLARIFIED)
        uow.performance.put(ready)
        uow.performance.put(fix(ready, "head", AT, date(2026, 1, 1)))
        for n, item in enumerate(("r1", "r2"), start=1):
            row = Progress(
                id=f"g{n}",
                item_id=item,
                period_id="p1",
                actual=None,
                attainment=Decimal("95.55"),
                recorded_by="sari",
                at=AT,
            )
            uow.performance.add([row])
        uow.performance.add([line("m1", "g1", "i1", Decimal("9.5")), line("m2", "g2", "i3", None)])
        yield uow


def line(key, progress, indicator, actual):
    return Measurement(
        id=key,
        progress_id=progress,
        indicator_id=indicator,
        actual=actual,
        level=None if actual is not None else Level.SESUAI,
        attainment=Decimal("95.55"),
    )


def wish(**facts):
    base = PlanRevision(
        id="v1",
        person_id="sari",
        cycle_id="cycle",
        base_plan_id="p1",
        plan_id="p2",
        side=Side.EMPLOYEE,
        proposed_by="sari",
        summary="Target turun",
        reason="Anggaran",
        valid_from=date(2026, 3, 2),
        at=AT,
    )
    return replace(base, **facts)


def proposed(uow):
    """A second version: the first result changed, the second dropped, a third new."""
    base = uow.performance.get(Plan, "p1")
    plan = rules.next_version(base, "p2", 2)
    ids = iter(("d1", "d2", "j1", "j2", "j3"))
    items, measures = rules.copied(
        "p2",
        uow.performance.items("p1"),
        uow.performance.indicators("p1"),
        lambda: next(ids),
    )
    uow.performance.add([plan])
    uow.performance.add(items)
    uow.performance.add(measures)
    changed = replace(items[0], title="Portal terbit dan dipakai", number=2)
    fresh = replace(items[0], id="n1", number=1, title="Baru", weight_bp=4000, origin_item_id=None)
    kept = [replace(measures[0], target=Decimal(5)), replace(ONE, id="n2", item_id="n1")]
    uow.performance.replace_items("p2", [fresh, changed], kept)
    ready = replace(plan, status=PlanStatus.CLARIFIED)
    uow.performance.put(ready)
    return base, fix(ready, "head", AT, date(2026, 3, 2))


def test_indicators_come_back_as_they_were_written_and_in_order(store):
    assert store.performance.indicators("p1") == [ONE, RANGE, WORDS]
    assert store.performance.get(Plan, "p1").valid_from == date(2026, 1, 1)
    assert [m.actual for m in store.performance.measurements("p1")] == [Decimal("9.5"), None]


def test_a_new_version_takes_over_and_results_that_stay_keep_their_ids(store):
    base, fixed = proposed(store)
    assert store.performance.plan_of("sari", "cycle").id == "p1"
    store.performance.take_over(base, fixed)
    performance = store.performance
    assert performance.plan_of("sari", "cycle") == fixed
    assert [(i.id, i.title) for i in performance.items("p2")] == [
        ("n1", "Baru"),
        ("r1", "Portal terbit dan dipakai"),
    ]
    assert [(i.id, i.title, i.origin_item_id) for i in performance.items("p1")] == [
        ("d1", "Portal terbit", "r1"),
        ("r2", "Rilis data", None),
    ]
    assert [(p.id, p.item_id) for p in performance.progress("p2")] == [("g1", "r1")]
    assert [(p.id, p.item_id) for p in performance.progress("p1")] == [("g2", "r2")]
    assert [(i.id, i.target) for i in performance.indicators("p2")] == [
        ("n2", Decimal("10.5")),
        ("i1", Decimal(5)),
    ]
    before = [(i.id, i.item_id, i.target) for i in performance.indicators("p1")]
    assert before == [
        ("j1", "d1", Decimal("10.5")),
        ("i2", "d1", None),
        ("i3", "r2", None),
    ]
    assert [m.indicator_id for m in performance.measurements("p2")] == ["i1"]
    versions = performance.plan_versions("sari", "cycle")
    assert [(p.version, p.status) for p in versions] == [
        (2, PlanStatus.FIXED),
        (1, PlanStatus.SUPERSEDED),
    ]


@pytest.mark.parametrize(
    ("act", "guard"),
    [
        (lambda s: s.put(replace(ITEM, title="x")), "plan_item_fixed_update"),
        (lambda s: s.add([replace(ITEM, id="x", number=9)]), "plan_item_fixed_insert"),
        (lambda s: s.put(replace(ONE, target=Decimal(1))), "indicator_fixed_update"),
        (lambda s: s.add([replace(ONE, id="x")]), "indicator_fixed_insert"),
        (lambda s: s.replace_items("p1", [], []), "indicator_fixed_delete"),
        (
            lambda s: s.add(
                [
                    Plan(
                        id="x",
                        person_id="sari",
                        cycle_id="cycle",
                        version=7,
                        status=PlanStatus.FIXED,
                    )
                ]
            ),
            "plan",
        ),
    ],
)
def test_what_is_fixed_is_not_edited_in_place(store, act, guard):
    with pytest.raises(Conflict, match=guard):
        act(store.performance)


def test_nothing_is_moved_into_a_fixed_plan(store):
    proposed(store)
    row = store.performance.items("p2")[1]
    with pytest.raises(Conflict, match="plan_item_moved_into_fixed"):
        store.performance.put(replace(row, plan_id="p1", number=9))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"direction": Direction.RANGE, "target": None}, "range_ends"),
        ({"lower": Decimal(1), "upper": Decimal(2)}, "range_ends"),
        ({"direction": Direction.RANGE, "target": None, "lower": Decimal(1)}, "range_ends"),
        ({"direction": Direction.QUALITATIVE}, "target_is_a_number"),
        ({"weight": 0}, "weight"),
        ({"origin_indicator_id": "x"}, "not_its_own_origin"),
    ],
)
def test_a_faulty_indicator_is_refused_by_the_store(store, facts, name):
    proposed(store)
    with pytest.raises(Conflict, match=f"ck_indicator_{name}"):
        store.performance.add([replace(ONE, id="x", item_id="n1", **facts)])


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"rater_signed_by": "sari"}, "not_rated_by_oneself"),
        ({"mediator_id": "sari"}, "not_mediated_by_oneself"),
        ({"mediator_id": "head", "rater_signed_by": "head"}, "not_mediated_by_rater"),
        ({"reason": ""}, "reasoned"),
        ({"state": RevisionState.AGREED}, "agreed"),
        (
            {"state": RevisionState.AGREED, "agreed_on": date(2026, 3, 2)},
            "both_signed",
        ),
        (
            {
                "state": RevisionState.AGREED,
                "agreed_on": date(2026, 3, 3),
                "employee_signed_at": AT,
                "rater_signed_by": "head",
            },
            "forward_dated",
        ),
        ({"plan_id": "p1"}, "of_another_version"),
    ],
)
def test_a_revision_that_breaks_a_rule_is_refused_by_the_store(store, facts, name):
    proposed(store)
    with pytest.raises(Conflict, match=f"ck_plan_revision_{name}"):
        store.performance.add([wish(**facts)])


def test_one_revision_at_a_time_and_its_end_stays(store):
    proposed(store)
    store.performance.add([wish()])
    assert store.performance.open_revision("sari", "cycle") == wish()
    store.performance.put(wish(state=RevisionState.DROPPED))
    assert store.performance.open_revision("sari", "cycle") is None
    assert store.performance.revisions("sari", "cycle") == [wish(state=RevisionState.DROPPED)]
    with pytest.raises(Conflict, match="revision_over"):
        store.performance.put(wish())


def test_lines_of_a_progress_are_a_number_or_a_word_once(store):
    row = store.performance.progress_on("r1", "p1")
    store.performance.replace_measurements(row, [line("m9", "g1", "i2", Decimal(2))])
    assert [m.id for m in store.performance.measurements("p1")] == ["m9", "m2"]
    with pytest.raises(Conflict, match="number_or_word"):
        store.performance.add([replace(line("m8", "g1", "i1", Decimal(2)), level=Level.SESUAI)])


def test_who_may_be_rated_by_a_head_is_one_question(store):
    found = store.performance.rated_perhaps("head", date(2026, 3, 2))
    assert "sari" in found
    assert "head" not in found
    assert store.performance.rated_perhaps("sari", date(2026, 3, 2)) == []
