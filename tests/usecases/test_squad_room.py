"""Lists and pages of squads: whose they are, what waits, how many questions they ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.domain.joining import ChangeKind, ChangeStatus, SquadChange
from engine.domain.plans import RoleKind
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.places import PROPOSED, PlaceAsk, place_effect
from engine.usecases.ports.squad_room import Part
from engine.usecases.squad_handover import handover_pack
from engine.usecases.squad_lists import lead_desk, lent_by_me, my_squads
from engine.usecases.squad_pages import output_whole, squad_whole
from engine.usecases.squad_reminders import RemindMembers, remind_members
from tests.persistence.counting import counted
from tests.usecases import acting, worked
from tests.usecases.acting import person

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def agency(place):
    worked.build(place)
    place.clock.at = NOW
    return place


def keep(place, *rows, room="contributions"):
    with place.house.writing() as uow:
        getattr(uow, room).add(list(rows))
        uow.commit()


def squad(number):
    return Squad(
        id=f"s{number:04d}", host_agency_id="agency", host_unit_id="ditx", code=f"c{number:04d}",
        name=f"Squad {number}", letter_no="ST-9", sponsor_id="h_ditx", starts_on=FIRST,
        ends_on=LAST, budget_points=10,
    )  # fmt: skip


def joins(squad_id, who="wayan", **facts):
    base = Membership(
        id=f"m{squad_id}{who}", squad_id=squad_id, person_id=who, home_agency_id="agency",
        home_unit_id="biro", role=SquadRole.ANGGOTA, effort_bp=100, valid_from=FIRST,
        consent=Consent.GIVEN, acceptance=Acceptance.ACCEPTED,
    )  # fmt: skip
    return replace(base, **facts)


def many(place, count):
    keep(place, *(squad(n) for n in range(count)))
    rows = [joins(f"s{n:04d}", role=SquadRole.KETUA) for n in range(count)]
    keep(place, *rows)


def asked(place, question, *arguments, **more):
    """An answer and how many statements it took."""
    with counted(place.units.database.reading) as found:
        answer = question(place.house, *arguments, **more)
    return answer, found.count


def test_one_sees_the_squads_one_leads_sponsors_or_works_in(agency):
    for who, wanted in {
        "budi": {"a": Part.LEAD},
        "sari": {"a": Part.MEMBER, "b": Part.LEAD},
        "h_ditx": {"b": Part.SPONSOR},
        "wayan": {},
    }.items():
        _, cards = my_squads(agency.house, person(who))
        assert {card.code: card.part for card in cards} == wanted
    _, (card, _) = my_squads(agency.house, person("sari"))
    assert (card.members, card.outputs, card.accepted, card.host_unit) == (3, 1, 0, "pusdatin")


def test_a_thousand_squads_cost_as_many_statements_as_one_and_pages_meet(sqlite_place):
    place = sqlite_place
    worked.build(place)
    place.clock.at = NOW
    _, few = asked(place, my_squads, person("sari"))
    many(place, 1000)
    (_, cards), number = asked(place, my_squads, person("wayan"), limit=51)
    assert number == few
    assert len(cards) == 51
    seen, after = [], None
    while True:
        _, page = my_squads(place.house, person("wayan"), after=after, limit=300)
        if not page:
            break
        seen += [card.squad_id for card in page]
        after = page[-1].code, page[-1].squad_id
    assert seen == [f"s{n:04d}" for n in range(1000)]
    _, desk = asked(place, lead_desk, person("wayan"))
    _, small = asked(place, lead_desk, person("sari"))
    assert desk == small


def test_the_page_of_a_squad_costs_the_same_for_three_members_and_for_forty(agency):
    _, few = asked(agency, squad_whole, person("budi"), "squad_a")
    people = [name for name in worked.PEOPLE if name not in {"budi", "sari", "citra", "h_pusdatin"}]
    keep(agency, *(joins("squad_a", who) for who in people))
    page, number = asked(agency, squad_whole, person("budi"), "squad_a")
    assert (len(page.roster), number) == (3 + len(people), few)
    assert page.roster[0].membership.role is SquadRole.KETUA


def test_the_desk_shows_what_waits_oldest_first_and_what_is_left_in_the_pool(agency):
    acting.accepted(agency, "out_a", "budi", "h_pusdatin", "96")
    for n, (who, percent) in enumerate((("citra", "24"), ("sari", "16"))):
        agency.clock.at = NOW.replace(hour=4 - n)
        acting.claim(agency, "out_a", who, percent)
    desk = lead_desk(agency.house, person("budi"))
    assert [(row.name, row.claimed_bp, row.expected_bp) for row in desk.claims] == [
        ("sari", 1600, 1600), ("citra", 2400, 2400),
    ]  # fmt: skip
    assert [(row.output_id, row.pool_bp) for row in desk.pools] == [("out_a", 10_000)]
    acting.attest(agency, "out_a", "sari", "budi")
    assert lead_desk(agency.house, person("budi")).pools[0].pool_bp == 8400
    assert lead_desk(agency.house, person("wayan")) == lead_desk(agency.house, person("dedi"))


def test_the_page_of_an_output_holds_every_version_and_line(agency):
    acting.accepted(agency, "out_a", "budi", "h_pusdatin", "96")
    acting.claim(agency, "out_a", "sari", "16")
    acting.attest(agency, "out_a", "sari", "budi")
    page = output_whole(agency.house, person("citra"), "out_a")
    shares = {line.person_id: (line.expected_bp, line.credited_bp) for line in page.lines}
    assert shares == {"budi": (6000, 0), "sari": (1600, 1600), "citra": (2400, 0)}
    assert page.pool_bp + page.collective_bp + 1600 == 10_000
    assert [one.plan.version for one in page.versions] == [1]
    assert sum(line.expected_bp for line in page.versions[0].lines) == 10_000
    row = squad_whole(agency.house, person("citra"), "squad_a").outputs[0]
    assert (row.expected_bp, row.claimed_bp, row.credited_bp) == (10_000, 1600, 1600)
    assert row.pool_bp == 8400


def test_who_stands_outside_sees_no_squad_no_output_and_no_pack(agency):
    for question, thing in (
        (squad_whole, "squad_b"), (output_whole, "out_b"), (handover_pack, "squad_b"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            question(agency.house, person("wayan"), thing)
    with pytest.raises(NotFound):
        remind_members(agency.house, person("wayan"), RemindMembers(squad_id="squad_b"))
    for who in ("dedi", "eka"):
        with pytest.raises(AccessRefused):
            handover_pack(agency.house, person(who), "squad_b")
        with pytest.raises(AccessRefused):
            remind_members(agency.house, person(who), RemindMembers(squad_id="squad_b"))


def change(**facts):
    base = SquadChange(
        id="chg", squad_id="squad_a", kind=ChangeKind.LEAD, person_id="citra",
        role=SquadRole.KETUA, effort_bp=3000, decided_on=NOW.date(),
        effective_on=date(2026, 4, 1), reason="Pindah tugas", handover="Dua keluaran terbuka",
        proposed_by="h_pusdatin", second_by=None, status=ChangeStatus.WRITTEN, at=NOW,
    )  # fmt: skip
    return replace(base, **facts)


def test_old_lead_new_lead_and_sponsor_read_the_pack_and_evidence_opens_with_the_day(agency):
    acting.accepted(agency, "out_a", "budi", "h_pusdatin", "96")
    acting.claim(agency, "out_a", "sari", "16")
    keep(agency, change(), room="formation")
    with agency.house.writing() as uow:
        for key in ("a1", "a3"):
            row = uow.contributions.get(Membership, key)
            uow.contributions.put(replace(row, valid_to=date(2026, 4, 1)))
        uow.commit()
    keep(
        agency,
        joins("squad_a", "citra", home_unit_id="hukum", role=SquadRole.KETUA, effort_bp=3000,
              valid_from=date(2026, 4, 1)),
    )  # fmt: skip
    packs = {who: handover_pack(agency.house, person(who), "squad_a")
             for who in ("budi", "citra", "h_pusdatin")}  # fmt: skip
    assert packs["citra"].documents is None
    assert [row.name for row in packs["budi"].documents] == ["sari"]
    assert packs["citra"].change.handover == "Dua keluaran terbuka"
    assert [row.name for row in packs["citra"].claims] == ["sari"]
    assert packs["citra"].left_points == 60
    agency.clock.at = datetime(2026, 4, 2, 2, tzinfo=UTC)
    assert handover_pack(agency.house, person("citra"), "squad_a").documents
    assert handover_pack(agency.house, person("budi"), "squad_a").documents is None


def test_a_place_shows_load_weights_and_targets_before_and_after(agency):
    ask = PlaceAsk(effort_bp=3000, first_day=date(2026, 7, 1), end_day=LAST)
    found = place_effect(agency.house, person("sari"), ask)
    assert {row.month: row.kept_bp for row in found.months} == dict.fromkeys(
        range(1, 7), 10_000
    ) | dict.fromkeys(range(7, 13), 13_000)
    assert (found.home_before_bp, found.fitting_bp, found.heaviest_after_bp) == (7000, 4000, 10_000)
    assert (found.heads_kept, found.heads_after) == (2, 0)
    for weights in ("weight_before_bp", "weight_after_bp"):
        assert sum(getattr(row, weights) for row in found.weights) == 10_000
    place = next(row for row in found.weights if row.is_place)
    assert (place.weight_before_bp, place.days_after) == (0, 184)
    assert found.targets
    assert all(row.proposed < row.target for row in found.targets)
    assert {row.role_kind for row in found.weights} == {RoleKind.HOME, RoleKind.SQUAD}
    kept = place_effect(agency.house, person("sari"), replace(ask, home_bp=7000))
    assert kept.heaviest_after_bp == 13_000
    assert all(row.proposed == row.target for row in kept.targets)
    assert found.months[0].flag_after == "normal"


def test_a_membership_that_is_asked_for_counts_once(agency):
    keep(agency, squad(1))
    waiting = joins("s0001", "sari", effort_bp=2500, consent=Consent.PENDING,
                    acceptance=Acceptance.PENDING, valid_from=date(2026, 7, 1))  # fmt: skip
    keep(agency, waiting)
    found = place_effect(agency.house, person("sari"), PlaceAsk(membership_id=waiting.id))
    assert [row.place_bp for row in found.months] == [0] * 6 + [2500] * 6
    assert found.months[6].before_bp == 10_000
    assert PROPOSED not in {row.name for row in found.weights}
    superior = place_effect(agency.house, person("h_biro"), PlaceAsk(membership_id=waiting.id))
    assert superior.weights == found.weights
    with pytest.raises(NotFound):
        place_effect(agency.house, person("eka"), PlaceAsk(membership_id=waiting.id))
    with pytest.raises(NotFound):
        place_effect(agency.house, person("sari"), PlaceAsk(call_id="none"))


def test_a_superior_sees_whom_squads_ask_for_in_a_constant_number_of_statements(agency):
    keep(agency, *(squad(n) for n in range(3)))
    keep(agency, joins("s0000", "sari", consent=Consent.PENDING))
    first, few = asked(agency, lent_by_me, person("h_biro"))
    keep(agency, *(joins(f"s000{n}", "wayan", consent=Consent.PENDING) for n in range(3)))
    found, number = asked(agency, lent_by_me, person("h_biro"))
    assert [one.person.name for one in first] == ["sari"]
    assert len(found) == 4
    assert number == few
    assert not lent_by_me(agency.house, person("h_ditx"))


def test_reminding_where_nobody_has_an_open_task_reminds_nobody(agency):
    answer = remind_members(agency.house, person("budi"), RemindMembers(squad_id="squad_a"))
    assert answer == {"reminded": 0, "earlier": 0}
    assert Decimal(answer["reminded"]) == 0
