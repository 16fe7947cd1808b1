"""HR sees where the cycle is stuck and reminds; raters and leaders calibrate on a board."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from engine.domain.calibration import Move
from engine.domain.index import IndexLine
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.plans import RoleKind
from engine.domain.ratings import Level, OrgLevel, OrgRating, Predikat, Rating, RatingStatus
from engine.domain.units import JobClass, Post
from engine.usecases.clock import move_clock
from tests.persistence.counting import counted
from tests.web.conftest import token_of
from tests.web.journeys import Journey
from tests.web.looking import grave, overflow
from tests.web.town import DAY, NOON, OFFICER

RATED = {"budi": "kepala", "citra": "budi", "tono": "budi"}
CALIBRATION = (
    "calibration.bpmn", "propose_moves.form", "decide_calibration.form", "evaluation_dates.dmn",
    "predikat.dmn", "distribution.dmn", "pooling.dmn", "workload_flag.dmn", "workload_hours.dmn",
    "election_periods.dmn", "ej_class.dmn",
)  # fmt: skip


@pytest.fixture
def session(town):
    """The calibration of Pusat Data: three people, two raters, the head of the other unit leads."""
    town.deploy(*CALIBRATION)
    with town.house.writing() as uow:
        uow.performance.add([_rating(town, login, rater) for login, rater in RATED.items()])
        uow.performance.add(
            [
                OrgRating(
                    unit_id=town.ids["u2"], cycle_id=town.ids["cycle"], level=OrgLevel.BAIK,
                    decided_by=town.ids["kepala"], at=NOON,
                )
            ]
        )  # fmt: skip
        uow.commit()
    key = f"{town.ids['u2']}:{town.ids['cycle']}"
    with town.house.writing() as uow:
        variables = {"unit_id": town.ids["u2"], "cycle_id": town.ids["cycle"]}
        town.house.runner.start(
            uow, "calibration", variables, town.actor("owner"), business_key=key
        )
        uow.commit()
    return f"/kalibrasi/{town.ids['u2']}"


def _rating(town, login, rater):
    line = IndexLine(
        role="home", role_kind=RoleKind.HOME, name="Pusat Data", weight_bp=10_000,
        attainment=Decimal("101.00"), points=Decimal("101.0000"), level=Level.SESUAI,
    )  # fmt: skip
    return Rating(
        id=town.house.ids.uuid(), person_id=town.ids[login], cycle_id=town.ids["cycle"],
        ihk=Decimal("101.00"), index_lines=(line,), proposed_level=Level.SESUAI,
        result_level=Level.SESUAI, behaviour_level=Level.SESUAI, predikat=Predikat.BAIK,
        rater_id=town.ids[rater], status=RatingStatus.RATED, at=NOON,
    )  # fmt: skip


def moves(town):
    with town.house.reading() as uow:
        session = uow.judging.calibration_of(town.ids["u2"], town.ids["cycle"])
        return session, uow.judging.moves(session.id)


def late(town):
    """Two weeks later, when the tasks of the town are overdue."""
    move_clock(town.house, OFFICER, NOON + timedelta(days=14))


def hidden(page, name):
    """Values of hidden fields of that name, in order."""
    return re.findall(rf'name="{re.escape(name)}" value="([^"]*)"', page.text)


def test_a_rater_moves_somebody_with_a_plain_form_and_a_reason(client, town, session):
    client.sign_in("budi")
    listed = client.get("/kalibrasi")
    assert session in listed.text
    board = client.get(session)
    assert "Citra Anggraini" in board.text
    assert "Tono Hartono" in board.text
    panel = client.get(f"{session}?pegawai={town.ids['citra']}&ke=sangat_baik")
    assert panel.text.count('value="di_atas" selected') == 2
    typed = {"pegawai": town.ids["citra"], "hasil": "di_atas", "perilaku": "di_atas"}
    refused = client.post(session, panel, **typed, alasan=" ")
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    kept = client.post(session, panel, **typed, alasan="Hasilnya dipakai tiga unit")
    assert kept.status_code == 303
    _row, made = moves(town)
    assert made == []
    board = client.get(session)
    assert "Hasilnya dipakai tiga unit" in board.text
    fields = dict(re.findall(r'name="(moves-[^"]+)" value="([^"]*)"', board.text))
    assert fields["moves-0-result_level"] == "di_atas"
    task = re.search(r'action="(/tugas/\d+)"', board.text)[1]
    sent = client.post(task, board, **fields, _next=session, _version=hidden(board, "_version")[0])
    assert sent.status_code == 303, sent.text
    assert sent.location == session
    _row, [made] = moves(town)
    assert isinstance(made, Move)
    assert (made.person_id, made.moved_by) == (town.ids["citra"], town.ids["budi"])
    assert (made.before_predikat, made.after_predikat) == (Predikat.BAIK, Predikat.SANGAT_BAIK)
    told = client.get(session)
    assert "Hasilnya dipakai tiga unit" in told.text
    csv = client.get(f"{session}?bentuk=csv&tabel=perpindahan").text
    assert "Citra Anggraini;Baik;Sangat Baik;Budi Santoso" in csv


def test_a_move_can_be_undone_before_it_is_sent(client, town, session):
    client.sign_in("budi")
    board = client.get(session)
    move = {"pegawai": town.ids["tono"], "hasil": "sesuai", "perilaku": "di_bawah"}
    client.post(session, board, **move, alasan="Dua kali terlambat tanpa kabar")
    assert "Dua kali terlambat" in client.get(session).text
    client.post(session, board, pegawai=town.ids["tono"], hasil="sesuai", perilaku="sesuai")
    assert "Dua kali terlambat" not in client.get(session).text


def test_a_board_takes_the_same_statements_for_few_people_and_many(client, town, session):
    def colleagues(numbers):
        with town.house.writing() as uow:
            for n in numbers:
                town.ids[f"rekan {n}"] = who = f"p{n:035d}"
                uow.agency.add([Person(id=who, agency_id=town.ids["agency"], nip=f"{n:018d}",
                                       name=f"Rekan {n}")])  # fmt: skip
                post = Post(id=f"o{n:035d}", unit_id=town.ids["u2"], title="Analis",
                            job_class=JobClass.JF)  # fmt: skip
                uow.agency.add([post])
                seat = Appointment(id=f"a{n:035d}", person_id=who, post_id=post.id,
                                   kind=AppointmentKind.DEFINITIVE, valid_from=DAY)  # fmt: skip
                uow.agency.add([seat])
                uow.performance.add([_rating(town, f"rekan {n}", "budi")])
            uow.commit()

    def statements():
        client.get(session)
        with counted(town.wired.database.reading) as found:
            board = client.get(session)
        return board, [text for text in found.texts if "clock.pinned_at" not in text]

    client.sign_in("kepala")
    colleagues(range(5))
    board, few = statements()
    assert "Rekan 4" in board.text
    colleagues(range(5, 200))
    board, many = statements()
    assert "Rekan 199" in board.text
    assert len(many) == len(few) <= 60


def test_nobody_sees_his_own_card_and_outsiders_see_no_board(client, town, session):
    client.sign_in("budi")
    assert "kartu-" + town.ids["budi"] not in client.get(session).text
    client.sign_in("kepala")
    assert "kartu-" + town.ids["budi"] in client.get(session).text
    for login in ("citra", "sari"):
        client.sign_in(login)
        assert client.get(session).status_code == 404
        assert client.post(session, client.get("/tugas"), pegawai="x").status_code == 404


def test_the_leader_closes_after_the_raters(client, town, session):
    client.sign_in("budi")
    send(client, session)
    client.sign_in("kepala")
    board = client.get(session)
    assert 'name="override_reason"' in board.text
    send(client, session, override_reason="Capaian unit merata")
    closed, _ = moves(town)
    assert closed.state == "closed"
    assert client.get(session).status_code == 200
    assert "draggable" not in client.get(session).text


def send(client, session, **more):
    board = client.get(session)
    fields = dict(re.findall(r'name="(moves-[^"]+)" value="([^"]*)"', board.text))
    task = re.search(r'action="(/tugas/\d+)"', board.text)[1]
    answer = client.post(task, board, **fields, **more, _next=session)
    assert answer.status_code == 303, answer.text


def test_hr_sees_who_is_late_because_of_whom_and_reminds_in_one_press(client, town, session):
    late(town)
    client.sign_in("kepala")
    page = client.get("/radar")
    assert page.status_code == 200
    keys = hidden(page, "task")
    assert keys
    answer = client.http.post("/radar/ingatkan", data={"csrf_token": token_of(page), "task": keys})
    assert answer.status_code == 303
    result = client.get(answer.location)
    with town.house.reading() as uow:
        waiting = uow.outbox.waiting("reminder")
    assert len(waiting) == len(keys)
    assert all(f"asked:2026-06-15:{key}" in {k for _, k, _ in waiting} for key in keys)
    assert result.status_code == 200
    client.http.post("/radar/ingatkan", data={"csrf_token": token_of(page), "task": keys})
    with town.house.reading() as uow:
        assert len(uow.outbox.waiting("reminder")) == len(keys)
    for path in ("/radar/hambatan", "/radar/hambatan?keadaan=semua", "/radar/partisipasi", "/beban",
                 f"/beban/{town.ids['sari']}", "/beban?lebih=1"):  # fmt: skip
        assert client.get(path).status_code == 200, path
    for path in ("/radar", "/radar/hambatan", "/radar/partisipasi", "/beban"):
        for form in ("csv", "xlsx"):
            assert client.get(f"{path}?bentuk={form}").status_code == 200, path
    client.sign_in("sari")
    assert client.get("/radar").status_code == 403
    assert client.get("/beban").status_code == 403
    assert client.get(f"/beban/{town.ids['sari']}").status_code == 200
    client.sign_in("budi")
    assert "Sari Wulandari" not in client.get("/beban").text


def test_evidence_by_job_opens_to_the_months_behind_it(town, client, session):
    client.sign_in("kepala")
    page = client.get("/beban/bukti").text
    rows = re.findall(r'href="(/beban/bukti/orang[^"]+)"', page)
    assert rows
    for form in ("csv", "xlsx"):
        for table in ("bukti-abk", "bukti-bulan"):
            assert client.get(f"/beban/bukti?bentuk={form}&tabel={table}").status_code == 200
    behind = client.get(rows[0].replace("&amp;", "&"))
    assert behind.status_code == 200
    assert client.get(rows[0].replace("&amp;", "&") + "&bentuk=csv").text.count("\r\n") % 12 == 1
    assert client.get("/beban/bukti/orang?unit=tiada&jabatan=x").status_code == 404
    assert client.get("/beban/bukti?unit=tiada").status_code == 404
    client.sign_in("sari")
    assert client.get("/beban/bukti").status_code == 403


SIZES = [pytest.param(360, id="telephone"), pytest.param(1280, id="desk")]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "script"), [(360, False), (1280, True)])
def test_hr_goes_from_the_radar_to_the_result(browse, town, session, width, script, request):
    late(town)
    options = {"viewport": {"width": width, "height": 800}}
    page = browse("kepala", java_script_enabled=script, **options)
    count = Journey(page, f"remind late holders at {width} px, {'with' if script else 'no'} script")
    count.goto("/radar")
    for place in range(page.locator("input[name=task]").count()):
        count.tick(f"input[name=task] >> nth={place}")
    count.click("main form[action='/radar/ingatkan'] button.button", leads_on=True)
    assert page.url.endswith("/radar/pengingat")
    expect(page.locator("tbody tr th")).not_to_have_count(0)
    count.record(request)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "way"),
    [(360, "keyboard"), (360, "plain"), (1280, "keyboard"), (1280, "drag"), (1280, "plain")],
)
def test_a_rater_moves_a_card(browse, town, session, width, way):
    options = {"viewport": {"width": width, "height": 900}}
    page = browse("budi", java_script_enabled=way != "plain", **options)
    page.goto(session)
    card = page.locator(f"#kartu-{town.ids['citra']}")
    if way == "keyboard":
        card.locator("a[data-move]").focus()
        with page.expect_navigation():
            page.keyboard.press("ArrowLeft")
    elif way == "drag":
        with page.expect_navigation():
            card.drag_to(page.locator("[data-predikat=sangat_baik]"))
    else:
        with page.expect_navigation():
            card.locator("a[data-move]").click()
        page.select_option("#move-result", "di_atas")
        page.select_option("#move-behaviour", "di_atas")
    assert page.input_value("#move-result") == "di_atas"
    page.fill("#move-reason", "Hasilnya dipakai tiga unit")
    page.click("#pindah button.button")
    moved = page.locator(f"[data-predikat=sangat_baik] #kartu-{town.ids['citra']}")
    moved.wait_for()
    page.click("form[action^='/tugas/'] button.button")
    page.wait_for_url(f"**{session}")
    _, [made] = moves(town)
    assert made.reason == "Hasilnya dipakai tiga unit"


@pytest.mark.browser
@pytest.mark.parametrize("width", SIZES)
def test_the_agency_s_pages_are_accessible_and_no_wider_than_the_screen(
    browse, town, session, width
):
    late(town)
    page = browse("kepala", viewport={"width": width, "height": 900})
    paths = [
        "/radar", "/radar/hambatan?keadaan=semua", "/radar/pengingat", "/radar/partisipasi",
        "/kalibrasi", session, f"{session}?pegawai={town.ids['budi']}&ke=kurang", "/beban",
        f"/beban/{town.ids['sari']}", "/beban/bukti",
    ]  # fmt: skip
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert overflow(page) == 0, path
        expect(page.locator("h1"), path).to_have_count(1)
        assert grave(page) == [], path
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                'main a.button, main button, main input, main select')]
              .filter((one) => one.type !== 'hidden' && one.offsetParent)
              .map((one) => (one.closest('label') ?? one).getBoundingClientRect())
              .filter((box) => box.width < 24 || box.height < 24).length"""
        )
        assert small == 0, path
