"""Functional credit on pages and paper: arithmetic shown, papers printed, lists in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.certificates import code_of
from engine.domain.credit_doubts import DoubtReason
from engine.domain.credit_papers import CreditPaper, PaperFlag, PaperKind, content_hash, line_facts
from engine.domain.functional import (
    CreditMonth,
    Employment,
    FunctionalLevel,
    FunctionalStanding,
    lines_of,
)
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from tests.persistence.counting import counted
from web.pdf import PdfUnavailable, pdf

DECISIONS = (
    "credit_percent.dmn",
    "functional_level.dmn",
    "credit_print.dmn",
    "contract_renewal.dmn",
)


def standing(town, login, **facts):
    made = FunctionalStanding(
        id=town.house.ids.uuid(),
        person_id=town.ids[login],
        employment=Employment.PNS,
        level=FunctionalLevel.AHLI_PERTAMA,
        grade="III/b",
        valid_from=date(2025, 1, 1),
        letter_no="SK-9",
        recorded_by="import",
        at=town.house.clock.now(),
    )
    return replace(made, **facts)


def rating(town, login):
    return Rating(
        id=town.house.ids.uuid(),
        person_id=town.ids[login],
        cycle_id=town.ids["cycle"],
        version=9,
        ihk=Decimal("100.00"),
        proposed_level=Level.SESUAI,
        result_level=Level.SESUAI,
        behaviour_level=Level.SESUAI,
        predikat=Predikat.BAIK,
        rater_id=town.ids["ratna"] if "ratna" in town.ids else town.ids["kepala"],
        status=RatingStatus.FINAL,
        at=town.house.clock.now(),
    )


def converted(town, rated):
    """A conversion of a year at Sangat Baik and two months at Baik: the example of BKN."""
    paper_id = town.house.ids.uuid()
    months = [
        CreditMonth(
            id=town.house.ids.uuid(),
            paper_id=paper_id,
            person_id=town.ids["sari"],
            year=year,
            month=month,
            level=FunctionalLevel.AHLI_PERTAMA,
            coefficient=Decimal("12.5"),
            percent=percent,
            predikat=predikat,
        )
        for year, last, percent, predikat in (
            (2025, 12, 150, Predikat.SANGAT_BAIK),
            (2026, 2, 100, Predikat.BAIK),
        )
        for month in range(1, last + 1)
    ]
    content = {
        "name": "Sari Wulandari",
        "nip": "199001012015042001",
        "predikat": "baik",
        "cycle": "Kinerja 2026",
        "lines": [line_facts(line) for line in lines_of(months)],
        "units": str(sum(row.units for row in months)),
        "decimals": 2,
    }
    made = CreditPaper(
        id=paper_id,
        kind=PaperKind.CONVERSION,
        code=code_of(paper_id),
        person_id=town.ids["sari"],
        agency_id=town.ids["agency"],
        cycle_id=town.ids["cycle"],
        rating_id=rated.id,
        year=2026,
        month=2,
        content=content,
        issued_by="hr",
        issued_at=town.house.clock.now(),
    )
    return replace(made, content_hash=content_hash(made)), months


@pytest.fixture
def credited(town):
    """The town with Sari's credit, Citra under contract, and the tables of credit."""
    town.deploy(*DECISIONS)
    rated = rating(town, "sari")
    paper, months = converted(town, rated)
    with town.house.writing() as uow:
        uow.performance.add([rated])
        uow.functional.add(
            [
                standing(town, "sari"),
                standing(
                    town,
                    "citra",
                    employment=Employment.PPPK,
                    contract_until=date(2027, 12, 31),
                ),
            ]
        )
        uow.functional.add([paper])
        uow.functional.add(months)
        uow.commit()
    town.ids["paper"] = paper.id
    return town


def test_one_s_own_page_shows_months_sum_and_papers(credited, client):
    page = client.sign_in("sari").get("/angka-kredit")
    assert page.status_code == 200
    for told in ("20,83", "1,5625", "1,0417", "Ahli Pertama · III/b", "SK-9"):
        assert told in page.text, told
    # two ranks up to the next level: 100 of 20,8333
    assert "79,17" in page.text
    assert page.text.count("<h1") == 1
    assert "/mulai/functional_level" not in page.text


def test_the_months_come_as_a_file(credited, client):
    file = client.sign_in("sari").get("/angka-kredit?bentuk=csv")
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[1].startswith('Januari 2025;Ahli Pertama;"12,5";Sangat Baik;150;"1,5625"')
    assert len(lines) == 15


def test_a_contract_shows_its_last_day_and_no_credit(credited, client):
    page = client.sign_in("citra").get("/angka-kredit").text
    assert "31 Desember 2027" in page
    assert "20,83" not in page


def test_a_colleague_learns_nothing(credited, client):
    sari = credited.ids["sari"]
    for path in (f"/angka-kredit/{sari}", f"/dokumen/angka-kredit/{sari}"):
        assert client.sign_in("tono").get(path).status_code == 404
    assert client.get(f"/angka-kredit/unit/{credited.ids['u1']}").status_code == 404
    assert client.get("/angka-kredit/pegawai").status_code == 403


def test_papers_and_the_sum_are_printed(credited, client):
    client.sign_in("sari")
    sari = credited.ids["sari"]
    paper = client.get(f"/dokumen/angka-kredit/{sari}?surat={credited.ids['paper']}")
    assert paper.status_code == 200
    for told in ("Konversi predikat kinerja ke angka kredit", "18,75", "2,08", "20,83", "12,5"):
        assert told in paper.text, told
    total = client.get(f"/dokumen/angka-kredit/{sari}").text
    assert "Akumulasi angka kredit" in total
    assert "bukan surat penetapan" in total
    assert client.get(f"/dokumen/angka-kredit/{sari}?surat=nobody").status_code == 404
    try:
        pdf("<p>x</p>")
    except PdfUnavailable:
        pytest.skip("no Pango here")
    made = client.get(f"/dokumen/angka-kredit/{sari}?surat={credited.ids['paper']}&bentuk=pdf")
    assert made.data.startswith(b"%PDF")


