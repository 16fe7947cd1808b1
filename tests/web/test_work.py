"""The room WORK without JavaScript: inbox, drafts, notices; its statements and its weight."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.domain.claims import Claim, ClaimState, Degree
from engine.persistence.tables.process import user_task
from engine.usecases.notices import Kind, notify
from engine.usecases.ports.workplace import Calls, Digest
from tests.persistence.counting import counted
from tests.web.test_pages import GOOD, hidden, task_page

#: bytes that the inbox may weigh with its styles and scripts, compressed
WEIGHT_MAX = 150_000


@pytest.fixture
def sari(client):
    return client.sign_in("sari")


def tell(town, who, kind, key, path="/buku", *, after=0, **facts):
    at = town.house.clock.now() + timedelta(minutes=after)
    with town.house.writing() as uow:
        told = {"key": key, "path": path, "facts": facts}
        notify(uow, town.house.ids, at, [town.ids[who]], kind, **told)
        uow.commit()


def post(visitor, path, **values):
    return visitor.post(path, visitor.get("/tugas"), **values)


def many(town, count, start=0):
    """That many more open tasks of Sari's, copies of her first."""
    key = town.tasks("sari")[0].key
    with town.wired.database.writing.begin() as connection:
        row = connection.execute(sa.select(user_task).where(user_task.c.key == key)).mappings()
        first = dict(row.one())
        copies = [
            first | {"key": 10**12 + n, "token": 10**6 + n, "name": f"Tugas {n}"}
            for n in range(start, start + count)
        ]
        connection.execute(user_task.insert(), copies)


def test_the_inbox_says_what_for_which_role_from_whom_and_by_when(client):
    text = client.sign_in("budi").get("/tugas").text
    assert "Portal data terpadu" in text
    assert "Sari Wulandari" in text
    assert "5 Jun 2026 17.00 WIB" in text
    assert "Tim Satu Data" in text


def test_a_list_costs_the_same_statements_for_a_thousand_and_a_hundred_thousand_tasks(sari):
    town = sari.town
    sari.get("/tugas")
    found = []
    for more, start in ((1_000, 0), (99_000, 1_000)):
        many(town, more, start)
        with counted(town.wired.database.reading) as statements:
            page = sari.get("/tugas")
        assert page.text.count('name="task"') == 50
        found.append([text for text in statements.texts if "clock.pinned_at" not in text])
    assert found[0] == found[1]
    assert len(found[0]) <= 45


def test_the_next_page_begins_behind_the_last_task_seen(sari):
    many(sari.town, 70)
    first = sari.get("/tugas").text
    after = re.search(r'href="(/tugas\?after=[^"]+)"', first).group(1).replace("&amp;", "&")
    keys = re.compile(r'name="task" value="(\d+)"')
    second = sari.get(after).text
    assert len(set(keys.findall(first)) | set(keys.findall(second))) == 71
    assert not set(keys.findall(first)) & set(keys.findall(second))


def test_the_inbox_with_styles_and_scripts_weighs_less_than_150_kilobytes(sari):
    many(sari.town, 60)
    page = sari.get("/tugas")
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert parts
    weight = len(gzip.compress(page.data))
    for part in parts:
        with sari.get(part) as answer:
            weight += len(gzip.compress(answer.data))
    assert weight < WEIGHT_MAX


def test_a_task_put_off_is_gone_until_its_day_and_one_press_brings_it_back(sari):
    key = sari.town.tasks("sari")[0].key
    answer = post(sari, "/tugas/tunda", task=str(key), until="besok")
    assert answer.status_code == 303
    page = sari.get(answer.location)
    assert f'href="/tugas/{key}"' not in page.text
    assert f'href="/tugas/{key}"' in sari.get("/tugas?tunda=1").text
    post(sari, "/tugas/kembalikan", task=str(key))
    assert f'href="/tugas/{key}"' in sari.get("/tugas").text


def test_a_task_put_off_for_long_comes_back_on_its_due_day(sari):
    key = sari.town.tasks("sari")[0].key
    post(sari, "/tugas/tunda", task=str(key), until="hari", day="2026-08-20")
    with sari.town.house.reading() as uow:
        until = uow.workplace.snoozed(sari.town.ids["sari"], sari.town.house.clock.now())[key]
    assert until.isoformat() == "2026-06-04T17:00:00+00:00"


@pytest.mark.parametrize("day", ["", "2026-05-31", "2027-06-01", "x"])
def test_a_day_that_is_past_or_far_away_puts_nothing_off(sari, day):
    key = sari.town.tasks("sari")[0].key
    post(sari, "/tugas/tunda", task=str(key), until="hari", day=day)
    assert f'href="/tugas/{key}"' in sari.get("/tugas").text


def test_nobody_puts_off_somebody_elses_task(client):
    key = client.town.tasks("sari")[0].key
    client.sign_in("tono")
    assert post(client, "/tugas/tunda", task=str(key), until="besok").status_code == 404


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("proses=cuti", True),
        ("proses=contribution", False),
        ("tim=jabatan", True),
        ("batas=lewat", False),
        ("batas=minggu", True),
        ("batas=nanti", False),
        ("milik=saya", True),
        ("milik=kelompok", False),
    ],
)
def test_a_filter_shows_what_it_asks_for(sari, query, there):
    key = sari.town.tasks("sari")[0].key
    assert (f'href="/tugas/{key}"' in sari.get(f"/tugas?{query}").text) is there


