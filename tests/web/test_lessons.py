"""The library of lessons as people see it: searching, one lesson, both ends of a use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.domain.lessons import Audience, Lesson, LessonTopic, LessonUse
from engine.domain.squads import Squad
from tests.persistence.counting import counted
from tests.web.looking import grave
from tests.web.town import NOON

WORDS = "rapat singkat data terlambat minta lebih awal"


def learnt(town, count=1, **values):
    """Lessons of as many squads of the first one's unit; their ids."""
    made = []
    with town.house.writing() as uow:
        [squad, *_] = uow.contributions.squads(town.ids["agency"])
        for n in range(count):
            held = squad
            if n:
                held = Squad(**{**vars_of(squad), "id": town.house.ids.uuid(), "code": f"X{n}"})
                uow.contributions.add([held])
            key = town.house.ids.uuid()
            row = {
                "id": key,
                "root_id": key,
                "agency_id": held.host_agency_id,
                "unit_id": held.host_unit_id,
                "squad_id": held.id,
                "year": 2026,
                "worked": "Rapat singkat",
                "failed": "Data terlambat",
                "advice": "Minta lebih awal",
                "audience": Audience.LEADS,
                "words": WORDS,
                "written_by": town.ids["citra"],
                "at": NOON + timedelta(minutes=n),
            }
            topic = LessonTopic(lesson_id=key, topic="data")
            uow.lessons.add([Lesson(**{**row, **values}), topic])
            made.append(key)
        uow.commit()
    return made


def vars_of(row):
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def test_lessons_are_searched_by_words_topic_unit_and_year(town, client):
    [key] = learnt(town)
    client.sign_in("tono")
    for query in ("", "?kata=DATA+awal", "?topik=data", "?tahun=2026"):
        assert "Minta lebih awal" in client.get(f"/pelajaran{query}").text, query
    for query in ("?kata=kapal", "?topik=lain", "?tahun=2025", "?unit=tiada"):
        assert "Minta lebih awal" not in client.get(f"/pelajaran{query}").text, query
    assert client.get("/pelajaran?after=x~y&tahun=abcd").status_code == 200
    assert client.get(f"/pelajaran/{key}").status_code == 200
    assert client.get("/pelajaran/tiada").status_code == 404


def test_the_library_goes_on_page_by_page_and_into_files(town, client):
    learnt(town, 52)
    client.sign_in("tono")
    page = client.get("/pelajaran").text
    assert page.count('aria-labelledby="lesson-') == 50
    after = page.split("after=")[1].split('"')[0].replace("&amp;", "&")
    assert client.get(f"/pelajaran?after={after}").text.count('aria-labelledby="lesson-') == 2
    assert client.get("/pelajaran?bentuk=csv").text.count("Minta lebih awal") == 52
    assert client.get("/pelajaran?bentuk=xlsx").status_code == 200


def test_the_library_takes_as_many_statements_for_one_lesson_as_for_fifty(town, client):
    client.sign_in("tono")
    counts = []
    learnt(town)
    for count in (0, 40):
        more(town, count)
        client.get("/pelajaran")
        with counted(town.wired.database.reading) as found:
            client.get("/pelajaran")
        counts.append(found.count)
    assert counts[0] == counts[1]


def more(town, count):
    with town.house.writing() as uow:
        [squad, *_] = uow.contributions.squads(town.ids["agency"])
        first = uow.lessons.of_squad(squad.id).lesson
        for n in range(count):
            held = Squad(**{**vars_of(squad), "id": town.house.ids.uuid(), "code": f"Y{n}"})
            uow.contributions.add([held])
            key = town.house.ids.uuid()
            own = {"id": key, "root_id": key, "squad_id": held.id}
            uow.lessons.add([Lesson(**{**vars_of(first), **own})])
        uow.commit()


def used(town, key, **place):
    with town.house.writing() as uow:
        row = LessonUse(
            id=town.house.ids.uuid(), root_id=key, used_by=town.ids["sari"], at=NOON,
            note="Di rapat pertama", title=place.pop("title"), **place,
        )  # fmt: skip
        uow.lessons.add([row])
        uow.commit()


def test_a_result_that_took_it_up_is_named_to_its_owner_only(town, client):
    [key] = learnt(town)
    with town.house.reading() as uow:
        [cycle] = uow.performance.cycles(town.ids["agency"])
        plan = uow.performance.plan_of(town.ids["sari"], cycle.id)
        item = uow.performance.items(plan.id)[0]
    used(town, key, plan_id=plan.id, item_id=item.id, title=item.title)
    client.sign_in("sari")
    assert item.title in client.get(f"/pelajaran/{key}").text
    assert "Minta lebih awal" in client.get("/skp").text
    client.sign_in("tono")
    page = client.get(f"/pelajaran/{key}").text
    assert item.title not in page
    assert "Di rapat pertama" not in page


def test_a_squad_shows_what_it_learnt(town, client):
    [key] = learnt(town)
    with town.house.reading() as uow:
        squad = uow.contributions.squads(town.ids["agency"])[0]
    client.sign_in("citra")
    assert f"/pelajaran/{key}" in client.get(f"/tim/{squad.id}").text


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_lessons_are_open_to_everybody(town, browse, width):
    [key] = learnt(town)
    page = browse("tono", viewport={"width": width, "height": 800})
    for path in ("/pelajaran", f"/pelajaran/{key}"):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert grave(page) == []
