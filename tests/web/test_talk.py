"""Pages about people without JavaScript: who sees which words, and what a list costs."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from engine.domain.access import Resource
from engine.domain.objections import Objection
from engine.persistence.tables import agency as a
from engine.persistence.tables import feedback as ft
from engine.usecases.briefs import brief
from engine.usecases.feedback_drafts import put_draft
from tests.persistence.counting import counted
from tests.web.conftest import Visitor
from tests.web.evaluating import RULES, begin_evaluation, tell_a_year
from tests.web.town import NOON, build
from web.readings.feedback_draft import feedback_draft

PRIVATE = "Hanya untuk saya sendiri"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The town with its rules and a year about Sari; tests read it, or add a draft."""
    with opened(tmp_path_factory, people=0) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """The same with 1,000 more people to rate, and 1,000 more words about Sari."""
    with opened(tmp_path_factory, people=1_000) as visitor:
        yield visitor


@contextmanager
def opened(tmp_path_factory, people):
    town = build(tmp_path_factory.mktemp("talk"))
    town.deploy(*RULES)
    tell_a_year(town)
    objected(town)
    if people:
        multiply(town, people)
    yield Visitor(town)
    town.wired.close()


def multiply(town, people):
    """So many more people in the unit of `kepala`, and as many words about Sari."""
    with town.wired.database.writing.begin() as connection:
        make = range(people)
        connection.execute(
            a.person.insert(),
            [
                {
                    "id": f"p{n}",
                    "agency_id": town.ids["agency"],
                    "nip": f"{n:018d}",
                    "name": f"Pegawai {n:05d}",
                    "rank": "",
                }
                for n in make
            ],
        )
        desk = connection.execute(sa.select(a.post).where(a.post.c.id == town.ids["post-sari"]))
        post = dict(desk.mappings().one())
        connection.execute(a.post.insert(), [post | {"id": f"k{n}"} for n in make])
        seat = connection.execute(
            sa.select(a.appointment).where(a.appointment.c.person_id == town.ids["sari"])
        )
        first = dict(seat.mappings().one())
        connection.execute(
            a.appointment.insert(),
            [first | {"id": f"s{n}", "person_id": f"p{n}", "post_id": f"k{n}"} for n in make],
        )
        note = dict(connection.execute(sa.select(ft.feedback_note)).mappings().first())
        connection.execute(ft.feedback_note.insert(), [note | {"id": f"f{n}"} for n in make])


def cost(client, path):
    """Statements by their text, so that a difference names what asks more often."""
    with counted(client.town.wired.database.reading) as found:
        page = client.get(path)
    assert page.status_code == 200, path
    texts = (re.sub(r"\(\?(, \?)*\)", "(?)", text) for text in found.texts)
    texts = (re.sub(r"\(\?\)(, \(\?\))+", "(?)", text) for text in texts)
    # the clock that tests move is asked once a moment, whatever the page
    return Counter(text for text in texts if "FROM clock" not in text)


@pytest.mark.parametrize("path", ["/bawahan", "/dialog/{sari}", "/keberatan"])
def test_a_list_costs_the_same_for_a_few_and_for_many(told, crowd, path):
    few, many = (
        cost(visitor.sign_in("kepala"), path.format(**visitor.town.ids))
        for visitor in (told, crowd)
    )
    assert many - few == Counter()


def test_a_rater_sees_his_people_with_what_deserves_a_look(told):
    page = told.sign_in("kepala").get("/bawahan").text
    assert "Sari Wulandari" in page
    assert "Budi Santoso" in page
    assert "Citra" not in page
    (row,) = re.findall(r"<tr>(?:(?!</tr>).)*Sari Wulandari.*?</tr>", page, re.DOTALL)
    assert "tag--wait" in row
    assert re.search("Bukti belum terverifikasi|Unverified evidence", row)


