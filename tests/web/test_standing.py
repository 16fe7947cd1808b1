"""The instances behind a number: who holds them, what is wrong, and one act on all of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from engine.usecases.ports.batches import BatchKind
from tests.persistence.counting import counted
from tests.web.conftest import token_of
from tests.web.looking import grave
from tests.web.test_process_map import town, waited_town  # noqa: F401 - the same town

MAP = "/proses/cuti/peta"
REASON = "Menunggu keputusan pimpinan baru"


def place_of(client):
    """The page behind the greatest number of the map."""
    page = client.get(f"{MAP}?ukuran=menunggu").text
    found = re.search(r'<ol class="narrow-places">.*?href="([^"]+)"', page, re.DOTALL)
    return found.group(1).replace("&amp;", "&")


def test_a_number_of_the_map_leads_to_what_stands_there(client):
    client.sign_in("owner")
    page = client.get(place_of(client)).text
    assert page.count('name="chosen"') == 4
    assert page.count("Sari Wulandari") == 4


def test_only_what_is_in_trouble_is_shown_when_trouble_is_asked_for(client):
    client.sign_in("owner")
    page = client.get(f"{place_of(client)}&gangguan=1").text
    assert 'name="chosen"' not in page


def test_an_unknown_process_is_not_there_and_others_are_refused(client):
    client.sign_in("owner")
    assert client.get("/proses/nobody/tempat").status_code == 404
    assert client.sign_in("sari").get("/proses/cuti/tempat").status_code == 403


def test_what_was_ticked_is_held_together_for_a_reason(client, town):  # noqa: F811
    client.sign_in("owner")
    place = place_of(client)
    page = client.get(place)
    keys = re.findall(r'name="chosen" value="(\d+)"', page.text)[:2]
    form = {"csrf_token": token_of(page), "act": "suspend", "chosen": keys, "reason": REASON}
    silent = client.http.post(place, data=form | {"reason": ""})
    assert silent.status_code == 422
    assert all(f'value="{key}"' in silent.text for key in keys)
    begun = client.http.post(place, data=form)
    assert begun.status_code == 303
    key = int(begun.headers["Location"].rpartition("/")[2])
    with town.wired.house.reading() as uow:
        row = uow.batches.batch(key)
    assert (row.kind, row.total, row.reason) == (BatchKind.SUSPEND, 2, REASON)


def test_nothing_begins_when_nothing_was_chosen(client):
    client.sign_in("owner")
    place = place_of(client)
    form = {"csrf_token": token_of(client.get(place)), "act": "cancel", "reason": REASON}
    assert client.http.post(place, data=form).status_code == 422


def test_the_page_asks_the_same_however_much_stands_there(client, town):  # noqa: F811
    def asked(place):
        with counted(town.wired.database.reading) as found:
            assert client.get(place).status_code == 200
        return found.count

    client.sign_in("owner")
    place = place_of(client)
    few = asked(place)
    for _ in range(6):
        town.start(
            "cuti", person_id=town.ids["sari"], due_at="2026-06-05T17:00:00+07:00", subject="Cuti"
        )
    assert asked(place) == few


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_clean_in_the_browser(browse, width):
    page = browse("owner", viewport={"width": width, "height": 900})
    page.goto(f"{MAP}?ukuran=menunggu")
    page.locator(".narrow-places a").first.click()
    page.wait_for_selector("input[name=chosen]")
    expect(page.locator("input[name=chosen]")).to_have_count(4)
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
