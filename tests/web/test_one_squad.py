"""One squad, in pages, on the drawings that ship: deliver, accept, claim, attest, ledger."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from engine.domain.outputs import Output, OutputStatus, ShareLine, SharePlan
from engine.usecases.ports.process import Resource
from tests.web.test_pages import hidden
from tests.web.town import NOON, OFFICER, ROOT


def publish_everything(town):
    """All drawings, decisions and forms of the house."""
    paths = [*ROOT.glob("workflows/*/*.bpmn"), *ROOT.glob("workflows/*/*.dmn")]
    paths += ROOT.glob("forms/library/*.form")
    files = tuple(Resource(name=path.name, content=path.read_bytes()) for path in sorted(paths))
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, files, OFFICER)
        uow.commit()


def plan_output(town):
    """A second output, not yet delivered, with the same expected shares."""
    with town.house.writing() as uow:
        first = uow.contributions.get(Output, town.ids["output"])
        fresh = town.ids["output-2"] = town.house.ids.uuid()
        uow.contributions.add(
            [
                replace(
                    first,
                    id=fresh,
                    number=2,
                    title="Kamus data",
                    value_points=20,
                    due_on=date(2026, 6, 20),
                    status=OutputStatus.PLANNED,
                    attainment=None,
                    delivered_by=None,
                    accepted_by=None,
                    accepted_at=None,
                )
            ]
        )
        plan = SharePlan(id=town.house.ids.uuid(), output_id=fresh, version=1, reason="x", at=NOON)
        uow.contributions.add([plan])
        lines = uow.contributions.share_lines(town.ids["output"])
        uow.contributions.add(
            [
                ShareLine(
                    share_plan_id=plan.id,
                    membership_id=line.membership_id,
                    person_id=line.person_id,
                    expected_bp=line.expected_bp,
                )
                for line in lines
            ]
        )
        uow.commit()
    return town.start("contribution", output_id=fresh)


def act(client, login, name, **values):
    """Open the task of that name in one's inbox, fill it in, send it."""
    client.sign_in(login)
    keys = re.findall(r'href="/tugas/(\d+)">([^<]+)<', client.get("/tugas").text)
    key = [key for key, shown in keys if shown == name][-1]  # the other is the town's own
    page = client.get(f"/tugas/{key}")
    answer = client.post(f"/tugas/{key}", page, **{**hidden(page), **values})
    assert answer.status_code == 303, re.findall("<li>(.*)<.li>", answer.text)


def test_a_contribution_goes_from_delivery_to_the_ledger_in_pages(client):
    town = client.town
    publish_everything(town)
    plan_output(town)
    act(client, "budi", "Serahkan keluaran", note="Selesai", link="https://x.go.id/k")
    act(client, "kepala", "Terima keluaran", decision="accept", attainment="104,5", note="Baik")
    act(
        client,
        "sari",
        "Klaim kontribusi",
        mode="own",
        claimed_percent="16",
        contribution_type="analysis",
        degree="equal",
        evidence_link="https://x.go.id/bukti",
        note="Rancangan",
    )
    client.sign_in("budi")
    sheet = client.get(f"/tim/{town.ids['squad']}/atestasi").text
    claims = re.findall(r'href="(/atestasi/tugas/[^"]+)">Sari Wulandari<', sheet)
    shown = client.get(claims[-1].replace("&amp;", "&")).text  # the other is the town's own
    assert "https://x.go.id/bukti" in shown
    assert "Klaim Sari Wulandari" in shown
    act(client, "budi", "Atestasi klaim", decision="attest", commitment="met")
    client.sign_in("sari")
    book = client.get(f"/buku/{town.ids['sari']}").text
    assert "Kamus data" in book
    assert "3,2" in book
