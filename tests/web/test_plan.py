"""Plan, matrix and chain without JavaScript: what each page says, and what it costs."""

from __future__ import annotations

import re
from html import unescape

import pytest

from engine.domain.cascade import ResultLink
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.plans import ItemKind, Plan, PlanItem, PlanStatus, RoleKind
from engine.domain.units import JobClass, Post
from tests.persistence.counting import counted
from tests.web.planning_town import built_once, complete, last_year, open_plan
from tests.web.town import DAY, NOON, copied


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    return built_once(tmp_path_factory.mktemp("planning"))


@pytest.fixture
def town(built, tmp_path):
    made = copied(built, tmp_path)
    yield made
    made.wired.close()


@pytest.fixture
def planning(client):
    return client


def form_of(page):
    """Everything that the task's form would send as it stands, boxes and choices too."""
    form = page.text.partition('id="task-form"')[2].partition("</form>")[0]
    form = re.sub(r"<template.*?</template>", "", form, flags=re.DOTALL)
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if not name or kind == "file":
            continue
        if kind not in {"checkbox", "radio"} or " checked" in tag:
            values[name] = _attribute(tag, "value")
    for name, body in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        values[name] = chosen[1] if chosen else ""
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        values[name] = unescape(text)
    return values


def _attribute(tag, name):
    found = re.search(rf' {name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def column(values, key):
    """One field of every row of the results."""
    rows = sorted(
        (int(m[1]), value)
        for name, value in values.items()
        if (m := re.fullmatch(rf"results-(\d+)-{key}", name))
    )
    return [value for _, value in rows]


def plan_of(town, name):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids[name], town.ids["cycle"])
        return plan, uow.performance.items(plan.id), uow.performance.indicators(plan.id)


def test_a_draft_begins_with_what_leaders_and_squads_expect(planning):
    key = open_plan(planning.town, "citra")
    planning.sign_in("citra")
    page = planning.get(f"/tugas/{key}")
    values = form_of(page)
    titles = column(values, "title")
    assert titles[:2] == ["Basis data layanan terawat", "Modul portal selesai"]
    assert "Mendukung: Mutu data layanan meningkat" in titles
    assert column(values, "indicator")[0] == "Ketersediaan layanan data"
    assert column(values, "target")[0] == "99"
    assert column(values, "target")[1] == ""  # an amount of the leader's is divided, not copied
    assert column(values, "unit")[:2] == ["%", "unit"]
    assert "Loket layanan terpadu" in page.text
    assert "3 loket, selesai 30 Juni 2026" in page.text


def test_a_suggestion_is_taken_by_a_tick_and_keeps_whom_it_serves(planning):
    town = planning.town
    key = open_plan(town, "citra")
    planning.sign_in("citra")
    page = planning.get(f"/tugas/{key}")
    values = form_of(page)
    row = column(values, "title").index("Mendukung: Mutu data layanan meningkat")
    values |= {f"results-{row}-take": "true", "_balance": "results"}
    page = planning.post(f"/tugas/{key}", page, **values)
    values = form_of(page)
    weights = [text for text in column(values, "weight_percent") if text]
    assert sum(float(text.replace(",", ".")) for text in weights) == pytest.approx(100)
    sent = {**values, "results-1-target": "4", "confirmed": "true"}
    answer = planning.post(f"/tugas/{key}", page, **sent)
    assert answer.status_code == 303, re.findall(r'field__fault"[^>]*>(.*?)<', answer.text)
    plan, items, indicators = plan_of(town, "citra")
    assert plan.status is PlanStatus.SUBMITTED
    by_title = {item.title: item for item in items}
    taken = by_title["Mendukung: Mutu data layanan meningkat"]
    with town.house.reading() as uow:
        links = uow.goals.links_of([taken.id])
    assert [link.parent_id for link in links] == [town.ids["budi-2"]]
    for role in {item.role for item in items}:
        assert sum(item.weight_bp for item in items if item.role == role) == 10_000
    assert {item.title for item in items if item.membership_id == town.ids["layanan-citra"]} == {
        "Loket layanan terpadu",
        "Panduan layanan",
    }
    assert any(one.text == "Indeks mutu data" and one.target == 85 for one in indicators)


def test_a_row_that_is_not_ticked_leaves_the_plan(planning):
    key = open_plan(planning.town, "citra")
    planning.sign_in("citra")
    page = planning.get(f"/tugas/{key}")
    values = form_of(page)
    del values["results-0-take"]
    values |= {"results-1-weight_percent": "100", "results-1-target": "4", "confirmed": "true"}
    answer = planning.post(f"/tugas/{key}", page, **values)
    assert answer.status_code == 303
    _, items, _ = plan_of(planning.town, "citra")
    assert [item.title for item in items if item.role == "home"] == ["Modul portal selesai"]


