"""Squads in pages: what waits for a lead, one squad, an output's bar, a place, the handover."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from engine.domain.formation import (
    Candidate,
    CandidateState,
    Formation,
    FormationStatus,
    Way,
)
from engine.domain.joining import ChangeKind, ChangeStatus, SquadChange
from engine.domain.outputs import Output, OutputStatus, ShareLine, SharePlan
from engine.domain.squads import Membership, Squad, SquadRole
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.reminders import RemindHolders, remind_holders
from engine.usecases.tasks import CompleteTask, complete_task
from tests.persistence.counting import counted
from tests.web.journeys import Journey
from tests.web.looking import grave, overflow
from tests.web.test_one_squad import publish_everything
from tests.web.town import NOON

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def planned(town, shares=(5000, 2500, 2500)):
    """A second output with shares of Budi, Sari and Citra; its contribution runs."""
    publish_everything(town)
    fresh = town.ids["output-2"] = town.house.ids.uuid()
    with town.house.writing() as uow:
        first = uow.contributions.get(Output, town.ids["output"])
        output = replace(
            first, id=fresh, number=2, title="Kamus data", value_points=20,
            due_on=date(2026, 6, 20), status=OutputStatus.PLANNED, attainment=None,
            delivered_by=None, accepted_by=None, accepted_at=None,
        )  # fmt: skip
        uow.contributions.add([output])
        plan = SharePlan(id=town.house.ids.uuid(), output_id=fresh, version=1, reason="", at=NOON)
        uow.contributions.add([plan])
        uow.contributions.add(
            [
                ShareLine(
                    share_plan_id=plan.id,
                    membership_id=town.ids[f"member-{login}"],
                    person_id=town.ids[login],
                    expected_bp=share,
                )
                for login, share in zip(("budi", "sari", "citra"), shares, strict=True)
            ]
        )
        uow.commit()
    town.start("contribution", output_id=fresh)
    return fresh


def do(town, login, element, **values):
    """Complete somebody's open task at its element; his newest one."""
    task = [one for one in town.tasks(login) if one.element_id == element][-1]
    complete_task(town.house, town.actor(login), CompleteTask(task_key=task.key, variables=values))


def delivered(town):
    """The second output handed over and taken: everybody may claim it."""
    output = planned(town)
    do(town, "budi", "deliver_output", note="Selesai", link="https://x.go.id/k")
    do(town, "kepala", "accept_output", decision="accept", attainment=100, note="Baik")
    town.wired.worker().drain()
    return output


def claimed(town, login="sari"):
    do(
        town, login, "claim", mode="own", claimed_percent=25, contribution_type="analysis",
        degree="equal", evidence_link="https://x.go.id/bukti", note="Rancangan",
    )  # fmt: skip


def contested(town):
    """Shares that members do not agree with: the sponsor has to settle them."""
    planned(town)
    town.start("squad_shares", squad_id=town.ids["squad"], title="Tim Satu Data")
    for login in ("budi", "sari", "citra"):
        do(town, login, "answer_shares", answer="differ", note="Belum sesuai")
    return next(one.key for one in town.tasks("kepala") if one.element_id == "settle_shares")


def test_a_lead_sees_what_waits_and_reminds_everybody_once_a_day(client):
    town = client.town
    delivered(town)
    claimed(town)
    client.sign_in("budi")
    page = client.get("/tim")
    assert "Kamus data" in page.text
    waiting = page.text[page.text.index('id="to-attest"') : page.text.index('id="pools"')]
    key = next(one.key for one in town.tasks("budi") if one.output_id == town.ids["output-2"]
               and one.element_id == "attest")  # fmt: skip
    assert f"/tugas/{key}?_next=/tim" in waiting.replace("%2F", "/")
    path = f"/tim/{town.ids['squad']}/ingatkan"
    for reminded in (1, 0):
        answer = client.post(path, client.get("/tim"), _next="/tim")
        assert (answer.status_code, answer.location) == (303, "/tim")
        with town.house.reading() as uow:
            told = uow.workplace.notices(town.ids["citra"])
            letters = [key for _, key, _ in uow.outbox.waiting("reminder") if "asked:" in key]
        assert sum(one.key.startswith("asked:") for one in told) == 1
        assert len(letters) == 1
        assert (f"{reminded}." in client.get("/tim").text) or not reminded
    with town.house.reading() as uow:
        # nobody reminds himself
        assert not uow.workplace.notices(town.ids["budi"])


