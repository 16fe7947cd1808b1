"""Steps of an evaluation that several tests take."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from engine.domain.cycles import Cycle
from engine.domain.objections import Objection
from engine.domain.people import Substitution
from engine.domain.ratings import Level, Rating
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.persistence.tables.work import audit
from engine.usecases import messages
from tests.workflows.agency import PEOPLE

#: what a rater says who follows every proposal
AS_EXPECTED = {"result_level": "sesuai", "behaviour_level": "sesuai", "reason": "Bukti cukup"}


def begin(town, name="dedi"):
    return town.begin("evaluation", name)


def tell(town, message, key):
    command = messages.PublishMessage(name=message, correlation_key=key, time_to_live_ms=60_000)
    messages.publish_message(town.house, town.operator, command)
    town.worker.drain()


def organisation_rated(town, name="dedi"):
    """The message that each person of a unit gets when its level is set."""
    tell(town, "org_rating_set", f"{town.ids[name]}:{town.ids['cycle']}")


def heard(town, name="dedi"):
    """Everybody who is asked before the rater has spoken."""
    organisation_rated(town, name)
    town.do("self_evaluate", name, self_note="Target tercapai")
    while asked := town.open("recommend"):
        town.answer(asked[0], {"level": "sesuai", "words": "Selesai tepat waktu"})
    while asked := town.open("give_input"):
        voice(town, asked[0], "sesuai")


def voice(town, task, level, words=""):
    """An answer of 360 that says the same about every value."""
    rows = [{**row, "level": level} for row in town.begun(task)["answers"]]
    town.answer(task, {"answers": rows, "words": words})


def rate(town, who=None, **values):
    """The rater decides; moves of behaviour carry their reason."""
    given = {**AS_EXPECTED, "behaviour_reason": "Kejadian sepanjang tahun"}
    town.do("rate", who, **{**given, **values})


def sign(town, who=None, element="sign_rating", **values):
    """Two steps: read the digest, type its code."""
    task = town.task(element, who)
    code = town.begun(task)["document_code"]
    town.answer(task, {"read": True, "code": code, "override_reason": "Unit kecil", **values})


def rated(town, name="dedi", by=None, **values):
    """The employee looks at his result."""
    key = begin(town, name)
    heard(town, name)
    rate(town, by=by, **values)
    sign(town)
    return key


def rating(town, name="dedi"):
    with town.house.reading() as uow:
        return uow.performance.rating_of(town.ids[name], town.ids["cycle"])


def objection(town, name="dedi"):
    with town.house.reading() as uow:
        store = uow.judging.versions(town.ids[name], town.ids["cycle"])
        return uow.performance.objection_to(store[0].id), store[-1]


def judging(town, question, *arguments):
    """A question to the store of the room."""
    with town.house.reading() as uow:
        return getattr(uow.judging, question)(*arguments)


def substitute(town, absent, stands_in):
    """A letter of substitution from the first of January."""
    with town.house.writing() as uow:
        row = Substitution(
            id=town.house.ids.uuid(),
            absent_id=town.ids[absent],
            substitute_id=town.ids[stands_in],
            valid_from=date(2026, 1, 1),
        )
        uow.agency.add([row])
        uow.commit()


def objected_before(town, name, rater):
    """Last year somebody objected to his rater's rating."""
    now = town.house.clock.now()
    with town.house.writing() as uow:
        cycle = Cycle(
            id=town.house.ids.uuid(),
            agency_id=town.ids["agency"],
            year=2025,
            name="Siklus 2025",
            starts_on=date(2025, 1, 1),
            ends_on=date(2025, 12, 31),
        )
        old = Rating(
            id=town.house.ids.uuid(),
            person_id=town.ids[name],
            cycle_id=cycle.id,
            ihk=Decimal("90.00"),
            proposed_level=Level.SESUAI,
            rater_id=town.ids[rater],
            at=now,
        )
        row = Objection(
            id=town.house.ids.uuid(),
            rating_id=old.id,
            raised_by=town.ids[name],
            ground="Tidak adil",
            raised_at=now,
        )
        uow.performance.add([cycle, old, row])
        uow.commit()


def second_squad(town, lead):
    """A squad of sari and citra that somebody else leads, with wati as its sponsor."""
    with town.house.writing() as uow:
        squad = Squad(
            id=town.house.ids.uuid(),
            host_agency_id=town.ids["agency"],
            host_unit_id=town.ids["pusat"],
            code="T2",
            name="Tim Dua",
            letter_no="ST-2/2026",
            sponsor_id=town.ids["wati"],
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            budget_points=100,
        )
        uow.contributions.add([squad])
        for name in (lead, "sari", "citra"):
            row = Membership(
                id=town.house.ids.uuid(),
                squad_id=squad.id,
                person_id=town.ids[name],
                home_agency_id=town.ids["agency"],
                home_unit_id=town.ids[PEOPLE[name][1]],
                role=SquadRole.KETUA if name == lead else SquadRole.ANGGOTA,
                effort_bp=1000,
                valid_from=date(2026, 1, 1),
                consent=Consent.GIVEN,
                acceptance=Acceptance.ACCEPTED,
            )
            uow.contributions.add([row])
        uow.commit()


def audited(town):
    """Everything the audit keeps, as text."""
    with town.wired.database.reading.connect() as connection:
        return repr(connection.execute(sa.select(audit)).all())
