"""Who somebody was goes, on both databases; what was proved before is proved after."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.operator import OPERATOR
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.persistence.schema import metadata
from engine.persistence.stores.subject_tables import KEPT, LEFT_OUT, WAYS
from engine.persistence.stores.subjects import exported_tables
from engine.usecases import reach
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.audit import note
from engine.usecases.erasing import erase_person
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.ports.workplace import Calls, Digest
from engine.usecases.proof import prove
from engine.usecases.subject_export import export_of, export_own
from tests.usecases.conftest import Place

NIP, NAME, MAIL = "198001012005011001", "Ani Lestari Wijaya", "ani@contoh.go.id"
OTHER = "198502022010012002"
LEFT = date(2020, 6, 1)
AT = datetime(2020, 1, 6, tzinfo=UTC)
ANI = Actor(kind=ActorKind.PERSON, name="ani", person_id="ani", agency_id="a")
WHY = {"letter": "12/BKN/2026", "reason": "her own wish"}

#: rows that speak of her, where the house keeps such
ROWS = {
    "session": {"token_hash": "t", "login": NIP, "created_at": AT, "expires_at": AT, "csrf": "c",
                "locale": "id"},
    "login_identity": {"issuer": "i", "subject": MAIL, "login": NIP, "bound_at": AT},
    "second_factor": {"login": NIP, "sealed": b"s", "key_id": "k", "made_at": AT, "last_step": 0},
    "recovery_code": {"login": NIP, "code_hash": "h"},
    "sign_in_failure": {"id": "f", "login": NIP, "at": AT},
    "notice": {"id": "n1", "person_id": "ani", "kind": "k", "key": "1", "path": "/", "facts": {},
               "at": AT},
    "preference": {"person_id": "ani", "digest": next(iter(Digest)), "calls": next(iter(Calls)),
                   "quiet_from_min": 0, "quiet_to_min": 0},
    "saved_filter": {"id": "s", "person_id": "ani", "screen": "inbox", "name": NAME, "query": ""},
    "visit": {"person_id": "ani", "screen": "inbox", "at": AT, "seen": {}},
    "siasn_person": {"person_id": "ani", "agency_id": "a", "siasn_id": "", "attempts": 0,
                     "about": {"nama": NAME}, "annual": [], "periodic": [], "fault": ""},
    "data_reading": {"id": "r", "person_id": "ani", "reader": "budi", "reader_person_id": "budi",
                     "resource": "plan", "on_day": date(2020, 1, 6), "at": AT, "recorded_at": AT},
}  # fmt: skip
#: what others were told of her
TOLD = {"id": "n2", "person_id": "budi", "kind": "k", "key": "2", "path": "/",
        "facts": {"name": NAME}, "at": AT}  # fmt: skip


@pytest.fixture
def place(database):
    with reach.everywhere():
        made = Place(database)
        furnish(made)
        yield made


def furnish(place):
    with place.house.writing() as uow:
        uow.agency.add([Agency(id="a", code="a", name="Badan")])
        uow.agency.add([Unit(id="u", agency_id="a", code="u", name="Biro")])
        uow.agency.add(
            [
                Post(
                    id="p",
                    unit_id="u",
                    title="Analis",
                    job_class=next(iter(JobClass)),
                    is_head=False,
                )
            ]
        )
        uow.agency.add([Person(id="ani", agency_id="a", nip=NIP, name=NAME, email=MAIL)])
        uow.agency.add([Person(id="budi", agency_id="a", nip=OTHER, name="Budi")])
        uow.agency.add([
            Appointment(
                id=f"at {who}", person_id=who, post_id="p", kind=AppointmentKind.DEFINITIVE,
                valid_from=date(2010, 1, 1), valid_to=until,
            )
            for who, until in (("ani", LEFT), ("budi", None))
        ])  # fmt: skip
        uow.accounts.put(
            AccountRow(
                login=NIP,
                person_id="ani",
                password_hash="h",  # noqa: S106 - opens nothing
                agency_id="a",
                display_name=NAME,
            )
        )
        uow.accounts.grant(NIP, "hr", date(2015, 1, 1), date(2016, 1, 1))
        note(place.house, uow, ANI, stream="account", act="account:login:open", facts={})
        for table, values in (*ROWS.items(), ("notice", TOLD)):
            uow.connection.execute(metadata.tables[table].insert(), values)
        uow.commit()


def texts_with(place, *words):
    """Tables whose texts hold one of the words, read cell by cell."""
    found = set()
    with place.house.reading() as uow:
        for table in metadata.sorted_tables:
            rows = uow.connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')  # noqa: S608 - our names
            cells = json.dumps([list(map(str, row)) for row in rows])
            if any(word in cells for word in words):
                found.add(table.name)
    return found


def everything_holds(place):
    return list(prove(place.house)) == []


def wait(place, day):
    place.clock.at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_no_text_outside_the_named_tables_says_who_she_was(place):
    assert {"person", "account", "notice", "siasn_person"} <= texts_with(place, NIP, NAME, MAIL)
    assert everything_holds(place)
    done = erase_person(place.house, OPERATOR, NIP, **WHY)
    assert texts_with(place, NIP, NAME, MAIL) <= set(KEPT) - {"audit"}
    assert set(done.stays) <= set(KEPT)
    assert done.done["notice"] == 2
    assert everything_holds(place)
    with place.house.reading() as uow:
        ani = uow.subjects.by_nip(done.nip)
        assert (ani.id, ani.name, ani.email) == ("ani", "Dihapus ani", None)
        account = uow.accounts.account_of("ani")
        assert (account.login, account.active) == (done.nip, False)
        assert not uow.accounts.account(NIP)
        assert uow.accounts.groups(done.nip, date(2015, 6, 1)) == {"hr"}
        entries = uow.connection.execute(
            sa.text("SELECT facts FROM audit WHERE act = 'person:data:erase'")
        )
        assert json.loads(entries.scalar_one())["letter"] == WHY["letter"]
    with pytest.raises(Conflict, match="person_erased"):
        erase_person(place.house, OPERATOR, done.nip, **WHY)


def refused(place, nip=NIP):
    with pytest.raises(Conflict) as caught:
        erase_person(place.house, OPERATOR, nip, **WHY)
    return caught.value


def test_nobody_is_erased_while_others_may_ask_who_it_was(place):
    assert refused(place, OTHER).reason == "person_serves"
    wait(place, LEFT - timedelta(days=10))
    assert refused(place).reason == "person_serves"
    wait(place, date(2025, 5, 31))
    assert refused(place).facts == {"until": "2025-06-01"}
    assert NIP in str(export_of(place.house, OPERATOR, NIP)["person"])
    wait(place, date(2025, 6, 1))
    assert erase_person(place.house, OPERATOR, NIP, **WHY).person_id == "ani"


def test_only_an_administrator_erases_and_says_why(place):
    with pytest.raises(AccessRefused):
        erase_person(place.house, ANI, NIP, **WHY)
    with pytest.raises(InputRefused, match="letter"):
        erase_person(place.house, OPERATOR, NIP, letter=" ", reason="")
    with pytest.raises(NotFound):
        erase_person(place.house, OPERATOR, "1" * 18, **WHY)


def test_a_person_takes_along_what_is_kept_of_her_and_no_secret(place):
    found = export_own(place.house, ANI)
    assert found == json.loads(json.dumps(found))
    assert {"person", "account", "session", "notice", "appointment", "audit"} <= set(
        found["tables"]
    )
    assert found["tables"]["person"][0]["nip"] == NIP
    assert [row["id"] for row in found["tables"]["notice"]] == ["n1"]
    assert not {"password_hash", "token_hash", "csrf", "sealed"} & set(
        found["tables"]["account"][0] | found["tables"]["session"][0]
    )
    assert "second_factor" not in found["tables"]
    with pytest.raises(AccessRefused):
        export_of(place.house, ANI, OTHER)
    with pytest.raises(NotFound):
        export_own(place.house, OPERATOR)


def test_every_table_that_names_people_is_handed_out_or_left_out_with_a_reason():
    out = set(exported_tables())
    named = {
        table.name
        for table in metadata.sorted_tables
        if any(key.column.table.name in {"person", "account"} for key in table.foreign_keys)
    }
    assert named - out - set(LEFT_OUT) == set()
    assert out & set(LEFT_OUT) == set()
    assert all(LEFT_OUT.values())
    assert set(WAYS) <= out