def test_who_was_reminded_by_hr_today_is_not_reminded_again_by_his_lead(client):
    town = client.town
    delivered(town)
    claimed(town)
    keeper = Actor(
        kind=ActorKind.PERSON,
        name=town.ids["citra"],
        person_id=None,
        groups=frozenset({"hr"}),
        agency_id=town.ids["agency"],
    )
    keys = tuple(
        one.key for one in town.tasks("citra") if one.element_id in ("claim", "claim_early")
    )
    assert remind_holders(town.house, keeper, RemindHolders(task_keys=keys)).reminded == len(keys)
    client.sign_in("budi")
    path = f"/tim/{town.ids['squad']}/ingatkan"
    client.post(path, client.get("/tim"), _next="/tim")
    with town.house.reading() as uow:
        asked = [key for _, key, _ in uow.outbox.waiting("reminder") if "asked:" in key]
    assert len(asked) == len(keys) > 0


def about_squads(found):
    """How many of the statements ask about squads; the session has clocks of its own."""
    return sum("squad" in text for text in found.texts)


def test_the_list_costs_as_many_statements_for_a_hundred_squads_as_for_one(client):
    town = client.town
    client.sign_in("budi")
    client.get("/tim")
    with counted(town.wired.database.reading) as few:
        client.get("/tim")
    with town.house.writing() as uow:
        first = uow.contributions.get(Squad, town.ids["squad"])
        member = uow.contributions.get(Membership, town.ids["member-budi"])
        fresh = [(town.house.ids.uuid(), f"Z-{n:03d}") for n in range(100)]
        uow.contributions.add([replace(first, id=key, code=code) for key, code in fresh])
        uow.contributions.add(
            [replace(member, id=town.house.ids.uuid(), squad_id=key) for key, _ in fresh]
        )
        uow.commit()
    with counted(town.wired.database.reading) as many:
        page = client.get("/tim").text
    assert about_squads(many) == about_squads(few) > 0
    more = re.search(r'href="(/tim\?after=[^"]+)"', page)[1]
    assert page.count('class="card task"') == 50
    assert "Z-049" in client.get(more).text


def test_open_calls_are_weighed_and_a_volunteer_is_told_that_he_applied(client):
    town = client.town
    publish_everything(town)
    call = Formation(
        id=town.house.ids.uuid(), agency_id=town.ids["agency"], host_unit_id=town.ids["u2"],
        way=Way.VOLUNTEERS, name="Tim Arsip", code="T-9", letter_no="",
        sponsor_id=town.ids["kepala"], opened_by=town.ids["kepala"], starts_on=date(2026, 7, 1),
        ends_on=date(2026, 12, 31), person_days=40, places=2, competence="Kearsipan",
        apply_until=date(2026, 6, 20), status=FormationStatus.GATHERING, squad_id=None, at=NOON,
    )  # fmt: skip
    with town.house.writing() as uow:
        uow.formation.add([call])
        uow.commit()
    client.sign_in("tono")
    page = client.get("/tempat").text
    link = re.search(rf'href="(/tempat\?panggilan={call.id}[^"]+)"', page)[1]
    weighed = client.get(link.replace("&amp;", "&")).text
    assert "Tim Arsip" in weighed
    start = re.search(r'href="(/mulai/squad_volunteer\?[^"]+effort_percent[^"]+)"', weighed)[1]
    form = client.get(start.replace("&amp;", "&")).text
    assert re.search(rf'<option value="{call.id}" selected>', form)
    wanted = Candidate(
        id=town.house.ids.uuid(), formation_id=call.id, person_id=town.ids["tono"],
        role=SquadRole.ANGGOTA, effort_bp=2000, motive="Berpengalaman",
        state=CandidateState.PROPOSED, reason="", decided_by=None, at=NOON,
    )  # fmt: skip
    with town.house.writing() as uow:
        uow.formation.add([wanted])
        uow.commit()
    assert "tag--note" in client.get("/tempat").text.split('id="calls"')[1]