def test_a_filter_is_kept_under_a_name_and_dropped_again(sari):
    post(sari, "/tugas/saringan", name="Cuti saya", query="proses=cuti&evil=1")
    page = sari.get("/tugas").text
    assert 'href="/tugas?proses=cuti"' in page
    assert "evil" not in page
    drop = re.search(r'action="(/tugas/saringan/[^"]+/hapus)"', page).group(1)
    post(sari, drop)
    assert "Cuti saya" not in sari.get("/tugas").text


def test_what_changed_is_told_with_who_and_why_until_it_is_read(sari):
    town = sari.town
    tell(town, "sari", Kind.SHARE_LOWERED, "a", by=town.ids["budi"], output_id=town.ids["output"])
    page = sari.get("/tugas").text
    assert "Budi Santoso" in page.partition('id="changes"')[2]
    notice = re.search(r'name="notice" value="([^"]+)"', page).group(1)
    post(sari, "/tugas/perubahan", notice=notice)
    assert 'name="notice"' not in sari.get("/tugas").text


def test_ones_claims_that_wait_are_named_with_who_is_asked(sari):
    town = sari.town
    with town.house.reading() as uow:
        claim = uow.contributions.claim_of(town.ids["output"], town.ids["sari"])
    if claim is None or claim.state is not ClaimState.CLAIMED:
        with town.house.writing() as uow:
            uow.contributions.add(
                [
                    Claim(
                        id=town.house.ids.uuid(),
                        output_id=town.ids["output"],
                        person_id=town.ids["sari"],
                        claimed_bp=1_000,
                        contribution_type="data",
                        degree=Degree.EQUAL,
                        state=ClaimState.CLAIMED,
                        submitted_at=town.house.clock.now(),
                        submitted_by=town.ids["sari"],
                    )
                ]
            )
            uow.commit()
    listed = sari.get("/tugas").text.partition('id="claims-title"')[2]
    assert "Portal data terpadu" in listed
    assert "Budi Santoso" in listed


def test_a_draft_of_another_window_is_never_overwritten_nor_merged(sari):
    key, page = task_page(sari)
    mine = {**hidden(page), **GOOD}
    script = {"X-Requested-With": "autosave"}
    first = sari.http.post(f"/tugas/{key}/draf", data={**mine, "days": "1"}, headers=script)
    assert first.status_code == 200
    mark = first.headers["ETag"].strip('"')
    other = sari.http.post(f"/tugas/{key}/draf", data={**mine, "days": "9"}, headers=script)
    assert other.status_code == 409
    again = {**mine, "days": "2", "_draft": mark}
    assert sari.http.post(f"/tugas/{key}/draf", data=again, headers=script).status_code == 200
    assert 'value="2"' in sari.get(f"/tugas/{key}").text


def test_without_script_a_conflict_shows_what_was_typed(sari):
    key, page = task_page(sari)
    mine = {**hidden(page), **GOOD}
    sari.http.post(f"/tugas/{key}/draf", data={**mine, "days": "1"})
    answer = sari.http.post(f"/tugas/{key}/draf", data={**mine, "days": "9,5"})
    assert answer.status_code == 409
    assert "9,5" in answer.text


def test_a_draft_can_be_thrown_away(sari):
    key, page = task_page(sari)
    sari.http.post(f"/tugas/{key}/draf", data={**hidden(page), "days": "7"})
    assert f"/tugas/{key}/draf/buang" in sari.get(f"/tugas/{key}").text
    sari.post(f"/tugas/{key}/draf/buang", sari.get(f"/tugas/{key}"))
    assert f"/tugas/{key}/draf/buang" not in sari.get(f"/tugas/{key}").text


def test_notices_are_newest_first_paged_and_marked_read_one_by_one_or_all(sari):
    town = sari.town
    for number in range(60):
        path = f"/buku?n={number}"
        tell(town, "sari", Kind.DISPUTE_DECIDED, f"k{number}", path, after=number)
    page = sari.get("/pemberitahuan").text
    assert page.index("/buku?n=59") < page.index("/buku?n=58")
    assert "/buku?n=5&#34;" not in page
    older = re.search(r'href="(/pemberitahuan\?after=[^"]+)"', page).group(1)
    assert 'href="/buku?n=0"' in sari.get(older.replace("&amp;", "&")).text
    one = re.search(r'name="notice" value="([^"]+)"', page).group(1)
    sari.post("/pemberitahuan/dibaca", sari.get("/pemberitahuan"), notice=one)
    assert sari.get("/pemberitahuan").text.count('name="notice"') == 49
    sari.post("/pemberitahuan/dibaca", sari.get("/pemberitahuan"))
    assert 'name="notice"' not in sari.get("/pemberitahuan").text


def test_when_letters_leave_is_ones_own_choice(sari):
    page = sari.get("/pemberitahuan/pilihan")
    path = "/pemberitahuan/pilihan"
    values = {"digest": "daily", "quiet": "1", "quiet_from": "21.00", "quiet_to": "06:00"}
    assert sari.post(path, page, **values).status_code == 303
    with sari.town.house.reading() as uow:
        chosen = uow.workplace.preference(sari.town.ids["sari"])
    assert (chosen.digest, chosen.quiet_from_min, chosen.quiet_to_min) == (Digest.DAILY, 1260, 360)
    assert sari.post(path, page, **{**values, "quiet_to": "x"}).status_code == 422
    assert sari.post(path, page, **{**values, "digest": "hourly"}).status_code == 422
    assert chosen.calls is Calls.NEAR
    assert sari.post(path, page, **{**values, "calls": "all"}).status_code == 303
    assert sari.post(path, page, **values).status_code == 303
    assert sari.post(path, page, **{**values, "calls": "some"}).status_code == 422
    with sari.town.house.reading() as uow:
        assert uow.workplace.preference(sari.town.ids["sari"]).calls is Calls.ALL
