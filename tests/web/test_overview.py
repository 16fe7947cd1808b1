"""What a process owner sees first."""

from __future__ import annotations

from engine.usecases.ports.process import Resource
from tests.persistence.counting import counted
from tests.web.town import HERE, OFFICER


def test_it_says_what_runs_where_most_waits_and_hands_the_table_out(client):
    page = client.sign_in("owner").get("/proses/ikhtisar")
    assert page.status_code == 200
    assert "Isi permohonan cuti" in page.text
    assert "/proses?proses=cuti" in page.text
    sheet = client.get("/proses/ikhtisar?bentuk=csv")
    assert sheet.mimetype == "text/csv"
    assert client.sign_in("sari").get("/proses/ikhtisar").status_code == 403


def test_an_older_version_that_still_runs_is_counted_apart(client):
    town = client.town
    drawing = (HERE / "drawings" / "cuti.bpmn").read_bytes()
    xml = drawing.replace(b"Permohonan cuti", b"Permohonan cuti baru")
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, (Resource(name="cuti.bpmn", content=xml),), OFFICER)
        uow.commit()
    town.start("cuti", person_id=town.ids["sari"], due_at="2026-06-05T17:00:00+07:00", subject="x")
    rows = client.sign_in("owner").get("/proses/ikhtisar?bentuk=csv").text.splitlines()
    (row,) = [one for one in rows if "cuti baru" in one]
    assert row.split(";")[1] == "2"
    assert row.split(";")[3:5] == ["2", "1"]


def test_more_instances_take_no_more_statements(client):
    town = client.town
    client.sign_in("owner").get("/proses/ikhtisar")
    with counted(town.wired.database.reading) as few:
        client.get("/proses/ikhtisar")
    for n in range(20):
        town.start(
            "cuti", person_id=town.ids["sari"], due_at="2026-06-05T17:00:00+07:00", subject=str(n)
        )
    with counted(town.wired.database.reading) as many:
        client.get("/proses/ikhtisar")
    assert many.count == few.count
