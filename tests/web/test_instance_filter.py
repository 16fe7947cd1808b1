"""The filter of instances: on their list, and on the page that moves them to another version."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.usecases.ports.batches import BatchKind
from tests.web.looking import grave, overflow
from tests.web.test_admin import work
from tests.web.test_lists import statements
from tests.web.test_steering import SIZES, renewed


@pytest.fixture
def owner(client):
    return client.sign_in("owner")


def keys_on(page):
    return {int(key) for key in re.findall(r'href="/proses/(\d+)"', page.text)}


def row_of(town, key):
    with town.house.reading() as uow:
        return uow.processes.instance(key)


def test_the_list_is_narrowed_by_business_key_days_and_version(owner, town):
    one = town.ids["leave"]
    row = row_of(town, one)
    day = row.started_at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    with town.wired.database.writing.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE process_instance SET business_key = 'ST-7' WHERE key = ?", (one,)
        )
    everything = keys_on(owner.get("/proses"))
    assert len(everything) > 1
    assert keys_on(owner.get("/proses?kunci=ST-7")) == {one}
    assert one in keys_on(owner.get(f"/proses?dari={day}&sampai={day}"))
    assert one not in keys_on(owner.get(f"/proses?dari={day + timedelta(days=1)}"))
    assert one not in keys_on(owner.get(f"/proses?sampai={day - timedelta(days=1)}"))
    renewed(town)
    assert one in keys_on(owner.get("/proses?proses=cuti&versi=1"))
    assert keys_on(owner.get("/proses?proses=cuti&versi=2")) == set()
    assert keys_on(owner.get("/proses?proses=cuti&versi=9")) == set()


def test_a_field_that_cannot_be_read_is_refused_and_not_left_out(owner):
    for wrong in ("dari=kemarin", "sampai=2026-02-30", "keadaan=hilang", "proses=cuti&versi=dua"):
        assert owner.get(f"/proses?{wrong}").status_code in (400, 422), wrong


def test_the_next_page_keeps_the_filter(owner, town, monkeypatch):
    monkeypatch.setattr("web.screens.process.PAGE", 1)
    page = owner.get("/proses?keadaan=active&dari=2020-01-01")
    more = html.unescape(re.search(r'href="(/proses\?[^"]*after=[^"]*)"', page.text)[1])
    assert "keadaan=active" in more
    assert "dari=2020-01-01" in more
    assert keys_on(owner.get(more)).isdisjoint(keys_on(page))


def test_a_filtered_page_takes_the_same_statements_for_few_and_for_many(owner, town):
    path = "/proses?keadaan=active&dari=2020-01-01&proses=cuti&versi=1"
    few, before = statements(owner, path)
    for _ in range(9):
        town.start("cuti", unit_id="")
    many, after = statements(owner, path)
    assert len(keys_on(many)) == len(keys_on(few)) + 9
    assert after == before


def pairs_of(page):
    return dict(re.findall(r'name="(to\.[^"]+)".*?<option value="([^"]*)" selected', page.text))


@pytest.fixture
def two(owner, town):
    """The page of a move, its plan, and two instances on the old version, the second with a key."""
    one, other = town.ids["leave"], town.start("cuti", unit_id="")
    with town.wired.database.writing.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE process_instance SET business_key = 'ST-7' WHERE key = ?", (other,)
        )
    old, new = renewed(town)
    path = f"/kelola/pindah/{old}/{new}"
    page = owner.get(path)
    return path, page, pairs_of(page), (one, other), (old, new)


def test_a_move_means_exactly_what_the_filter_names(owner, town, two):
    path, page, pairs, (one, other), (old, new) = two
    tried = owner.post(path, page, act="try", kunci="ST-7", **pairs)
    assert "1 dari 1" in tried.text
    assert 'value="ST-7"' in tried.text
    begun = owner.post(path, page, act="run", reason="satu", kunci="ST-7", **pairs)
    work(town)
    assert begun.status_code == 303
    assert (row_of(town, one).definition_key, row_of(town, other).definition_key) == (old, new)


def test_a_dry_run_of_all_of_the_filter_goes_on_in_the_background_and_moves_nobody(
    owner, town, two
):
    path, page, pairs, (one, other), (old, _new) = two
    begun = owner.post(path, page, act="check", reason="coba semua", **pairs)
    assert begun.status_code == 303
    work(town)
    shown = owner.get(begun.headers["Location"])
    assert "coba semua" in shown.text
    with town.house.reading() as uow:
        (row,) = uow.batches.batches(town.ids["agency"], kinds={BatchKind.MIGRATION_CHECK.value})
    assert row.total >= 2
    assert {row_of(town, key).definition_key for key in (one, other)} == {old}


@pytest.mark.parametrize("wrong", [{"dari": "kemarin"}, {"keadaan": "completed"}])
def test_a_filter_that_cannot_be_read_moves_nobody(owner, town, two, wrong):
    path, page, pairs, (one, _other), (old, _new) = two
    refused = owner.post(path, page, act="run", reason="x", **pairs, **wrong)
    assert refused.status_code == 422
    (name,) = wrong
    assert f'id="{name}-fault"' in refused.text
    work(town)
    assert row_of(town, one).definition_key == old


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_the_filters_stand_on_a_phone_and_a_desk_without_grave_faults(browse, two, size):
    page = browse("owner", viewport=SIZES[size])
    for path in ("/proses?proses=cuti", two[0]):
        page.goto(path)
        assert overflow(page) <= 0, path
        assert grave(page) == [], path
