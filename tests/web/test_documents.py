"""Plan and evaluation as documents: the regulation's columns, printed, for who may read them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.dmn import memory_rules
from engine.domain.agreements import Agreement, AgreementKind, ValueExpectation
from engine.domain.behaviour import Value
from engine.domain.confirmations import RuleConfirmation
from engine.domain.indicators import Aspect, Direction
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, RoleKind
from engine.domain.ratings import RatingStatus
from engine.usecases.ports.process import Resource
from tests.web.town import NOON, OFFICER, ROOT
from web.pdf import pdf


@pytest.fixture
def tono(client):
    """Who has drafted a plan, and nobody fixed it yet."""
    with client.town.house.writing() as uow:
        plan = Plan(
            id="plan-2", person_id=client.town.ids["tono"], cycle_id=client.town.ids["cycle"]
        )
        item = PlanItem(
            id="item-2",
            plan_id=plan.id,
            number=1,
            kind=ItemKind.UTAMA,
            role_kind=RoleKind.HOME,
            title="Rencana strategis tersusun",
            weight_bp=10_000,
        )
        measure = Indicator(
            id="measure-2",
            item_id=item.id,
            aspect=Aspect.WAKTU,
            text="Selesai tepat waktu",
            direction=Direction.RANGE,
            lower=Decimal(10),
            upper=Decimal(20),
            unit="hari",
        )
        uow.performance.add([plan])
        uow.performance.add([item])
        uow.performance.add([measure])
        uow.agreements.replace(
            plan.id,
            [ValueExpectation(plan_id=plan.id, value=Value.LOYAL, text="Menjaga nama instansi")],
            [
                Agreement(
                    plan_id=plan.id,
                    kind=AgreementKind.RESOURCES,
                    number=1,
                    text="Satu analis pendamping",
                )
            ],
        )
        uow.commit()
    client.sign_in("tono")
    return client


@pytest.fixture
def sari(client):
    """Whose plan is fixed, and whose rating her rater signed."""
    client.sign_in("sari")
    return client


def paper(client, kind, *, who="sari", shape=""):
    return client.get(f"/dokumen/{kind}/{client.town.ids[who]}{shape}")


def test_a_plan_has_the_columns_of_the_regulation_and_its_annexes(tono):
    text = paper(tono, "skp", who="tono").text
    for words in (
        "Rencana hasil kerja pimpinan yang diintervensi", "Rencana hasil kerja", "Aspek",
        "Indikator kinerja individu", "Target", "Ekspektasi khusus pimpinan",
        "Menjaga nama instansi", "Dukungan sumber daya", "Satu analis pendamping",
        "10 sampai 20 hari",
        "Skema pertanggungjawaban", "Konsekuensi", "Lampiran peran dan kontribusi tim kerja",
    ):  # fmt: skip
        assert words in text, words


def test_squads_of_a_plan_stand_in_its_annex(sari):
    text = paper(sari, "skp").text
    for words in ("Tim Satu Data", "ST-12/2026", "Portal data terpadu", "16%"):
        assert words in text, words


def test_a_plan_that_nobody_fixed_prints_draf_and_a_fixed_one_does_not(tono):
    assert ">DRAF<" in paper(tono, "skp", who="tono").text
    tono.sign_in("sari")
    assert ">DRAF<" not in paper(tono, "skp").text


def test_an_evaluation_prints_draf_until_it_is_final(sari):
    assert ">DRAF<" in paper(sari, "evaluasi").text
    finish(sari.town)
    assert ">DRAF<" not in paper(sari, "evaluasi").text


def test_an_evaluation_on_a_rule_that_nobody_confirmed_prints_draf_until_somebody_does(sari):
    finish(sari.town)
    table = (ROOT / "workflows" / "evaluation" / "predikat.dmn").read_bytes()
    remembered = table.replace(b"<text>secondary</text>", b"<text>memory</text>")
    with sari.town.house.writing() as uow:
        files = [Resource(name="predikat.dmn", content=remembered)]
        sari.town.house.runner.deploy(uow, files, OFFICER)
        uow.commit()
    text = paper(sari, "evaluasi").text
    assert ">DRAF<" in text
    assert "belum dipastikan kepegawaian" in text
    with sari.town.house.writing() as uow:
        for n, rule in enumerate(memory_rules(remembered)):
            uow.confirmations.add(confirmed(sari.town, f"c{n}", rule))
        uow.commit()
    assert ">DRAF<" not in paper(sari, "evaluasi").text


def finish(town):
    with town.house.writing() as uow:
        rating = uow.performance.rating_of(town.ids["sari"], town.ids["cycle"])
        uow.performance.put(replace(rating, status=RatingStatus.FINAL))
        uow.commit()


def confirmed(town, key, rule):
    return RuleConfirmation(
        id=key,
        agency_id=town.ids["agency"],
        decision_id=rule.owner_id,
        rule_id=rule.rule_id,
        rule_hash=rule.digest,
        document="PermenPANRB 6/2022",
        page="Lampiran III",
        proposed_by=town.ids["kepala"],
        confirmed_by=town.ids["budi"],
        at=NOON,
    )


def test_a_document_is_indonesian_whatever_the_reader_s_language(sari):
    page = sari.get("/skp")
    sari.post("/bahasa", page, locale="en", next="/skp")
    assert 'lang="id"' in paper(sari, "skp").text
    assert "Januari" in paper(sari, "skp").text


@pytest.mark.parametrize("kind", ["skp", "evaluasi"])
def test_a_document_leaves_as_pdf(sari, kind):
    answer = paper(sari, kind, shape="?bentuk=pdf")
    assert answer.status_code == 200, answer.text
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")


def test_an_evaluation_shows_the_arithmetic_of_every_role(sari):
    text = paper(sari, "evaluasi").text
    for words in ("Capaian kinerja organisasi", "Pola distribusi", "Realisasi berdasarkan bukti"):
        assert words in text, words
    assert "Indeks (IHK)" in text


def test_a_colleague_finds_no_document_of_another(client):
    client.sign_in("citra")
    assert paper(client, "skp").status_code == 404
    assert paper(client, "evaluasi").status_code == 404


def test_a_document_fetches_nothing():
    hostile = (
        '<img src="file:///etc/passwd"><style>body{background:url(http://127.0.0.1:9/x)}</style>'
    )
    assert pdf(f"<p>Hasil</p>{hostile}")[:5] == b"%PDF-"


def test_an_agency_s_own_template_takes_the_place_of_ours(sari):
    folder = sari.town.wired.settings.data_dir / "templates" / "documents"
    folder.mkdir(parents=True)
    (folder / "skp.html").write_text("<h1>Formulir instansi: {{ paper.employee.person.name }}</h1>")
    assert "Formulir instansi: Sari Wulandari" in paper(sari, "skp").text
