"""HR reads why SIASN did not take a row and tries again; people copy to e-Kinerja."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from engine.domain.documentation import Documentation, Way
from engine.domain.exchange import ExchangeKind, ExchangeState
from engine.usecases.ports.exchange import SiasnReading
from tests.persistence.counting import counted
from tests.web.conftest import token_of
from tests.web.looking import grave, overflow
from tests.web.town import DAY, NOON
from tests.workflows.exchanging import waiting_row


def grant(town, login, group):
    with town.house.writing() as uow:
        uow.accounts.grant(town.nip(login), group, DAY)
        uow.commit()


@pytest.fixture
def stopped(town):
    """A refused row of Sari; Tono is HR."""
    grant(town, "tono", "hr")
    row = waiting_row(
        town,
        "sari",
        state=ExchangeState.REFUSED,
        reason="refused",
        answer="400 penilai tidak ditemukan",
    )
    with town.house.writing() as uow:
        uow.exchange.put([row])
        uow.commit()
    return row


@pytest.fixture
def noted(town):
    """Sari documented a result."""
    with town.house.writing() as uow:
        [item, *_] = uow.exchange.results(town.ids["sari"], town.ids["cycle"])
        period = uow.performance.periods(town.ids["cycle"])[0]
        uow.dialogues.add(
            [
                Documentation(
                    id=town.house.ids.uuid(),
                    item_id=item.item_id,
                    period_id=period.id,
                    way=Way.NOTED,
                    note="Rapat pembahasan draf",
                    recorded_by=town.ids["sari"],
                    at=datetime(2026, 5, 4, 3, 30, tzinfo=UTC),
                )
            ]
        )
        uow.commit()
    return item.item_id


def test_hr_reads_the_reason_and_tries_again(client, town, stopped):
    page = client.sign_in("tono").get("/pertukaran")
    assert "penilai tidak ditemukan" in page.text
    assert "REGU_SIASN_URL" in page.text
    answer = client.post(f"/pertukaran/{stopped.id}/kirim-lagi", page)
    assert answer.status_code == 303
    with town.house.reading() as uow:
        assert uow.exchange.get(stopped.id).state is ExchangeState.WAITING
    assert client.get(f"/pertukaran/{stopped.id}").status_code == 200
    again = client.post(f"/pertukaran/{stopped.id}/kirim-lagi", page)
    assert again.status_code == 303
    assert "penilai" not in client.get("/pertukaran").text


def test_rows_and_what_differs_leave_as_files(client, town, stopped):
    reading = SiasnReading(
        person_id=town.ids["citra"],
        agency_id=town.ids["agency"],
        siasn_id="P",
        about={"nama": "Citra Anggreini", "jabatanNama": "Pranata Komputer"},
        annual=(),
        periodic=(),
        read_at=NOON,
    )
    with town.house.writing() as uow:
        uow.exchange.keep(reading)
        uow.commit()
    client.sign_in("tono")
    assert "Citra Anggreini" in client.get("/pertukaran/selisih").text
    for path in ("/pertukaran", "/pertukaran/selisih", "/pertukaran/muatan"):
        file = client.get(f"{path}?bentuk=csv")
        assert file.mimetype == "text/csv"
        assert client.get(f"{path}?bentuk=xlsx").status_code == 200
    assert "pnsDinilaiOrang" in client.get("/pertukaran/muatan?bentuk=csv").text
    page = client.get("/pertukaran")
    assert client.post("/pertukaran/baca-ulang", page).status_code == 303
    with town.house.reading() as uow:
        assert len(uow.exchange.wanted(datetime.now(UTC), 50)) > 1


@pytest.fixture
def standing(town):
    """A period of Sari that stands in SIASN; Tono is HR, Budi performance manager."""
    grant(town, "tono", "hr")
    grant(town, "budi", "perf_admin")
    with town.house.reading() as uow:
        period = uow.performance.periods(town.ids["cycle"])[0]
    row = waiting_row(
        town,
        "sari",
        kind=ExchangeKind.PERIODIC,
        period_id=period.id,
        payload={"tahun": 2026, "koefisienId": "K-1"},
        state=ExchangeState.CONFIRMED,
        confirmed_at=NOON,
        remote_id="RW-1",
    )
    with town.house.writing() as uow:
        uow.exchange.put([row])
        uow.commit()
    return row


def test_a_performance_manager_lets_siasn_take_a_period_back_with_a_reason(client, town, standing):
    path = f"/pertukaran/{standing.id}"
    page = client.sign_in("budi").get(path)
    assert f"{path}/tarik" in page.text
    assert client.post(f"{path}/tarik", page, reason=" ").status_code == 303
    assert stood(town, standing).state is ExchangeState.CONFIRMED
    assert client.post(f"{path}/tarik", page, reason="Salah periode").status_code == 303
    row = stood(town, standing)
    assert (row.state, row.withdraw_reason) == (ExchangeState.WAITING, "Salah periode")
    assert row.withdrawn_by == town.ids["budi"]
    shown = client.get(path).text
    assert "Salah periode" in shown
    assert f"{path}/tarik" not in shown
    with town.house.writing() as uow:
        gone = replace(row, state=ExchangeState.CONFIRMED, confirmed_at=NOON)
        uow.exchange.put([gone])
        uow.commit()
    assert "ditarik dari SIASN" in client.get("/pertukaran?keadaan=confirmed").text


def test_who_may_only_try_again_does_not_take_back(client, town, standing):
    page = client.sign_in("tono").get(f"/pertukaran/{standing.id}")
    assert "/tarik" not in page.text
    answer = client.post(f"/pertukaran/{standing.id}/tarik", page, reason="Salah")
    assert answer.status_code == 403
    assert stood(town, standing) == standing


def stood(town, row):
    with town.house.reading() as uow:
        return uow.exchange.get(row.id)


def test_a_period_that_is_still_without_its_coefficient_says_so_when_tried_again(client, town):
    grant(town, "tono", "hr")
    with town.house.reading() as uow:
        period = uow.performance.periods(town.ids["cycle"])[0]
    told = {"tahunSelesaiPenilaian": 2026, "bulanSelesaiPenilaian": 3, "kuadranKinerjaNilai": 2}
    row = waiting_row(
        town,
        "sari",
        kind=ExchangeKind.PERIODIC,
        period_id=period.id,
        payload={**told, "koefisienId": ""},
        state=ExchangeState.REFUSED,
        reason="no_coefficient",
    )
    with town.house.writing() as uow:
        uow.exchange.put([row])
        uow.commit()
    page = client.sign_in("tono").get(f"/pertukaran/{row.id}")
    assert "siasn_coefficient" in page.text
    client.post(f"/pertukaran/{row.id}/kirim-lagi", page)
    assert stood(town, row).reason == "no_coefficient"
    assert "siasn_coefficient" in client.get("/pertukaran").text


def test_only_those_who_look_after_it_see_the_exchange(client, stopped):
    client.sign_in("sari")
    assert client.get("/pertukaran").status_code == 403
    assert client.get(f"/pertukaran/{stopped.id}").status_code == 403


def test_the_list_takes_the_same_statements_for_many_rows(client, town, stopped):
    client.sign_in("tono").get("/pertukaran")
    with counted(town.wired.database.reading) as few:
        client.get("/pertukaran")
    rows = [
        waiting_row(town, name, state=ExchangeState.DEAD, reason="away")
        for name in ("budi", "citra", "kepala")
    ]
    with town.house.writing() as uow:
        uow.exchange.put(rows)
        uow.commit()
    with counted(town.wired.database.reading) as many:
        client.get("/pertukaran")
    assert len(many.texts) == len(few.texts)


def test_a_copied_field_is_marked_until_its_words_change(client, town, noted):
    page = client.sign_in("sari").get("/e-kinerja")
    assert "04-05-2026" in page.text
    assert "10:30" in page.text
    assert "Rapat pembahasan draf" in page.text
    form = _form(page.text, f"result:{noted}", "actual")
    answer = client.post("/e-kinerja/salin", page, act="mark", **form)
    assert answer.status_code == 303
    assert "tag--good" in client.get("/e-kinerja").text
    _documents(town, noted, "Draf selesai")
    changed = client.get("/e-kinerja")
    assert (
        "Rapat pembahasan draf"
        in client.get("/e-kinerja?bentuk=csv&tabel=berubah-sejak-disalin").text
    )
    assert "tag--wait" in changed.text
    client.post("/e-kinerja/salin", changed, act="mark", **form)  # the words of before
    assert "tag--wait" in client.get("/e-kinerja").text
    fresh = _form(changed.text, f"result:{noted}", "actual")
    client.post("/e-kinerja/salin", changed, act="mark", **fresh)
    assert "tag--wait" not in client.get("/e-kinerja").text
    client.post("/e-kinerja/salin", changed, act="unmark", **fresh)
    assert "tag--good" not in client.get("/e-kinerja").text


def _documents(town, item_id, words):
    with town.house.writing() as uow:
        period = uow.performance.periods(town.ids["cycle"])[0]
        row = Documentation(
            id=town.house.ids.uuid(),
            item_id=item_id,
            period_id=period.id,
            way=Way.NOTED,
            note=words,
            recorded_by=town.ids["sari"],
            at=NOON,
        )
        uow.dialogues.add([row])
        uow.commit()


def _form(text, entry, field):
    found = re.search(
        rf'name="entry" value="{entry}"><input type="hidden" name="field" value="{field}">'
        r'\s*<input type="hidden" name="version" value="(\w+)">',
        text,
    )
    return {"entry": entry, "field": field, "version": found[1]}


def test_somebody_else_s_entry_cannot_be_marked(client, town, noted):
    page = client.sign_in("citra").get("/e-kinerja")
    assert token_of(page)
    answer = client.post(
        "/e-kinerja/salin", page, act="mark", entry=f"result:{noted}", field="actual", version="x"
    )
    assert answer.status_code == 303
    with town.house.reading() as uow:
        assert uow.exchange.copied(town.ids["citra"], town.ids["cycle"]) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_field_is_copied_and_marked_in_a_browser(browse, town, noted, width):
    page = browse("sari", viewport={"width": width, "height": 800})
    page.goto("/e-kinerja")
    page.evaluate(
        "navigator.clipboard.writeText = async (words) => { sessionStorage.copied = words; }"
    )
    page.locator("form[data-copy$=description] button[value=mark]").first.click()
    page.wait_for_url("**/e-kinerja?*")
    assert page.evaluate("sessionStorage.copied") == "Rapat pembahasan draf"
    expect(page.locator(".tag--good")).to_have_count(1)
    assert overflow(page) == 0
    assert grave(page) == []