def test_the_table_is_filtered_sorted_and_handed_out_as_a_file(told):
    told.sign_in("kepala")
    page = told.get("/bawahan?tanda=unproven&urut=beban").text
    assert "Sari Wulandari" in page.split("<tbody>")[-1]
    assert "Budi Santoso" not in page.split("<tbody>")[-1]
    file = told.get("/bawahan?bentuk=csv")
    assert file.mimetype == "text/csv"
    assert "199001012015042001" in file.get_data().decode("utf-8-sig")
    assert told.get("/bawahan?bentuk=xlsx").data[:2] == b"PK"


def test_a_team_of_more_than_a_page_goes_on_where_it_stopped(crowd):
    crowd.sign_in("kepala")
    first = crowd.get("/bawahan").text
    (after,) = re.findall(r"after=([^\"&]+)", first)
    second = crowd.get(f"/bawahan?after={after}").text
    names = [set(re.findall(r"Pegawai \d{5}", text)) for text in (first, second)]
    assert not names[0] & names[1]
    assert len(names[1]) == 50


def test_a_long_timeline_goes_on_where_it_stopped(crowd):
    crowd.sign_in("sari")
    first = crowd.get("/dialog?jenis=feedback").text
    (link,) = re.findall(r'href="(/dialog[^"]*after=[^"]+)"', first)
    second = crowd.get(link.replace("&amp;", "&")).text
    assert first.count("moment--feedback") == second.count("moment--feedback") == 50


def test_who_rates_nobody_has_an_empty_team(told):
    assert "Sari" not in told.sign_in("tono").get("/bawahan").text.split("<main")[1]


def test_the_brief_says_words_before_figures_and_no_index_above_them(told):
    page = told.sign_in("kepala").get(f"/bawahan/{told.town.ids['sari']}/ringkas").text
    words, figures = page.index("Analisis datanya rapi"), page.index('id="numbers"')
    draft = page.index('name="text"')
    assert words < draft < figures
    assert "100,88" not in page[:figures]
    assert "Membantu tim lain menutup laporan" in page
    assert "Menambah akses data" in page


@pytest.mark.parametrize("login", ["sari", "budi", "citra", "tono"])
def test_a_brief_is_for_the_rating_line_alone(told, login):
    told.sign_in(login)
    assert told.get(f"/bawahan/{told.town.ids['sari']}/ringkas").status_code == 404


def test_a_draft_repeats_recorded_facts_and_nothing_else(told):
    town = told.town
    with town.app.test_request_context():
        found = brief(town.house, town.actor("kepala"), town.ids["sari"])
        text = feedback_draft(found)
    assert "Sari Wulandari" in text
    assert "Membantu tim lain menutup laporan" in text
    assert "Menambah akses data" in text
    assert "Data dari daerah terlambat" in text
    assert not re.search(r"\d+[.,]\d\d", text)


def test_a_draft_goes_into_the_form_and_is_sent_by_nobody(told):
    town = told.town
    told.sign_in("kepala")
    page = told.get(f"/bawahan/{town.ids['sari']}/ringkas")
    answer = told.post(
        f"/bawahan/{town.ids['sari']}/umpan-balik", page, text="Terima kasih atas renstra"
    )
    assert answer.status_code == 303
    form = told.get(answer.location).text
    assert "Terima kasih atas renstra" in form
    with town.house.reading() as uow:
        said = uow.dialogues.feedback_about(town.ids["sari"], town.ids["cycle"])
    assert "Terima kasih atas renstra" not in [row.text for row in said]


def test_the_same_draft_is_put_where_the_first_one_stands(told):
    house, kepala = told.town.house, told.town.actor("kepala")
    first = put_draft(house, kepala, told.town.ids["sari"], "satu")
    assert put_draft(house, kepala, told.town.ids["sari"], "dua") == first


def test_an_empty_draft_stays_on_the_page(told):
    told.sign_in("kepala")
    path = f"/bawahan/{told.town.ids['sari']}"
    answer = told.post(f"{path}/umpan-balik", told.get(f"{path}/ringkas"), text="  ")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_the_timeline_keeps_private_notes_to_their_author(told):
    path = f"/dialog/{told.town.ids['sari']}"
    assert PRIVATE in told.sign_in("kepala").get(path).text
    own = told.sign_in("sari").get("/dialog").text
    assert PRIVATE not in own
    for text in (
        "Analisis datanya rapi",
        "Fokus pada mutu data",
        "Draf renstra",
        "Data dari daerah terlambat",
        "Menambah akses data",
    ):
        assert text in own