def test_the_page_of_a_squad_tells_letter_people_outputs_and_what_happens_next(client):
    town = client.town
    delivered(town)
    client.sign_in("budi")
    page = client.get(f"/tim/{town.ids['squad']}").text
    for words in ("ST-12/2026", "Pusat Data", "Ratna Dewi Lestari", "Citra Anggraini", "30%",
                  "Klaim kontribusi", "Kamus data", "60"):  # fmt: skip
        assert words in page
    nip = town.nip("citra")
    assert f"kind=exit&amp;member_nip={nip}" in page
    table = client.get(f"/tim/{town.ids['squad']}?bentuk=csv&tabel=anggota").text
    assert nip in table
    assert (
        "Portal data terpadu" in client.get(f"/tim/{town.ids['squad']}?bentuk=csv&tabel=hasil").text
    )
    client.sign_in("citra")
    assert "kind=exit" not in client.get(f"/tim/{town.ids['squad']}").text
    assert client.post(f"/tim/{town.ids['squad']}/ingatkan", client.get("/tim")).status_code == 403
    assert client.get(f"/tim/{town.ids['squad']}/serah-terima").status_code == 403
    client.sign_in("tono")
    assert client.get(f"/tim/{town.ids['squad']}").status_code == 404


def test_a_change_of_lead_is_filled_in_and_the_next_lead_finds_the_pack_at_his_task(client):
    town = client.town
    publish_everything(town)
    client.sign_in("budi")
    assert "kind=lead" not in client.get(f"/tim/{town.ids['squad']}").text
    client.sign_in("kepala")
    page = client.get(f"/tim/{town.ids['squad']}").text
    link = next(one for one in re.findall(r'href="(/mulai/squad_change[^"]+)"', page)
                if "kind=lead" in one and town.nip("citra") in one)  # fmt: skip
    form = client.get(link.replace("&amp;", "&")).text
    assert re.search(rf'<option value="{town.ids["squad"]}" selected>', form)
    assert re.search(r'value="lead" checked', form)
    assert town.nip("citra") in form.replace(" ", "")
    answer = client.post(
        link.split("?")[0], client.get(link.replace("&amp;", "&")), squad_id=town.ids["squad"],
        kind="lead", member_nip=town.nip("citra"), from_on="2026-07-01", effort_percent="30",
        reason="Budi pindah tugas", handover="Dua keluaran terbuka",
        _next=f"/tim/{town.ids['squad']}",
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, f"/tim/{town.ids['squad']}")
    town.wired.worker().drain()
    key = next(one.key for one in town.tasks("citra") if one.element_id == "sign_membership")
    client.sign_in("citra")
    task = client.get(f"/tugas/{key}").text
    pack = f"/tim/{town.ids['squad']}/serah-terima"
    assert pack in task
    assert "/tempat?keanggotaan=" in task
    assert "Dua keluaran terbuka" in client.get(pack).text
    client.sign_in("sari")
    assert client.get(pack).status_code == 403


def test_the_pack_prints_as_a_page_and_as_pdf(client):
    town = client.town
    delivered(town)
    claimed(town)
    with town.house.writing() as uow:
        uow.formation.add(
            [
                SquadChange(
                    id=town.house.ids.uuid(), squad_id=town.ids["squad"], kind=ChangeKind.LEAD,
                    person_id=town.ids["citra"], role=SquadRole.KETUA, effort_bp=3000,
                    decided_on=NOON.date(), effective_on=date(2026, 7, 1), reason="Pindah",
                    handover="Kamus data tinggal uji mutu", proposed_by=town.ids["kepala"],
                    second_by=None, status=ChangeStatus.WRITTEN, at=NOON,
                )
            ]
        )  # fmt: skip
        uow.commit()
    client.sign_in("budi")
    path = f"/tim/{town.ids['squad']}/serah-terima"
    for page in (client.get(path).text, client.get(f"{path}?bentuk=cetak").text):
        for words in ("Kamus data tinggal uji mutu", "Sari Wulandari", "Portal data terpadu"):
            assert words in page
    found = client.get(f"{path}?bentuk=pdf")
    assert found.status_code in {200, 503}
    assert found.status_code == 503 or found.data.startswith(b"%PDF")


def test_an_output_reads_a_hundred_per_cent_and_keeps_its_versions(client):
    town = client.town
    contested(town)
    client.sign_in("sari")
    page = client.get(f"/hasil/{town.ids['output']}").text
    assert 'x="0" y="0" width="6000"' in page
    assert "23%" in page
    second = client.get(f"/hasil/{town.ids['output-2']}").text
    assert "Belum sesuai" in second
    assert second.count('class="lines__wide"') == 2
    assert "100%" in client.get(f"/hasil/{town.ids['output']}?bentuk=csv").text
    client.sign_in("tono")
    assert client.get(f"/hasil/{town.ids['output']}").status_code == 404