def test_a_flag_is_told_on_page_and_paper(credited, client):
    with credited.house.writing() as uow:
        paper = uow.functional.paper(credited.ids["paper"])
        uow.functional.add(
            [
                PaperFlag(
                    id=credited.house.ids.uuid(),
                    paper_id=paper.id,
                    rating_id=paper.rating_id,
                    before="baik",
                    after="sangat_baik",
                    at=credited.house.clock.now(),
                )
            ]
        )
        uow.commit()
    sari = credited.ids["sari"]
    client.sign_in("sari")
    assert "Predikat: Baik menjadi Sangat Baik" in client.get("/angka-kredit").text
    told = client.get(f"/dokumen/angka-kredit/{sari}?surat={paper.id}").text
    assert "predikat Baik menjadi Sangat Baik" in told
    assert paper.content_hash in told


def test_a_mended_level_is_told_with_its_word_on_page_paper_and_api(credited, client):
    flag = PaperFlag(
        id=credited.house.ids.uuid(),
        paper_id=credited.ids["paper"],
        reason=DoubtReason.LEVEL,
        before="ahli_madya",
        after="ahli_muda",
        at=credited.house.clock.now(),
    )
    with credited.house.writing() as uow:
        uow.functional.add([flag])
        uow.commit()
    client.sign_in("sari")
    sari, paper = credited.ids["sari"], credited.ids["paper"]
    assert "Jenjang: Ahli Madya menjadi Ahli Muda" in client.get("/angka-kredit").text
    told = client.get(f"/dokumen/angka-kredit/{sari}?surat={paper}").text
    assert "jenjang Ahli Madya menjadi Ahli Muda" in told
    [said] = client.get(f"/api/people/{sari}/functional-credit").json["papers"][0]["flags"]
    assert said == {"reason": "level", "before": "ahli_madya", "after": "ahli_muda"}


def test_a_pak_is_signed_by_who_established_it_and_its_accumulation_names_it(credited, client):
    with credited.house.writing() as uow:
        source = uow.functional.paper(credited.ids["paper"])
        signer = {"establisher": "Lina Marlina", "establisher_nip": "198501012010012001"}
        for kind, number, hand, more in (
            (PaperKind.PAK, "PAK-9", "hr-2", {**signer, "rater": "Kepala Biro"}),
            (PaperKind.ACCUMULATION, "", None, {"pak_number": "PAK-9", "pak_code": "K-1"}),
        ):
            paper_id = credited.ids.setdefault(kind.value, credited.house.ids.uuid())
            made = replace(
                source,
                id=paper_id,
                kind=kind,
                code=code_of(paper_id),
                cycle_id=None,
                rating_id=None,
                number=number,
                proposed_by=hand,
                content={**source.content, **more},
            )
            uow.functional.add([replace(made, content_hash=content_hash(made))])
        uow.commit()
    client.sign_in("sari")
    path = f"/dokumen/angka-kredit/{credited.ids['sari']}?surat="
    pak = client.get(path + credited.ids["pak"]).text
    assert "Pejabat yang menetapkan angka kredit" in pak
    assert "Lina Marlina" in pak
    assert "Pejabat penilai kinerja" not in pak
    sums = client.get(path + credited.ids["accumulation"]).text
    assert "Akumulasi angka kredit" in sums
    assert "PAK Nomor PAK-9" in sums
    assert "bukan surat penetapan" not in sums
    assert "Akumulasi sampai Februari 2026" in client.get("/angka-kredit").text


def test_the_head_reads_his_unit_and_the_api_says_the_same(credited, client):
    client.sign_in("kepala")
    page = client.get(f"/angka-kredit/unit/{credited.ids['u1']}")
    assert "Sari Wulandari" in page.text
    assert "20,83" in page.text
    answer = client.get(f"/api/units/{credited.ids['u1']}/functional-credit").json
    assert [(row["name"], row["points"]) for row in answer["items"]] == [
        ("Sari Wulandari", "20.83")
    ]
    one = client.get(f"/api/people/{credited.ids['sari']}/functional-credit").json
    assert (one["points"], one["rank"]["missing"]) == ("20.83", "79.17")
    assert len(one["months"]) == 14
    assert one["papers"][0]["content"]["units"] == "25000.0"


def test_a_list_takes_as_many_statements_for_one_as_for_many(credited, client):
    client.sign_in("kepala")
    path = f"/angka-kredit/unit/{credited.ids['u1']}"
    engine = credited.wired.database.reading

    def statements():
        with counted(engine) as seen:
            assert client.get(path).status_code == 200
        return seen.count

    statements()
    before = statements()
    with credited.house.writing() as uow:
        for n in range(20):
            who = credited.ids.setdefault(f"more {n}", credited.house.ids.uuid())
            uow.agency.add(
                [
                    Person(
                        id=who,
                        agency_id=credited.ids["agency"],
                        nip=f"1990010120150420{n + 10:02d}",
                        name=f"Pegawai {n:02d}",
                    )
                ]
            )
            uow.agency.add(
                [
                    Appointment(
                        id=credited.house.ids.uuid(),
                        person_id=who,
                        post_id=credited.ids["post-sari"],
                        kind=AppointmentKind.DEFINITIVE,
                        valid_from=date(2025, 1, 1),
                    )
                ]
            )
            uow.functional.add([standing(credited, f"more {n}")])
        uow.commit()
    assert statements() == before
