"""Plan and evaluation as documents: the regulation's columns, printed, for who may read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.domain.agreements import Agreement, AgreementKind, ValueExpectation
from engine.domain.behaviour import Value
from engine.domain.indicators import Aspect, Direction
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, RoleKind
from web.pdf import pdf


@pytest.fixture
def sari(client):
    with client.town.house.writing() as uow:
        held = uow.performance.plan_of(client.town.ids["sari"], client.town.ids["cycle"])
        plan = Plan(id="plan-2", person_id=held.person_id, cycle_id=held.cycle_id, version=2)
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
    client.sign_in("sari")
    return client


def paper(client, kind, who="sari", shape=""):
    return client.get(f"/dokumen/{kind}/{client.town.ids[who]}{shape}")


def test_a_plan_has_the_columns_of_the_regulation_and_its_squads_in_an_annex(sari):
    text = paper(sari, "skp").text
    for words in (
        "Rencana hasil kerja pimpinan yang diintervensi", "Rencana hasil kerja", "Aspek",
        "Indikator kinerja individu", "Target", "Ekspektasi khusus pimpinan",
        "Menjaga nama instansi", "Dukungan sumber daya", "Satu analis pendamping",
        "10 sampai 20 hari",
        "Skema pertanggungjawaban", "Konsekuensi", "10 sampai 20 hari", "Lampiran peran dan kontribusi tim kerja",
    ):  # fmt: skip
        assert words in text, words


def test_a_plan_that_nobody_fixed_prints_draf(sari):
    assert ">DRAF<" in paper(sari, "skp").text


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
