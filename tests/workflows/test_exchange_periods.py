"""P14 for periods: each person with his own coefficient, held without one, compared, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.exchange import ExchangeState, taken_back
from engine.domain.functional import Employment, FunctionalLevel, FunctionalStanding
from engine.domain.judging import PeriodRating
from engine.domain.ratings import Level, Predikat
from engine.usecases.errors import AccessRefused, Conflict, InputRefused
from engine.usecases.exchange_mismatches import mismatches
from engine.usecases.exchanges import (
    exchange_board,
    read_siasn_again,
    retry_exchange,
    withdraw_exchange,
)
from engine.usecases.ports.process import Resource
from tests.workflows.rehearsal import ROOT
from tests.workflows.test_exchange import begun, send, there  # noqa: F401 - fixtures

TABLE = ROOT / "workflows" / "exchange" / "siasn_coefficient.dmn"
#: who was rated how, at which level
RATED = {
    "dedi": (Predikat.BAIK, FunctionalLevel.AHLI_MUDA),
    "sari": (Predikat.SANGAT_BAIK, FunctionalLevel.AHLI_MUDA),
    "eko": (Predikat.BAIK, FunctionalLevel.TERAMPIL),
    "wati": (Predikat.BAIK, None),
}
ROWS = {
    ("ahli_muda", "baik"): "K-muda-baik",
    ("ahli_muda", "sangat_baik"): "K-muda-sangat-baik",
    ("none", "baik"): "K-umum-baik",
}


def fill_in(town, rows):
    """The agency publishes its table."""
    cells = "".join(
        f'<rule id="r{n}"><inputEntry id="r{n}a"><text>"{level}"</text></inputEntry>'
        f'<inputEntry id="r{n}b"><text>"{predikat}"</text></inputEntry>'
        f'<outputEntry id="r{n}c"><text>"{value}"</text></outputEntry>'
        "<annotationEntry><text>Referensi SIASN</text></annotationEntry>"
        "<annotationEntry><text>agency</text></annotationEntry></rule>"
        for n, ((level, predikat), value) in enumerate(rows.items())
    )
    text = TABLE.read_text().replace("    </decisionTable>", cells + "</decisionTable>")
    with town.house.writing() as uow:
        file = Resource(name=TABLE.name, content=text.encode())
        town.house.runner.deploy(uow, (file,), town.operator)
        uow.commit()


@pytest.fixture
def town(town):
    """Four people rated for the first period; three of them on a functional ladder."""
    with town.house.writing() as uow:
        for name, (predikat, level) in RATED.items():
            uow.judging.add([rating(town, name, predikat)])
            if level:
                uow.functional.add([standing(town, name, level)])
        uow.commit()
    return town


def rating(town, name, predikat):
    level = Level.DI_ATAS if predikat is Predikat.SANGAT_BAIK else Level.SESUAI
    return PeriodRating(
        id=town.house.ids.uuid(),
        person_id=town.ids[name],
        cycle_id=town.ids["cycle"],
        period_id=town.ids["period 1"],
        result_level=level,
        behaviour_level=level,
        predikat=predikat,
        note="",
        rater_id=town.ids["budi"],
        at=town.house.clock.now(),
    )


def standing(town, name, level):
    return FunctionalStanding(
        id=town.house.ids.uuid(),
        person_id=town.ids[name],
        employment=Employment.PNS,
        level=level,
        valid_from=date(2020, 1, 1),
        recorded_by=town.ids["joko"],
        at=town.house.clock.now(),
    )


def asked(town):
    scope = f"period:{town.ids['period 1']}"
    return town.ask("exchange", by="joko", scope=scope, period_ref="P-1")


def rows(town, group):
    lines = exchange_board(town.house, town.actor("joko"), group, limit=10).lines
    return {line.name: line.row for line in lines}


def test_a_period_needs_siasn_s_own_reference(town):
    with pytest.raises(InputRefused):
        town.ask("exchange", by="joko", scope=f"period:{town.ids['period 1']}")


def test_each_person_goes_with_the_coefficient_of_his_level_and_predikat(town, there, send):  # noqa: F811
    fill_in(town, ROWS)
    key = asked(town)
    form = town.begun(town.task("approve"))
    assert (form["ready"], form["held"], form["standing"]) == (3, 1, 0)
    town.do("approve", by="joko", decision="send")
    send()
    sent = {name: row.payload["koefisienId"] for name, row in rows(town, "confirmed").items()}
    assert sent == {"Dedi": "K-muda-baik", "Sari": "K-muda-sangat-baik", "Wati": "K-umum-baik"}
    assert {row["koefisienId"] for row in there.stored["periodic"]} == set(sent.values())
    [held] = rows(town, "stopped").values()
    assert (held.reason, held.attempts) == ("no_coefficient", 0)
    assert town.status(key) == "active"


def test_who_is_held_goes_when_the_table_has_his_entry(town, there, send):  # noqa: F811
    fill_in(town, ROWS)
    key = asked(town)
    town.do("approve", by="joko", decision="send")
    send()
    [held] = rows(town, "stopped").values()
    assert retry_exchange(town.house, town.actor("joko"), held.id).reason == "no_coefficient"
    town.do("settle", by="joko", decision="again")
    town.worker.drain()
    assert rows(town, "stopped")["Eko"].reason == "no_coefficient"
    fill_in(town, {**ROWS, ("terampil", "baik"): "K-terampil-baik"})
    town.do("settle", by="joko", decision="again")
    send()
    assert rows(town, "confirmed")["Eko"].payload["koefisienId"] == "K-terampil-baik"
    assert town.status(key) == "completed"
    assert len(there.posts()) == 4


def test_nobody_goes_while_the_table_is_empty(town, there, send):  # noqa: F811
    asked(town)
    assert town.begun(town.task("approve"))["ready"] == 0
    town.do("approve", by="joko", decision="send")
    town.worker.drain()
    assert town.task("settle")
    send()
    assert there.asked == []


def test_the_report_compares_periods_field_by_field(town, there, send):  # noqa: F811
    fill_in(town, ROWS)
    asked(town)
    town.do("approve", by="joko", decision="send")
    send()
    for row in there.stored["periodic"]:
        if row["koefisienId"] == "K-muda-baik":
            row |= {"penilaiNama": "Orang Lain", "hasilKinerjaNilai": 3}
        if row["koefisienId"] == "K-muda-sangat-baik":
            row["periodikId"] = "P-2"
    read_siasn_again(town.house, town.actor("joko"))
    send()
    found = mismatches(town.house, town.actor("joko"), "2026", limit=50).differences
    told = {(one.name, one.what, one.field, one.here, one.there) for one in found if one.period}
    assert told == {
        ("Dedi", "rating_other", "hasilKinerjaNilai", "2", "3"),
        ("Dedi", "rating_other", "penilaiNama", "Budi", "Orang Lain"),
        ("Sari", "rating_other", "periodikId", "P-1", "P-2"),
        ("Eko", "rating_missing", "", "2 / 2 / 2", ""),
    }
    assert {one.period for one in found if one.period} == {"Semester 1"}


def test_a_period_is_taken_back_by_who_may_with_a_reason_and_sent_anew(town, there, send):  # noqa: F811
    fill_in(town, ROWS)
    asked(town)
    town.do("approve", by="joko", decision="send")
    send()
    row = rows(town, "confirmed")["Dedi"]
    with pytest.raises(AccessRefused):
        withdraw_exchange(town.house, town.actor("budi"), row.id, "Salah")
    with pytest.raises(InputRefused):
        withdraw_exchange(town.house, town.actor("joko"), row.id, "  ")
    withdraw_exchange(town.house, town.actor("joko"), row.id, "Predikat dikoreksi")
    with pytest.raises(Conflict):
        withdraw_exchange(town.house, town.actor("joko"), row.id, "Sekali lagi")
    send()
    assert taken_back(rows(town, "confirmed")["Dedi"])
    assert there.posts("DELETE") == [f"/kinerjaperiodik/delete/{row.remote_id}"]
    town.do("settle", by="joko", decision="done", note="Eko menyusul")
    asked(town)
    assert town.begun(town.task("approve"))["ready"] == 1
    town.do("approve", by="joko", decision="send")
    send()
    again = rows(town, "confirmed")["Dedi"]
    assert (again.state, again.withdrawn_by) == (ExchangeState.CONFIRMED, None)
    assert len(there.stored["periodic"]) == 3


def test_a_year_is_not_taken_back_by_regu(town, there, send):  # noqa: F811
    begun(town)
    town.do("approve", by="joko", decision="send")
    send()
    [row] = rows(town, "confirmed").values()
    with pytest.raises(Conflict):
        withdraw_exchange(town.house, town.actor("joko"), row.id, "Salah")
    assert there.posts("DELETE") == []