def test_counselling_and_what_is_promised_in_it_stay_between_the_two(told):
    sari = told.town.ids["sari"]
    told.sign_in("kepala")
    for path in (f"/dialog/{sari}", f"/bawahan/{sari}/ringkas", f"/tindak-lanjut/{sari}"):
        page = told.get(path).text.split("<main")[1]
        assert "Keadaan keluarga" not in page
        assert "Menemani ke konselor" not in page
    assert "Menemani ke konselor" in told.sign_in("sari").get("/dialog").text
    assert "Keadaan keluarga" in told.get("/dialog").text


def test_a_kind_and_a_time_are_picked_out_of_the_timeline(told):
    told.sign_in("sari")
    only = told.get("/dialog?jenis=feedback").text.split('id="timeline"')[1]
    assert "Analisis datanya rapi" in only
    assert "Draf renstra" not in only
    later = told.get("/dialog?dari=2026-06-02").text.split('id="timeline"')[1]
    assert "Analisis datanya rapi" not in later
    assert told.get("/dialog?dari=x&sampai=9999-12-31&after=~&jenis=x&per=x").status_code == 200


def test_progress_is_a_picture_with_its_table_behind(told):
    page = told.sign_in("sari").get("/dialog").text
    assert 'class="spark"' in page
    table = told.get("/dialog?bentuk=csv&tabel=progres").get_data().decode("utf-8-sig")
    assert "Rencana strategis tersusun" in table
    assert "92" in table


def test_answers_of_360_are_not_in_the_timeline(told):
    assert Resource.FEEDBACK_360.value not in told.sign_in("sari").get("/dialog").text
    assert "voice_words" not in told.get("/dialog").text


def test_the_evaluation_shows_feedback_before_any_figure(told):
    page = told.sign_in("sari").get("/evaluasi").text
    assert page.index("Analisis datanya rapi") < page.index("100,88")
    assert page.index("Analisis datanya rapi") < page.index('class="figure"')
    assert "79,28" in page
    assert "21,60" in page


def test_nobody_reads_his_rating_before_it_is_made_known(client):
    begin_evaluation(client.town, "sari")
    tell_a_year(client.town)
    own = client.sign_in("sari").get("/evaluasi").text
    assert "Analisis datanya rapi" in own
    assert 'id="index"' not in own
    assert "Selesai tepat waktu" not in own
    rater = client.sign_in("kepala").get(f"/evaluasi/{client.town.ids['sari']}").text
    assert 'id="index"' in rater
    assert "Selesai tepat waktu" in rater


def test_360_explains_its_floor_and_asks_by_name(told):
    page = told.sign_in("sari").get("/suara").text
    assert "BerAKHLAK" in page
    assert "Kolaboratif" in page
    assert told.get(f"/suara/{told.town.ids['budi']}").status_code == 404


def test_an_objection_is_seen_by_its_line_and_by_nobody_beside(told):
    assert "Bobot peran keliru" in told.sign_in("sari").get("/keberatan").text
    assert "Bobot peran keliru" in told.sign_in("kepala").get("/keberatan").text
    for login in ("budi", "citra", "tono"):
        assert "Bobot peran keliru" not in told.sign_in(login).get("/keberatan").text


def objected(town):
    row = Objection(
        id=town.house.ids.uuid(),
        rating_id=town.ids["rating"],
        raised_by=town.ids["sari"],
        ground="Bobot peran keliru",
        raised_at=NOON,
    )
    with town.house.writing() as uow:
        uow.performance.add([row])
        uow.commit()


def test_follow_up_waits_for_the_final_rating(told):
    assert told.sign_in("sari").get("/tindak-lanjut").status_code == 200
    path = f"/tindak-lanjut/{told.town.ids['sari']}"
    assert told.sign_in("citra").get(path).status_code == 404
