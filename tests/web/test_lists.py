"""Lists take the same statements for few rows and many, and their pages meet."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.persistence.tables.agency import unit
from engine.persistence.tables.judging import calibration
from engine.persistence.tables.workplace import notice
from tests.persistence.counting import counted
from tests.web.town import NOON

FEW, MANY = 1_000, 100_000


def statements(client, path):
    """Of the second look: what is read once for all is read."""
    assert client.get(path).status_code == 200
    with counted(client.town.wired.database.reading) as found:
        page = client.get(path)
    return page, [text for text in found.texts if "clock.pinned_at" not in text]


def notices(town, numbers):
    with town.house.writing() as uow:
        rows = [
            {
                "id": f"n{n:035d}", "person_id": town.ids["sari"], "kind": "reminder",
                "key": f"reminder {n}", "path": f"/tugas/{7_000 + n}", "facts": {},
                "at": NOON - timedelta(minutes=n), "read_at": None if n % 2 else NOON,
            }
            for n in numbers
        ]  # fmt: skip
        uow.connection.execute(notice.insert(), rows)
        uow.commit()


def sessions(town, numbers):
    """So many units below the ministry, each with its session."""
    with town.house.writing() as uow:
        units = [
            {
                "id": f"c{n:035d}", "agency_id": town.ids["agency"], "code": f"X{n:06d}",
                "name": f"Bidang {n}", "parent_id": town.ids["u2"],
            }
            for n in numbers
        ]  # fmt: skip
        rows = [
            {
                "id": f"s{n:035d}", "unit_id": f"c{n:035d}", "cycle_id": town.ids["cycle"],
                "leader_id": town.ids["kepala"], "state": "open", "reason": "",
                "opened_at": NOON, "closed_at": None,
            }
            for n in numbers
        ]  # fmt: skip
        uow.connection.execute(unit.insert(), units)
        uow.connection.execute(calibration.insert(), rows)
        uow.commit()


@pytest.mark.parametrize(
    ("path", "login", "fill", "many"),
    [("/pemberitahuan", "sari", notices, MANY), ("/kalibrasi", "kepala", sessions, 3_000)],
)
def test_a_list_takes_the_same_statements_for_few_rows_and_many(client, path, login, fill, many):
    client.sign_in(login)
    few = min(FEW, many // 3)
    fill(client.town, range(few))
    first, before = statements(client, path)
    fill(client.town, range(few, many))
    page, after = statements(client, path)
    assert after == before
    assert len(after) <= 30
    assert first.text.count("<li") == page.text.count("<li")


@pytest.mark.parametrize(
    ("path", "login", "fill", "row"),
    [
        ("/pemberitahuan", "sari", notices, r"/tugas/7\d+"),
        ("/kalibrasi", "kepala", sessions, r"/kalibrasi/c\d+"),
    ],
)
def test_pages_of_a_list_meet_and_all_rows_come(client, path, login, fill, row):
    client.sign_in(login)
    fill(client.town, range(120))
    seen = []
    while path:
        page = client.get(path).text
        seen += dict.fromkeys(re.findall(row, page))
        links = re.findall(r'href="([^"]*after=[^"]+)"', page)
        onward = [link.replace("&amp;", "&") for link in links if "bentuk=" not in link]
        path = next(iter(onward), None)
    assert len(seen) == len(set(seen)) == 120
