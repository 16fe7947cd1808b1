"""Forecasts: one's own page first, the unit's list afterwards, and never on a rating's page."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.domain.forecasts import (
    WHOLE_CYCLE,
    DriverKind,
    EarlyWarning,
    Forecast,
    Need,
    Point,
    answer,
)
from engine.domain.indicators import Aspect
from engine.domain.plans import Measurement, Progress
from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.persistence.counting import counted
from tests.web.looking import grave, overflow
from tests.web.town import NOON, OFFICER, ROOT
from web.pictures.outlook import HEIGHT, WIDTH, outlined

#: where people are rated, calibrated, objected about, or looked at by who rates them
RATING_PAGES = (
    "/evaluasi",
    "/kalibrasi",
    "/keberatan",
    "/bawahan",
    "/tindak-lanjut",
    "/api/people",
)
#: who may know of forecasts: their own room, and the lists that name every room
KNOWS = re.compile(
    r"engine/(domain/forecasts|forecasting/|usecases/(forecasting|answers/forecasts"
    r"|operations/(early_warnings|registry)|ports/(forecasts|forecasting|work)|host_functions"
    r"|decisions|means|rights|audit_tags)|persistence/(stores/forecasts|tables/forecasts|schema|unit_of_work"
    r"|migrations/))|(api|web)/(forecasts|register|pages|navigation|operation_words"
    r"|operation_results|readings/audit_words|guides|readings/forecasts|screens/forecasts|pictures/outlook)|app/(wiring|route_access|demo/(command|explained))"
)
FIGURE = Decimal("43.21")


@pytest.fixture
def recorded(town):
    """Sari's first indicator has one record; the agency forecasts from one on, from nothing."""
    at = NOON
    made = Progress(
        id=town.house.ids.uuid(), item_id=town.ids["item-1"], period_id=town.ids["period"],
        actual=Decimal(5), attainment=FIGURE, note="", evidence_id=None,
        recorded_by=town.ids["sari"], at=at,
    )  # fmt: skip
    line = Measurement(
        id=town.house.ids.uuid(), progress_id=made.id, indicator_id=town.ids["measure-1"],
        actual=Decimal(5), attainment=FIGURE,
    )  # fmt: skip
    with town.house.writing() as uow:
        uow.performance.add([made, line])
        uow.commit()
    rules = (ROOT / "workflows/early_warning/forecast_rules.dmn").read_bytes()
    eager = rules.replace(b"<text>2</text>", b"<text>1</text>", 1)
    eager = eager.replace(b"<text>30</text>", b"<text>0</text>")
    deploy(town.house, OFFICER, (Resource(name="forecast_rules.dmn", content=eager),))
    return town


def warn(town, login="sari", measure="measure-1", **more):
    now = town.house.clock.now()
    row = EarlyWarning(
        id=town.house.ids.uuid(), agency_id=town.ids["agency"], person_id=town.ids[login],
        cycle_id=town.ids["cycle"], indicator_id=town.ids[measure], period_id=town.ids["period"],
        aspect=Aspect.KUANTITAS, last=FIGURE, expected=FIGURE, low=Decimal(20), high=Decimal(70),
        driver=DriverKind.TREND, points=1, at=now, opens_at=now + timedelta(days=7), **more,
    )  # fmt: skip
    with town.house.writing() as uow:
        uow.forecasts.add([row])
        uow.commit()
    return row


def test_everybody_reads_his_own_forecast_with_its_picture_and_its_arithmetic(client, recorded):
    client.sign_in("sari")
    page = client.get("/perkiraan")
    assert page.status_code == 200
    assert page.text.count('class="outlook"') == 1
    assert "43,21" in page.text
    for form in ("csv", "xlsx"):
        assert client.get(f"/perkiraan?bentuk={form}&tabel=perkiraan-1").status_code == 200
    said = client.get("/api/me/forecasts").json
    assert [one["lack"] for one in said["items"]] == [None, "few_points"]
    assert said["items"][0]["forecast"]["expected"] == "43.21"


