"""One's own data: who read it, a copy of it; and what internal audit sees of all readings."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from engine.domain.access import Resource
from engine.domain.ratings import RatingStatus
from engine.usecases.data_readings import readings_here, readings_of
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.ports.readings import ReadingScope
from engine.usecases.subject_export import export_own
from web.readings.data_readings import WORDS


@pytest.fixture
def read(town):
    """Budi read Sari's plan, Sari read Budi's; Citra is an auditor."""
    with town.house.writing() as uow:
        for reader, about in (("budi", "sari"), ("sari", "budi")):
            uow.readings.note(town.actor(reader), town.ids[about], Resource.PLAN)
        uow.accounts.grant(town.nip("citra"), "auditor", date(2020, 1, 1))
        uow.commit()
    return town


def test_everybody_sees_who_read_what_of_him_and_of_nobody_else(read, client):
    page = client.sign_in("sari").get("/data-saya").text
    assert "Budi Santoso" in page
    assert "/data-saya" in client.get("/akun").text
    file = client.get("/data-saya?bentuk=csv").text
    assert [line.split(";")[1] for line in file.splitlines()[1:]] == ["Budi Santoso"]
    assert client.get("/audit/pembacaan").status_code == 403


def test_one_takes_a_copy_along_and_the_audit_knows(read, client):
    page = client.sign_in("sari").get("/data-saya")
    answer = client.post("/data-saya/unduh", page)
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.data)
    assert found["person"]["nip"] == read.nip("sari")
    assert {"person", "plan", "plan_item", "data_reading"} <= set(found["tables"])
    assert "argon2" not in answer.text
    assert {row["person_id"] for row in found["tables"]["plan"]} == {read.ids["sari"]}
    with read.house.reading() as uow:
        entry = uow.administration.last(f"agency:{read.ids['agency']}", "person:data:export")
    assert entry.actor == read.ids["sari"]


def test_a_rating_that_nobody_signed_is_not_handed_out(read):
    with read.house.writing() as uow:
        signed = uow.performance.rating_of(read.ids["sari"], read.ids["cycle"])
        proposed = replace(
            signed, id=read.house.ids.uuid(), person_id=read.ids["tono"],
            status=RatingStatus.PROPOSED, result_level=None, behaviour_level=None, predikat=None,
        )  # fmt: skip
        uow.performance.add([proposed])
        uow.commit()
    handed = export_own(read.house, read.actor("sari"))["tables"]["rating"]
    assert [row["id"] for row in handed] == [signed.id]
    assert "rating" not in export_own(read.house, read.actor("tono"))["tables"]


def test_an_auditor_asks_who_read_about_somebody_and_what_somebody_read(read, client):
    auditor = client.sign_in("citra")
    assert "/audit/pembacaan" in auditor.get("/kelola").text

    def rows(query):
        file = auditor.get(f"/audit/pembacaan?bentuk=csv&{query}").text
        return [tuple(line.split(";")[n] for n in (1, 3)) for line in file.splitlines()[1:]]

    by_budi, by_sari = ("Budi Santoso", "Sari Wulandari"), ("Sari Wulandari", "Budi Santoso")
    assert sorted(rows("")) == [by_budi, by_sari]
    assert rows(f"pegawai={read.nip('sari')}") == [by_budi]
    assert rows("pegawai=wulan") == [by_budi]
    assert rows("pembaca=wulan") == [by_sari]
    assert rows("sampai=2020-01-01") == []
    assert rows("pegawai=nobody") == []
    assert "Sari Wulandari" in auditor.get("/audit/pembacaan?dari=2020-01-01&after=x~y").text


def test_readings_come_page_by_page_newest_first(read, client):
    with read.house.writing() as uow:
        for resource in Resource:
            uow.readings.note(read.actor("tono"), read.ids["sari"], resource)
        uow.commit()
    seen, after = [], None
    while True:
        rows = readings_of(read.house, read.actor("sari"), read.ids["sari"], after=after, limit=7)
        if not rows:
            break
        seen += rows
        after = (rows[-1].at, rows[-1].id)
    assert len({row.id for row in seen}) == len(seen) == len(Resource) + 1
    assert [row.at for row in seen] == sorted((row.at for row in seen), reverse=True)


def test_nobody_else_learns_who_reads(read):
    with pytest.raises(NotFound):
        readings_of(read.house, read.actor("budi"), read.ids["sari"])
    with pytest.raises(AccessRefused):
        readings_here(read.house, read.actor("budi"), ReadingScope())


def test_every_kind_of_record_has_words():
    assert set(WORDS) == set(Resource)


def test_programs_read_the_same_page_by_page(read, client):
    with read.house.writing() as uow:
        uow.readings.note(read.actor("tono"), read.ids["sari"], Resource.RATING)
        uow.commit()
    path = f"/api/people/{read.ids['sari']}/readings"
    first = client.sign_in("sari").get(f"{path}?limit=1").json
    second = client.http.get(path, query_string={"limit": 1, "after": first["next"]}).json
    assert second["next"] is None
    found = {row["readerName"] for row in (*first["items"], *second["items"])}
    assert found == {"Budi Santoso", "Tono Hartono"}
    assert client.get(f"{path}?after=nonsense").status_code == 400
    assert client.get("/api/readings").status_code == 403
    by_tono = client.sign_in("citra").get(f"/api/readings?reader={read.ids['tono']}").json
    assert [row["resource"] for row in by_tono["items"]] == ["rating"]
