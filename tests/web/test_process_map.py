"""The map of a process: warm places first, every figure as a table, the history as files."""

from __future__ import annotations

import csv
import io
import json

import pytest
from playwright.sync_api import expect

from engine.usecases.element_boards import Element
from tests.persistence.counting import counted
from tests.web.looking import grave
from tests.web.town import closed, copied
from web.readings.process_map import Measure, figure_of

MAP = "/proses/cuti/peta"


@pytest.fixture(scope="module")
def waited_town(begun_town, tmp_path_factory):
    """Requests for leave, one decided after ten days, the others waiting."""
    made = copied(begun_town, tmp_path_factory.mktemp("waited"))
    due = "2026-06-05T17:00:00+07:00"
    for _ in range(3):
        made.start("cuti", person_id=made.ids["sari"], due_at=due, subject="Cuti")
    return closed(made)


@pytest.fixture
def town(waited_town, tmp_path):
    made = copied(waited_town, tmp_path)
    yield made
    made.wired.close()


def element(**facts):
    known = {"id": "a", "name": "A", "type": "userTask", "ended": 0, "waiting": 0}
    return Element(**(known | {"median_s": None, "p90_s": None, "incidents": 0} | facts))


def test_a_measure_that_an_element_lacks_is_nothing():
    assert [figure_of(element(), one) for one in Measure] == [0] * len(Measure)
    assert figure_of(element(p90_s=90.0), Measure.P90) == 90.0


def test_passing_and_holding_are_no_work():
    types = ("userTask", "callActivity", "exclusiveGateway", "subProcess", "intermediateCatchEvent")
    assert [element(type=one).is_work for one in types] == [True, True, False, False, False]


def test_the_warmest_place_is_named_first_without_scripts(client):
    page = client.sign_in("owner").get(f"{MAP}?ukuran=menunggu").text
    assert page.index("narrow-places") < page.index("data-drawing")
    assert 'class="swatch heat--5"' in page
    assert "<noscript>" in page


def test_the_table_is_a_file_too(client):
    answer = client.sign_in("owner").get(f"{MAP}?ukuran=menunggu&bentuk=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][3] == "4"
    assert client.get(f"{MAP}?bentuk=xlsx").data.startswith(b"PK")


def test_a_version_that_does_not_exist_is_not_there(client):
    client.sign_in("owner")
    assert client.get(f"{MAP}?versi=1").status_code == 200
    assert client.get(f"{MAP}?versi=9").status_code == 404
    assert client.get("/proses/nobody/peta").status_code == 404
    assert client.get(f"{MAP}/gambar").data.lstrip().startswith(b"<?xml")


def test_the_page_asks_the_same_however_much_happened(client, town):
    def asked():
        with counted(town.wired.database.reading) as found:
            assert client.get(MAP).status_code == 200
        return found.count

    client.sign_in("owner")
    asked()
    few = asked()
    for _ in range(20):
        town.start("cuti", person_id=town.ids["sari"], due_at="2026-06-05T17:00:00+07:00")
    assert asked() == few


def saved(client, asked):
    """A file as it was handed out: its name and its content."""
    with client.get(f"/proses/cuti/riwayat?{asked}") as answer:
        return answer.headers.get("Content-Disposition", ""), answer.data


def test_history_is_saved_as_three_kinds_of_files_without_names(client):
    client.sign_in("owner")
    assert b"<log" in saved(client, "bentuk=xes")[1]
    assert "eventTypes" in json.loads(saved(client, "bentuk=ocel")[1])
    name, content = saved(client, "bentuk=csv&sejak=2026-01-01&sampai=2026-12-31")
    assert name.endswith("cuti.csv")
    assert len(content.splitlines()) > 4
    assert len(saved(client, "bentuk=csv&sampai=2020-01-01")[1].splitlines()) == 1
    assert client.get("/proses/cuti/riwayat?nama=1").status_code == 403


@pytest.mark.parametrize("asked", ["bentuk=pdf", "sejak=yesterday"])
def test_what_no_file_can_answer_is_refused(client, asked):
    assert client.sign_in("owner").get(f"/proses/cuti/riwayat?{asked}").status_code == 422


def test_who_does_not_look_after_processes_does_not_get_the_map(client):
    client.sign_in("citra")
    assert client.get(MAP).status_code == 404
    assert client.get("/proses/cuti/riwayat").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_drawing_is_coloured(browse, width):
    page = browse("owner", viewport={"width": width, "height": 800})
    page.goto(f"{MAP}?ukuran=menunggu")
    page.wait_for_selector('[data-ready="yes"]')
    expect(page.locator(".warm-5")).to_have_count(1)
    assert page.locator(".badge--heat").inner_text() == "4"
    page.get_by_role("link", name="Gangguan", exact=True).click()
    page.wait_for_selector('[data-ready="yes"]')
    expect(page.locator(".warm-5")).to_have_count(0)
    assert not grave(page)