def test_the_unit_reads_a_warning_only_after_its_employee_looked(client, recorded):
    warn(recorded)
    client.sign_in("kepala")
    assert "Sari Wulandari" not in client.get("/perkiraan/unit").text
    assert client.get("/api/early-warnings").json["items"] == []
    client.sign_in("sari")
    assert client.get("/perkiraan/unit").status_code == 403
    assert client.get("/perkiraan").status_code == 200
    client.sign_in("kepala")
    assert "Sari Wulandari" in client.get("/perkiraan/unit").text
    assert client.get("/perkiraan/unit?bentuk=csv&tabel=peringatan").status_code == 200
    assert len(client.get("/api/early-warnings").json["items"]) == 1
    client.sign_in("budi")
    assert "Sari Wulandari" not in client.get("/perkiraan/unit").text


def test_a_warning_that_was_only_announced_waits_for_the_days_of_the_employee(client, recorded):
    row = warn(recorded)
    with recorded.house.writing() as uow:
        uow.forecasts.put(answer(row, NOON, Need.TRAINING, None, "Belajar peta"))
        uow.commit()
    client.sign_in("kepala")
    page = client.get("/perkiraan/unit")
    assert "Sari Wulandari" in page.text
    assert "Belajar peta" not in page.text


def test_the_list_takes_the_same_statements_for_one_and_for_many(client, recorded):
    client.sign_in("kepala")
    database = recorded.wired.database.reading
    warn(recorded, seen_at=NOON)
    client.get("/perkiraan/unit")
    with counted(database) as one:
        client.get("/perkiraan/unit")
    for measure in ("measure-2", "measure-3"):
        warn(recorded, measure=measure, seen_at=NOON)
    with counted(database) as many:
        client.get("/perkiraan/unit")
    assert many.count == one.count


def test_no_page_of_a_rating_an_evaluation_or_a_calibration_shows_a_forecast(client, recorded):
    warn(recorded, seen_at=NOON)
    ids = {"person_id": "sari", "unit_id": "u1", "squad_id": "squad", "cycle_id": "cycle"}
    looked = 0
    for login in ("sari", "kepala", "budi"):
        client.sign_in(login)
        for rule in recorded.app.url_map.iter_rules():
            if "GET" not in rule.methods or not rule.rule.startswith(RATING_PAGES):
                continue
            path = re.sub(
                r"<(?:\w+:)?(\w+)>", lambda m: recorded.ids.get(ids.get(m[1], ""), "x"), rule.rule
            )
            page = client.get(path)
            looked += page.status_code == 200
            _, _, main = page.text.partition("<main")
            for word in ("/perkiraan", "outlook", "early-warning", "orecast", "eringatan dini"):
                assert word not in (main or page.text), (login, path, word)
    assert looked >= 10


def test_no_rule_of_a_rating_reads_a_forecast():
    reading = [
        str(path.relative_to(ROOT))
        for floor in ("engine", "api", "web", "app", "forms")
        for path in (ROOT / floor).rglob("*.py")
        if re.search(r"\bforecast(s|ing|er)?\b|early_warnings\b|EarlyWarning", path.read_text())
    ]
    assert [name for name in reading if not KNOWS.match(name)] == []


def test_the_picture_lies_inside_its_frame():
    points = [Point(elapsed_e4=at, attainment=Decimal(at) / 100) for at in (2500, 5000, 7500)]
    said = Forecast(
        last=Decimal(75), expected=Decimal(118), low=Decimal(80), high=Decimal(120), drivers=(),
        points=3, pairs=9,
    )  # fmt: skip
    made = outlined(points, said)
    end, high, low = made.interval
    assert 0 < made.dots[0][0] < made.dots[-1][0] == made.way[0] < end == made.way[2] < WIDTH
    assert 0 < high <= made.way[3] <= low < HEIGHT
    assert outlined([Point(elapsed_e4=WHOLE_CYCLE, attainment=Decimal(0))], said).dots[0][0] == end


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_both_pages_fit_and_can_be_read_by_everybody(browse, recorded, width):
    warn(recorded, seen_at=NOON)
    size = {"viewport": {"width": width, "height": 800}}
    for login, path in (("sari", "/perkiraan"), ("kepala", "/perkiraan/unit")):
        page = browse(login, **size)
        page.goto(path)
        assert not overflow(page)
        assert grave(page) == []