def test_last_years_plan_is_copied_with_one_press_and_its_targets_confirmed(planning):
    town = planning.town
    last_year(
        town,
        "citra",
        [
            ("Aplikasi layanan terawat", "Gangguan yang selesai", 40, "gangguan", 7500),
            ("Data cadangan teruji", "Uji pulih", 4, "uji", 2500),
        ],
    )
    key = open_plan(town, "citra")
    planning.sign_in("citra")
    page = planning.get(f"/tugas/{key}")
    assert "SKP saya tahun lalu (2)" in page.text
    values = form_of(page)
    page = planning.post(f"/tugas/{key}", page, **values, _tick="results:last_year")
    values = form_of(page)
    titles = column(values, "title")
    row = titles.index("Data cadangan teruji")
    assert values[f"results-{row}-take"] == "true"
    assert (values[f"results-{row}-target"], values[f"results-{row}-unit"]) == ("4", "uji")
    assert "100</span>%" in page.text
    answer = planning.post(f"/tugas/{key}", page, **values, confirmed="true")
    assert answer.status_code == 303
    _, items, indicators = plan_of(town, "citra")
    ids = {item.id for item in items if item.title == "Aplikasi layanan terawat"}
    assert [one.target for one in indicators if one.item_id in ids] == [40]


def test_the_plan_of_who_held_the_post_before_is_offered(planning):
    town = planning.town
    last_year(town, "tono", [("Analisis data layanan", "Laporan", 6, "laporan", 10_000)])
    with town.wired.database.writing.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE appointment SET post_id = (SELECT post_id FROM appointment WHERE person_id = ?)"
            ", valid_from = '2025-01-01', valid_to = '2025-12-31' WHERE person_id = ?",
            (town.ids["citra"], town.ids["tono"]),
        )
    key = open_plan(town, "citra")
    planning.sign_in("citra")
    page = planning.get(f"/tugas/{key}")
    assert "SKP pemangku jabatan sebelumnya" in page.text
    assert "Analisis data layanan" in column(form_of(page), "title")


def test_weights_that_are_not_whole_are_refused_with_what_was_typed(planning):
    key = open_plan(planning.town, "citra")
    planning.sign_in("citra")
    page = planning.get(f"/tugas/{key}")
    values = form_of(page) | {"results-0-weight_percent": "10", "confirmed": "true"}
    answer = planning.post(f"/tugas/{key}", page, **values)
    assert answer.status_code == 422
    assert 'value="10"' in answer.text
    assert 'name="_balance"' in answer.text


def clarified(planning):
    """Citra's plan, drafted with a word, clarified by both leads and the rater."""
    town = planning.town
    open_plan(town, "citra")
    complete(
        town, "citra", "draft_plan", confirmed=True, note="Uji pulih saya usulkan tiap triwulan"
    )
    complete(town, "sari", "clarify_role", expectation="Loket buka sebelum Mei")
    complete(town, "budi", "clarify_role", expectation="Portal stabil tiap bulan")
    complete(town, "budi", "clarify_expectation", decision="revise", note="Tambah ukuran mutu")
    complete(town, "citra", "draft_plan", confirmed=True, note="Ukuran mutu saya tambahkan")
    return town


def test_the_dialogue_stands_on_the_plan_and_beside_the_task(planning):
    town = clarified(planning)
    planning.sign_in("citra")
    page = planning.get("/skp").text
    words = re.findall(r'talk__text">(.*?)<', page)
    assert words == [
        "Uji pulih saya usulkan tiap triwulan",
        "Loket buka sebelum Mei",
        "Portal stabil tiap bulan",
        "Tambah ukuran mutu",
        "Ukuran mutu saya tambahkan",
    ]
    assert "Tim Layanan Terpadu" in page.partition("Loket buka sebelum Mei")[0][-600:]
    planning.sign_in("sari")
    task = next(one for one in town.tasks("sari") if one.element_id == "clarify_role")
    beside = planning.get(f"/tugas/{task.key}").text
    assert "Uji pulih saya usulkan tiap triwulan" in beside
    assert "Portal stabil tiap bulan" in beside


def test_numbers_of_the_plan_open_to_their_arithmetic(client):
    client.sign_in("sari")
    page = client.get("/skp").text
    assert "80% \N{MULTIPLICATION SIGN} 99,10 = 79,28" in page
    assert page.count('class="how"') >= 2
    assert "Dari mana bobot" in page or "Where the weights come from" in page
    csv = client.get("/skp?bentuk=csv").data.decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("Biro Perencanaan;")