def test_a_place_is_weighed_with_its_arithmetic_and_faults_are_named(client):
    publish_everything(client.town)
    client.sign_in("sari")
    page = client.get("/tempat?waktu=20&dari=2026-07-01").text
    assert "120%" in page
    table = client.get("/tempat?waktu=20&dari=2026-07-01&bentuk=csv&tabel=bobot").text
    assert table.count("÷") == 3
    wrong = client.get("/tempat?waktu=duapuluh&dari=2026-07-02&sampai=2026-07-01").text
    assert wrong.count('aria-invalid="true"') == 2
    assert client.get("/tempat?keanggotaan=none&waktu=10").status_code == 404


def test_the_sums_beside_a_form_of_shares_follow_what_was_saved(client):
    town = client.town
    key = contested(town)
    client.sign_in("kepala")
    page = client.get(f"/tugas/{key}")
    assert page.text.count("data-shares=") == 1
    assert "tag--good" in page.text[page.text.index("data-shares=") :]
    names = re.findall(r' name="(lines-\d+-share_percent)"', page.text)
    mark = re.search(r'name="_draft" value="([^"]*)"', page.text)[1]
    rows = {name.replace("share_percent", "_"): "1" for name in names}
    client.post(
        f"/tugas/{key}/draf", page, _draft=mark, reason="x", **rows,
        **dict(zip(names, ("50", "20", "20,5"), strict=True)),
    )  # fmt: skip
    after = client.get(f"/tugas/{key}").text
    assert "9,5%" in after[after.index("data-shares=") :]
    assert "90,5%" in after


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
@pytest.mark.parametrize("scripts", [True, False], ids=["js", "plain"])
def test_a_lead_sees_reminds_and_opens_the_handover(browse, town, request, viewport, scripts):
    delivered(town)
    claimed(town)
    page = browse("budi", viewport=viewport, java_script_enabled=scripts)
    count = Journey(page, f"lead of a squad at {viewport['width']} px")
    count.goto("/tim")
    expect(page.locator("section:has(#to-attest) a.button")).not_to_have_count(0)
    looked_at(page, scripts=scripts)
    count.click("form[action$='/ingatkan'] button", leads_on=True)
    expect(page.locator("text=Citra Anggraini")).not_to_have_count(0)
    expect(page.locator("form[action$='/ingatkan']")).to_have_count(0)
    count.click(f"a[href='/tim/{town.ids['squad']}']", leads_on=True)
    looked_at(page, scripts=scripts)
    count.click(f"main a[href='/hasil/{town.ids['output-2']}'] >> nth=0", leads_on=True)
    looked_at(page, scripts=scripts)
    page.goto(f"/tim/{town.ids['squad']}")
    count.click("a[href$='/serah-terima']", leads_on=True)
    expect(page.locator("h1")).to_have_count(1)
    looked_at(page, scripts=scripts)
    page.goto("/tempat?waktu=20")
    looked_at(page, scripts=scripts)
    if scripts:
        count.record(request)


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
def test_shares_are_brought_to_a_hundred_while_the_bar_follows(browse, town, viewport):
    key = contested(town)
    page = browse("kepala", viewport=viewport)
    page.goto(f"/tugas/{key}")
    shares = page.locator("input[name$=share_percent]")
    shares.nth(0).fill("70")
    tag = page.locator("[data-shares] .tag")
    assert "tag--bad" in tag.get_attribute("class")
    assert page.locator("[data-shares] svg").get_attribute("viewBox") == "0 0 11000 1000"
    shares.nth(0).fill("52,5")
    assert "7,5%" in tag.inner_text()
    shares.nth(0).fill("60")
    assert "tag--good" in tag.get_attribute("class")
    looked_at(page, scripts=True)
    page.fill("textarea[name=reason]", "Sesuai waktu")
    page.click("#task-form .actions button >> nth=0")
    page.wait_for_url("**/tugas")
    with town.house.reading() as uow:
        lines = uow.contributions.share_lines(town.ids["output-2"])
    assert sum(line.expected_bp for line in lines) == 10_000


def looked_at(page, *, scripts):
    """No sideways scrolling, and nothing serious for axe."""
    if scripts:
        assert overflow(page) == 0
        assert grave(page) == []
