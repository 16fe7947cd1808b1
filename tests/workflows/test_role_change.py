"""Role changes in mid-year: the elapsed part is frozen, rated by the old rater, handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.cascade import CascadeMethod, ResultLink
from engine.domain.plans import ItemKind, Plan, PlanItem, PlanStatus, Progress, RoleKind
from engine.domain.ratings import Predikat, RatingStatus
from engine.domain.segments import ChangeKind, SegmentKind
from engine.domain.snapshots import holds
from engine.domain.squads import Membership
from engine.usecases import means as facilities
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.index import person_index
from engine.usecases.operations.matrix import OBJECTIVE
from engine.usecases.organisation import Standing
from engine.usecases.segments import person_segments
from tests.workflows.agency import PEOPLE
from tests.workflows.test_goal_tree import published
from tests.workflows.test_risks import register

MOVED = "2026-06-01"
LETTER = {"letter_no": "SK-7/2026"}
RATE = {"result_level": "sesuai", "behaviour_level": "sesuai", "note": "Laporan lengkap"}


def nip(name):
    return PEOPLE[name][0]


def plan_of(town, name, attainment=Decimal("99.00")):
    """A fixed plan with one documented home result and one in the squad."""
    ids, now = town.ids, town.house.clock.now()
    plan = Plan(
        id=town.house.ids.uuid(),
        person_id=ids[name],
        cycle_id=ids["cycle"],
    )
    fixed = replace(plan, status=PlanStatus.FIXED, fixed_by=ids["budi"], fixed_at=now)
    home = PlanItem(
        id=town.house.ids.uuid(),
        plan_id=plan.id,
        number=1,
        kind=ItemKind.UTAMA,
        role_kind=RoleKind.HOME,
        title="Laporan",
        weight_bp=10_000,
    )
    rows = [home]
    if name in ("sari", "citra", "eko"):
        member = ids[f"member {name}"]
        rows.append(
            replace(
                home,
                id=town.house.ids.uuid(),
                number=2,
                role_kind=RoleKind.SQUAD,
                membership_id=member,
            )
        )
    done = Progress(
        id=town.house.ids.uuid(),
        item_id=home.id,
        period_id=ids["period 1"],
        actual=None,
        attainment=attainment,
        recorded_by=ids[name],
        at=now,
    )
    with town.house.writing() as uow:
        for row in (plan, *rows, done):
            uow.performance.add([row])
        uow.performance.put(fixed)
        uow.commit()
    return fixed


def move(town, name="dedi", **changes):
    """HR moves somebody from Biro to Pusat."""
    values = {
        "kind": "mutasi",
        "nip": nip(name),
        "starts_on": MOVED,
        "unit_id": town.ids["pusat"],
        "post_title": "Analis Data",
        **LETTER,
    }
    return town.ask("role_change", by="joko", **{**values, **changes})


def seen(town, name="dedi"):
    with town.house.reading() as uow:
        from engine.domain.cycles import Cycle  # noqa: PLC0415

        cycle = uow.performance.get(Cycle, town.ids["cycle"])
        return person_segments(uow, town.ids[name], cycle)


def index(town, name="dedi"):
    from engine.domain.cycles import Cycle  # noqa: PLC0415

    house = town.house
    made = facilities.Means(ids=house.ids, clock=house.clock, decide=house.runner.decide)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        tables = Tables(made, uow, house.clock.now(), town.ids["agency"])
        cycle = uow.performance.get(Cycle, town.ids["cycle"])
        return person_index(standing, tables, town.ids[name], cycle)


def newest_plan(town, name="dedi"):
    with town.house.reading() as uow:
        return uow.performance.plan_of(town.ids[name], town.ids["cycle"])


def to_june(town):
    town.move(town.house.clock.now().replace(month=6, day=1, hour=10))


def test_a_mover_is_rated_for_the_elapsed_part_and_plans_anew(town):
    old = plan_of(town, "dedi")
    key = move(town)
    assert town.waiting() == []
    to_june(town)
    assert town.waiting() == [("document_segment", "dedi")]
    town.do("document_segment", "dedi")
    assert town.waiting() == [("draft_plan", "dedi"), ("rate_segment", "budi")]
    [frozen] = seen(town).snapshots
    assert (frozen.plan_id, frozen.rater_id, frozen.attainment) == (
        old.id,
        town.ids["budi"],
        Decimal("99.00"),
    )
    assert (frozen.starts_on, frozen.ends_on) == (date(2026, 1, 1), date(2026, 5, 31))
    assert holds(frozen)
    for by in ("dedi", "wati"):
        with pytest.raises((AccessRefused, NotFound)):
            town.do("rate_segment", by=by, **RATE)
    with pytest.raises(InputRefused):
        town.do("rate_segment", **{**RATE, "note": ""})
    town.do("rate_segment", **RATE)
    said = seen(town).ratings[frozen.id]
    assert (said.predikat, said.rater_id) == (Predikat.BAIK, town.ids["budi"])
    new = newest_plan(town)
    assert (new.version, new.status) == (2, PlanStatus.DRAFT)
    town.do("receive_segment", "wati", confirmed=True)
    town.pass_days(15)  # the draft is imposed in silence, the new rater clarifies
    assert town.waiting() == [("clarify_expectation", "wati")]
    town.do("clarify_expectation", decision="accept", expectation="Data tepat waktu")
    town.pass_days(60)  # a superior without a plan is not waited for
    assert town.status(key) == "completed"
    assert newest_plan(town).status is PlanStatus.FIXED
    assert [(s.kind, s.unit_id) for s in seen(town).base] == [
        (SegmentKind.HOME, town.ids["biro"]),
        (SegmentKind.HOME, town.ids["pusat"]),
    ]


def test_the_index_of_a_mover_weighs_both_posts_by_days_and_averages_no_predikat(town):
    plan_of(town, "dedi")
    move(town)
    to_june(town)
    town.do("document_segment", "dedi")
    found = index(town)
    [closed, running] = found.roles
    assert (closed.role.startswith("home:"), running.role) == (True, "home")
    assert (closed.weight_bp, running.weight_bp) == (4137, 5863)  # 151 and 214 of 365 days
    assert (closed.owner_unit_id, running.owner_unit_id) == (town.ids["biro"], town.ids["pusat"])
    assert [line.role for line in found.index.lines] == [closed.role]
    assert found.index.lines[0].attainment == Decimal("99.00")
    assert found.index.open_roles == ("home",)
    assert found.cross_unit_bp == 0


def test_silence_of_everybody_stops_nothing(town):
    plan_of(town, "dedi")
    key = move(town)
    to_june(town)
    town.pass_days(30)  # neither documents nor rates, and nobody reads
    assert town.waiting() == [("clarify_expectation", "wati"), ("mediate", "perf_admin")]
    town.do("clarify_expectation", decision="accept", expectation="Data tepat waktu")
    town.do("mediate", note="Sudah bertemu")
    town.pass_days(60)
    assert town.status(key) == "completed"
    assert seen(town).ratings == {}


def test_a_plan_that_is_not_fixed_goes_along_to_the_new_rater(town):
    planning = town.begin("planning", "dedi")
    key = move(town, starts_on="2026-01-19")
    assert town.waiting() == [("draft_plan", "dedi"), ("rate_segment", "budi")]
    assert newest_plan(town).version == 1
    town.do("rate_segment", **RATE)
    town.do("receive_segment", "wati", confirmed=True)
    assert town.status(key) == "completed"
    town.pass_days(40)
    assert town.holder(town.task("clarify_expectation")) == "wati"
    assert town.status(planning) == "active"


def test_what_a_member_undertook_in_squads_goes_along(town):
    old = plan_of(town, "sari")
    with town.house.reading() as uow:
        undertaken = uow.performance.items(old.id)[1]
    register(town, "sari", f"item:{undertaken.id}")
    move(town, "sari")
    to_june(town)
    town.do("document_segment", "sari")
    with town.house.reading() as uow:
        items = uow.performance.items(newest_plan(town, "sari").id)
        [risk] = uow.goals.risks(town.ids["cycle"])
    assert risk.item_id in {i.id for i in items if i.role_kind is RoleKind.SQUAD}
    assert [i.membership_id for i in items if i.role_kind is RoleKind.SQUAD] == [
        town.ids["member sari"]
    ]
    found = index(town, "sari")
    assert sum(role.weight_bp for role in found.roles) == 10_000


def test_what_squad_results_serve_and_what_serves_them_goes_along(town):
    """Sari's squad result is Citra's by direct split, and serves an objective as well."""
    ids, now = town.ids, town.house.clock.now()
    goals = published(town)
    ours, above = plan_of(town, "sari"), plan_of(town, "citra")
    with town.house.writing() as uow:
        mine, hers = (uow.performance.items(plan.id)[1].id for plan in (ours, above))
        under = uow.performance.items(above.id)[0].id

        def link(child, parent, objective=None, method=CascadeMethod.DIRECT):
            made = town.house.ids.uuid()
            row = ResultLink(
                id=made,
                child_id=child,
                parent_id=parent,
                objective_id=objective,
                method=method,
                linked_by=ids["wati"],
                at=now,
            )
            uow.goals.add([row])

        link(mine, hers)
        link(mine, None, goals["B1"].removeprefix(OBJECTIVE), CascadeMethod.NONDIRECT)
        link(under, mine)
        uow.commit()
    move(town, "sari")
    to_june(town)
    town.do("document_segment", "sari")
    with town.house.reading() as uow:
        items = uow.performance.items(newest_plan(town, "sari").id)
        new = next(item.id for item in items if item.role_kind is RoleKind.SQUAD)
        up = uow.goals.links_of([new])
        assert new != mine
        assert {(row.parent_id, row.objective_id is None) for row in up} == {
            (hers, True),
            (None, False),
        }
        assert [row.parent_id for row in uow.goals.links_of([under])] == [new]
        # the version that was rated keeps what it served
        assert len(uow.goals.links_of([mine])) == len(up)
        assert {row.linked_by for row in up} == {ids["wati"]}
        assert new not in {card.item_id for card in uow.goals.orphans(ids["cycle"])}


def test_who_leaves_the_agency_is_not_waited_for(town):
    plan_of(town, "dedi")
    key = town.ask(
        "role_change", by="joko", kind="berhenti", nip=nip("dedi"), starts_on=MOVED, **LETTER
    )
    to_june(town)
    town.do("document_segment", "dedi")
    town.do("rate_segment", "budi", **RATE)
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        rating = uow.performance.rating_of(town.ids["dedi"], town.ids["cycle"])
        assert uow.segments.departed(town.ids["cycle"]) == [town.ids["dedi"]]
        assert uow.agency.seats(town.ids["dedi"], date(2026, 6, 1)) == []
    assert (rating.status, rating.predikat) == (RatingStatus.FINAL, Predikat.BAIK)
    assert (rating.ihk, rating.rater_id) == (Decimal("99.00"), town.ids["budi"])
    assert [s.ends_on for s in seen(town).base] == [date(2026, 5, 31)]


def test_who_leaves_unrated_is_settled_by_human_resources(town):
    key = town.ask(
        "role_change", by="joko", kind="berhenti", nip=nip("dedi"), starts_on=MOVED, **LETTER
    )
    to_june(town)
    town.pass_days(30)
    assert town.waiting() == [("settle_leaver", "hr")]
    town.do("settle_leaver", by="lina", confirmed=True)
    assert town.status(key) == "completed"


def test_a_leave_pauses_clocks_and_takes_its_days_out_of_the_weight(town):
    key = town.ask(
        "role_change",
        by="joko",
        kind="cuti",
        leave_kind="melahirkan",
        nip=nip("sari"),
        starts_on="2026-03-01",
        ends_on="2026-05-31",
        **LETTER,
    )
    town.move(town.house.clock.now().replace(month=3, day=2))
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        [pause] = uow.segments.pauses_of(town.ids["sari"], date(2026, 1, 1), date(2026, 12, 31))
    assert (pause.first, pause.last) == (date(2026, 3, 1), date(2026, 5, 31))
    found = seen(town, "sari")
    assert [s.kind.value for s in found.base] == ["home", "leave", "home"]
    assert [s.share_bp for s in found.base] == [8000, 0, 8000]
    assert [(r.role, r.weight_bp) for r in index(town, "sari").roles] == [
        ("home", 8000),
        (town.ids["member sari"], 2000),
    ]


def long_leave(town, starts_on, ends_on="2026-07-31"):
    """An ordinary leave of more than thirty days is recorded."""
    town.ask(
        "role_change",
        by="joko",
        kind="cuti",
        leave_kind="besar",
        nip=nip("dedi"),
        starts_on=starts_on,
        ends_on=ends_on,
        **LETTER,
    )
    town.worker.drain()


def revision_of(town, name="dedi"):
    with town.house.reading() as uow:
        return uow.performance.open_revision(town.ids[name], town.ids["cycle"])


def test_a_long_leave_offers_a_changed_plan_to_the_person_who_is_still_there(town):
    old = plan_of(town, "dedi")
    long_leave(town, MOVED)
    assert town.waiting() == [("write_revision", "dedi")]
    row = revision_of(town)
    assert (row.base_plan_id, row.proposed_by, row.valid_from) == (
        old.id,
        town.ids["dedi"],
        date(2026, 6, 1),
    )


def test_a_leave_that_has_begun_is_answered_for_by_the_rater(town):
    plan_of(town, "dedi")
    long_leave(town, "2026-01-02")
    assert town.waiting() == [("write_revision", "budi")]
    assert revision_of(town).proposed_by == town.ids["budi"]


def test_a_short_leave_or_one_without_a_fixed_plan_offers_nothing(town):
    long_leave(town, MOVED)
    assert town.waiting() == []
    plan_of(town, "dedi")
    long_leave(town, "2026-08-01", "2026-08-20")
    assert town.waiting() == []
    assert revision_of(town) is None


def test_an_unplanned_leave_closes_its_segment_and_the_rater_stays(town):
    plan_of(town, "dedi")
    key = town.ask(
        "role_change",
        by="joko",
        kind="cuti",
        leave_kind="luar_tanggungan",
        nip=nip("dedi"),
        starts_on=MOVED,
        **LETTER,
    )
    to_june(town)
    town.do("document_segment", "dedi")
    town.do("rate_segment", "budi", **RATE)
    assert town.status(key) == "completed"
    found = index(town)
    assert [role.weight_bp for role in found.roles] == [10_000, 0]
    assert found.index.ihk == Decimal("99.00")


def test_an_acting_post_lies_beside_the_own_one_and_ends_by_itself(town):
    key = town.ask(
        "role_change",
        by="joko",
        kind="plt",
        nip=nip("dedi"),
        starts_on="2026-01-19",
        ends_on="2026-03-31",
        post_id=town.ids["post wati"],
        **LETTER,
    )
    assert town.status(key) == "completed"
    [row] = seen(town).acting
    assert (row.unit_id, row.starts_on, row.ends_on) == (
        town.ids["pusat"],
        date(2026, 1, 19),
        date(2026, 3, 31),
    )


def leave_squad(town, **values):
    return town.ask(
        "role_change",
        by="joko",
        kind="keluar_tim",
        nip=nip("sari"),
        starts_on=MOVED,
        squad_id=town.ids["squad"],
        **{**LETTER, **values},
    )


def test_who_leaves_a_squad_is_rated_by_its_lead_for_the_rater_at_home(town):
    key = leave_squad(town)
    to_june(town)
    assert town.waiting() == [("rate_segment", "citra")]
    town.do("rate_segment", **RATE)
    town.do("receive_segment", "budi", confirmed=True)
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        row = uow.contributions.get(Membership, town.ids["member sari"])
    assert row.valid_to == date(2026, 6, 1)
    assert [s.squad_id for s in seen(town, "sari").squads] == [town.ids["squad"]]


def test_a_squad_s_own_exit_starts_it_by_message(town):
    with town.house.writing() as uow:
        row = uow.contributions.get(Membership, town.ids["member sari"])
        uow.contributions.put(replace(row, valid_to=date(2026, 1, 15)))
        made = facilities.Means(
            ids=town.house.ids, clock=town.house.clock, decide=town.house.runner.decide
        )
        made.announce(
            uow,
            town.actor("citra"),
            "member_left",
            f"{town.ids['sari']}:{town.ids['cycle']}",
            person_id=town.ids["sari"],
            cycle_id=town.ids["cycle"],
            membership_id=row.id,
        )
        uow.commit()
    town.worker.drain()
    assert town.waiting() == [("rate_segment", "citra")]
    with town.house.reading() as uow:
        [change] = uow.segments.changes(town.ids["sari"])
    assert (change.kind, change.letter_no) == (ChangeKind.KELUAR_TIM, "ST-1/2026")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"letter_no": " "}, "letter_no"),
        ({"nip": "196805121994032999"}, "nip"),
        ({"kind": "cuti"}, "leave_kind"),
        ({"kind": "cuti", "leave_kind": "besar", "ends_on": "2026-05-01"}, "ends_on"),
        ({"post_title": "", "unit_id": ""}, "post_id"),
        ({"starts_on": "2024-12-01"}, "starts_on"),
        ({"starts_on": "2031-01-01"}, "starts_on"),
        ({"kind": "keluar_tim"}, "squad_id"),
        ({"rater_nip": "198811302012121005"}, "rater_nip"),
    ],
)
def test_a_change_without_its_facts_is_refused_at_its_field(town, changes, field):
    with pytest.raises(InputRefused) as refused:
        move(town, **changes)
    assert field in {fault.field for fault in refused.value.faults}
    assert seen(town).base[0].unit_id == town.ids["biro"]


def test_nobody_records_his_own_change_and_only_hr_records_any(town):
    with pytest.raises(AccessRefused):
        move(town, "joko")
    with pytest.raises(NotFound):
        town.ask("role_change", by="budi", nip=nip("dedi"))


def test_a_snapshot_is_never_touched(town):
    plan_of(town, "dedi")
    move(town)
    to_june(town)
    town.do("document_segment", "dedi")
    import sqlalchemy as sa  # noqa: PLC0415

    from engine.persistence.tables.segments import segment_snapshot  # noqa: PLC0415

    with town.wired.database.writing.connect() as connection:
        for statement in (segment_snapshot.update().values(items=9), segment_snapshot.delete()):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                connection.execute(statement)
            connection.rollback()


def test_an_open_task_of_the_old_rater_moves_to_the_new_one(town):
    town.begin("planning", "dedi")
    town.do("draft_plan", "dedi", confirmed=True)
    assert town.holder(town.task("clarify_expectation")) == "budi"
    move(town, starts_on="2026-01-19")
    task = town.task("clarify_expectation")
    assert town.holder(task) == "wati"
    with pytest.raises((AccessRefused, NotFound, Conflict)):
        town.do("clarify_expectation", by="budi", decision="accept", expectation="x")
    town.do("clarify_expectation", decision="accept", expectation="Data tepat waktu")
    assert {"task_moved_here", "task_moved_away"} <= set(town.told())


def test_every_flow_of_role_change_is_walked(every_flow):
    every_flow("role_change")
