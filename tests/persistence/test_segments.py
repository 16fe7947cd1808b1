"""Changes, snapshots and chains of substitutes in the database, equal on both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.people import Appointment, AppointmentKind, Substitution
from engine.domain.ratings import Level, Predikat
from engine.domain.segments import ChangeKind, LeaveKind, RoleChange
from engine.domain.snapshots import SegmentRating, SegmentSnapshot, holds, sealed
from engine.persistence.stores.substitutes import absent_people
from engine.persistence.tables.metadata import metadata
from engine.persistence.tables.segments import APPEND_ONLY
from engine.usecases.errors import Conflict
from tests.workflows.agency import Ids, settle

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
FIRST, JUNE = date(2026, 1, 1), date(2026, 6, 1)


class Town:
    def __init__(self, units):
        self.units = units
        self.ids = Ids(units.ids.uuid)
        with units.writing() as uow:
            settle(uow, self.ids)
            uow.commit()

    def write(self, room, *rows):
        with self.units.writing() as uow:
            getattr(uow, room).add(list(rows))
            uow.commit()

    def change(self, kind=ChangeKind.MUTASI, **facts):
        base = RoleChange(
            id=self.units.ids.uuid(),
            person_id=self.ids["dedi"],
            cycle_id=self.ids["cycle"],
            kind=kind,
            starts_on=JUNE,
            leave_kind=LeaveKind.BESAR if kind is ChangeKind.CUTI else None,
            letter_no="SK-1",
            rater_id=self.ids["budi"],
            recorded_by=self.ids["joko"],
            at=AT,
        )
        return replace(base, **facts)

    def snapshot(self, change, **facts):
        base = SegmentSnapshot(
            id=self.units.ids.uuid(),
            person_id=change.person_id,
            cycle_id=change.cycle_id,
            change_id=change.id,
            source_id=self.ids["seat dedi"],
            rater_id=self.ids["budi"],
            starts_on=FIRST,
            ends_on=date(2026, 5, 31),
            attainment=Decimal("99.00"),
            at=AT,
        )
        return sealed(replace(base, **facts))

    def rating(self, snapshot, by="budi", **facts):
        base = SegmentRating(
            id=self.units.ids.uuid(),
            snapshot_id=snapshot.id,
            rater_id=self.ids[by],
            result_level=Level.SESUAI,
            behaviour_level=Level.SESUAI,
            predikat=Predikat.BAIK,
            note="Laporan",
            at=AT,
        )
        return replace(base, **facts)

    def letter(self, absent, by, first=FIRST, before=None, scope="all"):
        return Substitution(
            id=self.units.ids.uuid(),
            absent_id=self.ids[absent],
            substitute_id=self.ids[by],
            valid_from=first,
            valid_to=before,
            scope=scope,
            letter_no="ST-1",
        )


@pytest.fixture
def town(units):
    return Town(units)


def test_a_snapshot_comes_back_as_it_was_frozen(town):
    change = town.change()
    snapshot = town.snapshot(change)
    said = town.rating(snapshot)
    town.write("segments", change, snapshot, said)
    with town.units.reading() as uow:
        [kept] = uow.segments.snapshots(town.ids["dedi"], town.ids["cycle"])
        assert kept == snapshot
        assert holds(kept)
        assert uow.segments.snapshot_of(change.id) == kept
        assert uow.segments.interims([kept.id]) == {kept.id: said}
        assert uow.segments.interims([]) == {}
        assert uow.segments.changes(town.ids["dedi"]) == [change]


def test_nothing_recorded_of_a_role_is_ever_changed(town):
    change = town.change()
    snapshot = town.snapshot(change)
    town.write("segments", change, snapshot, town.rating(snapshot))
    for name in APPEND_ONLY:
        table = metadata.tables[name]
        for statement in (table.update().values(at=AT), table.delete()):
            with (
                town.units.database.writing.connect() as connection,
                pytest.raises(sa.exc.DBAPIError, match="append-only"),
            ):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"letter_no": ""}, "letter"),
        ({"ends_on": date(2026, 5, 1)}, "lasts"),
        ({"leave_kind": LeaveKind.BESAR}, "leave_kind"),
        ({"recorded_by": "dedi"}, "not_by_oneself"),
        ({"rater_id": "dedi"}, "not_own_rater"),
    ],
)
def test_a_change_that_breaks_a_rule_is_refused_by_name(town, facts, name):
    named = {k: town.ids[v] if v == "dedi" else v for k, v in facts.items()}
    with pytest.raises(Conflict, match=name):
        town.write("segments", town.change(**named))


def test_nobody_rates_his_own_elapsed_part_and_nobody_twice(town):
    change = town.change()
    snapshot = town.snapshot(change)
    town.write("segments", change, snapshot)
    for mine in (
        town.rating(snapshot, by="dedi"),
        town.rating(snapshot, by="sari", on_behalf_of=town.ids["dedi"]),
    ):
        with pytest.raises(Conflict, match="segment_rating_not_own"):
            town.write("segments", mine)
    town.write("segments", town.rating(snapshot))
    with pytest.raises(Conflict):
        town.write("segments", town.rating(snapshot, by="wati"))
    with pytest.raises(Conflict):
        town.write("segments", town.snapshot(change))


def test_one_definitive_post_at_a_time(town):
    second = Appointment(
        id=town.units.ids.uuid(),
        person_id=town.ids["dedi"],
        post_id=town.ids["post eko"],
        kind=AppointmentKind.DEFINITIVE,
        valid_from=JUNE,
    )
    with pytest.raises(Conflict, match="appointment_one_home"):
        town.write("agency", second)
    town.write("agency", replace(second, kind=AppointmentKind.PLT))
    with town.units.writing() as uow:
        old = uow.agency.get(Appointment, town.ids["seat dedi"])
        uow.agency.put(replace(old, valid_to=JUNE))
        uow.agency.add([replace(second, id=town.units.ids.uuid())])
        uow.commit()
    with town.units.reading() as uow:
        held = uow.segments.appointments(town.ids["dedi"])
    assert [unit for _, unit in held] == [town.ids["biro"], town.ids["pusat"], town.ids["pusat"]]


@pytest.mark.parametrize(
    ("standing", "new", "name"),
    [
        ([("budi", "sari"), ("sari", "citra")], ("citra", "eko"), "substitution_chain"),
        ([("sari", "citra"), ("citra", "eko")], ("budi", "sari"), "substitution_chain"),
        ([("budi", "sari"), ("citra", "eko")], ("sari", "citra"), "substitution_chain"),
        ([("budi", "sari")], ("sari", "budi"), "substitution_(circle|chain)"),
    ],
)
def test_the_database_bounds_chains_of_substitutes_too(town, standing, new, name):
    town.write("agency", *[town.letter(*pair) for pair in standing])
    with pytest.raises(Conflict, match=name):
        town.write("agency", town.letter(*new))


def test_letters_of_other_days_make_no_chain_and_unknown_scopes_no_letter(town):
    town.write("agency", town.letter("budi", "sari", before=JUNE), town.letter("sari", "citra"))
    town.write("agency", town.letter("citra", "eko", first=JUNE))
    with pytest.raises(Conflict, match="substitution_scope"):
        town.write("agency", town.letter("wati", "eko", scope="everything"))


def test_a_substitute_reaches_over_one_hop_in_what_both_letters_cover(town):
    town.write(
        "agency",
        town.letter("budi", "sari", scope="rate"),
        town.letter("sari", "citra"),
        town.letter("wati", "eko", scope="attest"),
        town.letter("eko", "lina", scope="rate"),
    )
    with town.units.database.reading.connect() as connection:
        found = {
            name: {
                (next(k for k, v in town.ids.items() if v == absent), scope)
                for absent, scope in absent_people(connection, town.ids[name], AT)
            }
            for name in ("sari", "citra", "lina")
        }
    assert found == {
        "sari": {("budi", "rate")},
        "citra": {("sari", "all"), ("budi", "rate")},
        "lina": {("eko", "rate")},
    }


def test_substitutions_are_found_by_day_and_around_people(town):
    rows = [
        town.letter("budi", "sari", before=JUNE),
        town.letter("sari", "citra"),
        town.letter("wati", "eko"),
    ]
    town.write("agency", *rows)
    with town.units.reading() as uow:
        of_june = uow.segments.substitutions(town.ids["agency"], JUNE)
        near = uow.segments.substitutions_around([town.ids["citra"]], FIRST, None)
        letters = uow.segments.letters(town.ids["citra"])
    assert {row.id for row in of_june} == {rows[1].id, rows[2].id}
    assert {row.id for row in near} == {rows[0].id, rows[1].id}
    assert letters == [rows[1]]


def test_former_raters_and_people_who_left_are_named(town):
    left = town.change(ChangeKind.BERHENTI)
    snapshot = town.snapshot(left)
    said = town.rating(snapshot, by="sari", on_behalf_of=town.ids["budi"])
    repaired = town.change(ChangeKind.PENILAI, person_id=town.ids["eko"], rater_id=town.ids["wati"])
    away = town.change(ChangeKind.CUTI, person_id=town.ids["sari"], ends_on=date(2026, 8, 1))
    town.write("segments", left, repaired, away, snapshot, said)
    with town.units.writing() as uow:
        seat = uow.agency.get(Appointment, town.ids["seat dedi"])
        assert uow.segments.departed(town.ids["cycle"]) == []  # he still holds his post
        uow.agency.put(replace(seat, valid_to=JUNE))
        assert uow.segments.departed(town.ids["cycle"]) == [town.ids["dedi"]]
        uow.commit()
    with town.units.reading() as uow:
        raters = {
            name: uow.segments.raters(town.ids[name], town.ids["cycle"])
            for name in ("dedi", "eko", "sari")
        }
        [pause] = uow.segments.pauses_of(town.ids["sari"], date(2026, 7, 1), date(2026, 12, 31))
    assert raters == {
        "dedi": {town.ids["budi"], town.ids["sari"]},
        "eko": {town.ids["wati"]},
        "sari": frozenset(),
    }
    assert (pause.first, pause.last) == (date(2026, 7, 1), date(2026, 8, 1))