def test_versions_say_what_changed(client):
    town = client.town
    with town.wired.database.writing.begin() as connection:
        old = town.house.ids.uuid()
        connection.exec_driver_sql(
            "INSERT INTO plan (id, person_id, cycle_id, version, status) "
            "SELECT ?, person_id, cycle_id, 2, 'draft' FROM plan WHERE id = ?",
            (old, town.ids["plan"]),
        )
        connection.exec_driver_sql(
            "INSERT INTO plan_item (id, plan_id, number, kind, role_kind, title, weight_bp, "
            "origin_item_id) VALUES (?, ?, 1, 'utama', 'home', 'Rencana strategis disahkan', "
            "6000, ?)",
            (town.house.ids.uuid(), old, town.ids["item-1"]),
        )
    client.sign_in("sari")
    page = client.get("/skp").text
    assert "Rencana strategis disahkan" in page
    assert "Evaluasi program terlaksana" in page.partition('id="versions"')[2]


def test_the_matrix_shows_rows_of_other_units_gaps_and_double_covers(planning):
    town = planning.town
    planning.sign_in("budi")
    listed = planning.get("/matriks").text
    assert f"/matriks/{town.ids['u2']}" in listed
    page = planning.get(f"/matriks/{town.ids['u2']}")
    assert "Basis data layanan terawat" in page.text
    gaps = page.text.partition('id="gaps"')[2].partition("</section>")[0]
    assert "Mutu data layanan meningkat" in gaps
    idle = page.text.partition('id="idle"')[2].partition("</section>")[0]
    assert "Tono Hartono" in idle
    sheet = planning.get(f"/matriks/{town.ids['u2']}?bentuk=csv").data.decode("utf-8-sig")
    assert "Modul portal selesai" in sheet
    assert planning.get(f"/matriks/{town.ids['u2']}?bentuk=xlsx").data[:2] == b"PK"
    planning.sign_in("tono")
    assert planning.get(f"/matriks/{town.ids['u2']}").status_code == 404
    planning.sign_in("citra")
    assert "Modul portal selesai" in planning.get("/matriks").text


def test_the_chain_goes_up_to_the_objective_and_down_to_outputs(planning):
    town = planning.town
    open_plan(town, "citra")
    complete(town, "citra", "draft_plan", confirmed=True)
    _, items, _ = plan_of(town, "citra")
    own = next(item for item in items if item.title == "Basis data layanan terawat")
    planning.sign_in("citra")
    page = planning.get(f"/rantai/{town.ids['citra']}?hasil={own.id}").text
    assert "<svg" in page
    assert "S2.1 Data layanan tersedia sepanjang waktu" in page
    squad = next(item for item in items if item.membership_id == town.ids["layanan-citra"])
    below = planning.get(f"/rantai/{town.ids['citra']}?hasil={squad.id}").text
    assert "Panduan layanan" in below
    planning.sign_in("tono")
    assert planning.get(f"/rantai/{town.ids['citra']}").status_code == 404


def cost(client, path):
    with counted(client.town.wired.database.reading) as found:
        answer = client.get(path)
    assert answer.status_code == 200
    return found.count


def serve(town, numbers):
    """So many people of the unit, each with a result that serves Budi's first one."""
    with town.house.writing() as uow:
        for n in numbers:
            person, post, plan, item = (town.house.ids.uuid() for _ in range(4))
            uow.agency.add(
                [Person(id=person, agency_id=town.ids["agency"], nip=f"{n:018d}", name=f"P {n}")]
            )
            uow.agency.add(
                [Post(id=post, unit_id=town.ids["u2"], title="Analis", job_class=JobClass.JF)]
            )
            seat = Appointment(
                id=town.house.ids.uuid(),
                person_id=person,
                post_id=post,
                kind=AppointmentKind.DEFINITIVE,
                valid_from=DAY,
            )
            uow.agency.add([seat])
            uow.performance.add([Plan(id=plan, person_id=person, cycle_id=town.ids["cycle"])])
            row = PlanItem(
                id=item,
                plan_id=plan,
                number=1,
                kind=ItemKind.UTAMA,
                role_kind=RoleKind.HOME,
                title=f"Hasil {n}",
                weight_bp=10_000,
            )
            uow.performance.add([row])
            link = ResultLink(
                id=town.house.ids.uuid(), child_id=item, parent_id=town.ids["budi-1"], at=NOON
            )
            uow.goals.add([link])
        uow.commit()


@pytest.mark.parametrize("path", ["/matriks/{u2}", "/rantai/{budi}?hasil={budi-1}", "/skp/{budi}"])
def test_pages_of_plans_cost_the_same_however_many_serve_them(planning, path):
    planning.sign_in("budi")
    address = re.sub(r"\{([^}]+)\}", lambda found: planning.town.ids[found[1]], path)
    serve(planning.town, range(3))
    few = cost(planning, address)
    serve(planning.town, range(3, 120))
    assert cost(planning, address) <= few  # the first reader warms what the house remembers


def test_a_plan_is_read_in_one_go(planning):
    town = planning.town
    open_plan(town, "citra")
    complete(town, "citra", "draft_plan", confirmed=True)
    planning.sign_in("citra")
    assert planning.get("/skp").status_code == 200
    # what happens next in its process included
    assert cost(planning, "/skp") <= 60
