from __future__ import annotations

import hashlib
import re

import pytest
import sqlalchemy as sa

from bench import rollups
from engine.domain.claims import ClaimState, Evidence
from engine.persistence.tables import contributions as c
from engine.persistence.tables import process as t
from engine.usecases.attest_preview import preview
from engine.usecases.attesting import BulkAttest, attest_as_planned, waiting_claim, waiting_claims
from engine.usecases.dispute_reading import dispute_of, foresee_decision
from engine.usecases.disputes import RaiseDispute, raise_dispute
from tests.persistence.counting import counted
from tests.web.squad_year import complete, open_sample, open_tasks, states
from tests.web.test_one_squad import publish_everything
from tests.web.town import NOON

TIMES = "\u00d7"


@pytest.fixture
def squad(town):
    """The town with two outputs whose claims wait for Budi."""
    publish_everything(town)
    town.outputs = open_sample(town)
    return town


@pytest.fixture
def squad_client(client, squad):
    return client


def waiting_of(town, login):
    """What waits for somebody, the town's own claim left out."""
    found = waiting_claims(town.house, town.actor(login), limit=100)
    return [one for one in found if one.row.output.id in town.outputs]


def ticked(page):
    return re.findall(r'name="klaim" value="(\d+)" checked', page)


def batch(page):
    return re.search(r'name="idempotency_key" value="([^"]+)"', page.text)[1]


def test_the_list_offers_at_once_only_what_equals_the_plan_and_has_evidence(squad):
    found = {
        (one.row.output.number, one.row.name.split()[0]): one.obstacle
        for one in waiting_of(squad, "budi")
    }
    assert found == {
        (2, "Sari"): "", (2, "Citra"): "", (3, "Sari"): "off_plan", (3, "Citra"): "",
    }  # fmt: skip


def test_one_press_attests_each_claim_by_its_own_task_and_tells_what_became_of_it(squad_client):
    town = squad_client.town
    squad_client.sign_in("budi")
    page = squad_client.get("/atestasi?pilih=sesuai")
    keys = ticked(page.text)
    assert len(keys) == 3
    [odd] = [one for one in waiting_of(town, "budi") if one.obstacle]
    sent = {"klaim": [*keys, str(odd.task.key)], "idempotency_key": batch(page)}
    answer = squad_client.post("/atestasi", page, **sent)
    assert answer.status_code == 303
    told = squad_client.get(answer.location).text
    assert "3 attested, 1 left" in told or "3 disahkan, 1 tersisa" in told
    assert states(town, town.outputs) == {ClaimState.ATTESTED: 3, ClaimState.CLAIMED: 1}
    with town.house.reading() as uow:
        made = uow.contributions.attestations_in(town.outputs)
    assert {row.attester_id for row in made} == {town.ids["budi"]}
    assert squad_client.get("/atestasi/hasil").text.count("Sari Wulandari") == 2


def test_the_same_press_again_does_nothing_and_answers_the_same(squad):
    keys = tuple(one.task.key for one in waiting_of(squad, "budi") if not one.obstacle)
    command = BulkAttest(task_keys=keys, batch="b1")
    first = attest_as_planned(squad.house, squad.actor("budi"), command)
    again = attest_as_planned(squad.house, squad.actor("budi"), command)
    assert (sorted(first.done), first.refused) == (sorted(keys), [])
    assert (again.done, again.refused) == (first.done, [])
    with squad.house.reading() as uow:
        assert len(uow.contributions.attestations_in(squad.outputs)) == 3


def test_nobody_attests_at_once_what_is_not_his(squad):
    keys = tuple(one.task.key for one in waiting_of(squad, "budi"))
    for login in ("sari", "citra", "kepala"):
        outcome = attest_as_planned(
            squad.house, squad.actor(login), BulkAttest(task_keys=keys, batch=login)
        )
        assert outcome.done == []
        assert {one.code for one in outcome.refused} == {"not_yours"}
        assert outcome.lines == {}
    assert states(squad, squad.outputs) == {ClaimState.CLAIMED: 4}


def test_the_leads_own_claim_waits_for_the_sponsor_only(squad):
    own = waiting_of(squad, "kepala")
    assert {one.row.name for one in own} == {"Budi Santoso"}
    assert all(one.row.claim.person_id != squad.ids["budi"] for one in waiting_of(squad, "budi"))


def test_after_a_decision_the_next_claim_is_opened_and_then_the_list(squad_client):
    town = squad_client.town
    squad_client.sign_in("budi")
    for _ in range(4):
        [first, *rest] = waiting_of(town, "budi")
        page = squad_client.get(f"/atestasi/tugas/{first.task.key}")
        answer = squad_client.post(
            f"/atestasi/tugas/{first.task.key}", page, decision="attest", commitment="met"
        )
        assert answer.status_code == 303, answer.text
        if rest:
            assert answer.location.startswith("/atestasi/tugas/")
    assert waiting_of(town, "budi") == []


def test_the_effect_is_counted_without_a_script_and_what_was_typed_stays(squad_client):
    town = squad_client.town
    squad_client.sign_in("budi")
    [odd] = [one for one in waiting_of(town, "budi") if one.obstacle]
    path = f"/atestasi/tugas/{odd.task.key}"
    page = squad_client.get(path)
    answer = squad_client.post(
        path, page, decision="adjust", share_percent="20", commitment="met", _count="1"
    )
    assert answer.status_code == 200
    assert 'value="20"' in answer.text
    assert "4%" in answer.text
    assert "<strong>20%</strong>" in answer.text
    assert "100%" in answer.text
    part = squad_client.post(f"{path}/akibat", page, decision="adjust", share_percent="xx")
    assert part.status_code == 200
    assert waiting_claim(town.house, town.actor("budi"), odd.task.key) is not None


def test_the_effect_says_beforehand_what_the_attestation_will_ask(squad):
    actor = squad.actor("budi")
    [odd] = [one for one in waiting_of(squad, "budi") if one.obstacle]
    inside = preview(squad.house, actor, odd, {"decision": "adjust", "share_percent": 15})
    beyond = preview(squad.house, actor, odd, {"decision": "adjust", "share_percent": 10})
    assert inside.needs.reason_code
    assert not inside.needs.cosign
    assert beyond.needs.cosign
    complete(
        squad, odd.task, decision="adjust", share_percent=10, commitment="met",
        reason_code="effort", reason="Separuh dikerjakan tim",
    )  # fmt: skip
    assert [task.assignee for task in open_tasks(squad, "answer_adjustment")] == [squad.ids["sari"]]


def test_what_is_refused_stays_on_the_page_with_its_reason(squad_client):
    town = squad_client.town
    squad_client.sign_in("budi")
    [odd] = [one for one in waiting_of(town, "budi") if one.obstacle]
    path = f"/atestasi/tugas/{odd.task.key}"
    page = squad_client.get(path)
    answer = squad_client.post(path, page, decision="return", reason="")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_my_claims_tell_who_acts_and_until_when(squad_client):
    town = squad_client.town
    squad_client.sign_in("sari")
    page = squad_client.get("/klaim").text
    assert page.count("Budi Santoso") >= 2
    assert "Kamus data 2" in page
    [task] = [
        one.task for one in waiting_of(town, "budi")
        if one.row.output.number == 2 and one.row.name.startswith("Sari")
    ]  # fmt: skip
    complete(town, task, decision="attest", commitment="met")
    page = squad_client.get("/klaim").text
    assert f"/hasil/{town.outputs[0]}/sengketa" in page
    table = squad_client.get("/klaim?bentuk=csv").text
    assert "Kamus data 2;Tim Satu Data;16%" in table


def test_a_ledger_is_told_row_by_row_with_its_arithmetic_and_as_a_file(squad_client):
    town = squad_client.town
    for one in waiting_of(town, "budi"):
        if not one.obstacle:
            complete(town, one.task, decision="attest", commitment="met")
    squad_client.sign_in("citra")
    page = squad_client.get(f"/buku/{town.ids['citra']}").text
    assert f"24% {TIMES} 2" in page
    assert "0,48" in page
    assert f"23% {TIMES} 40" in page
    only = squad_client.get(f"/buku/{town.ids['citra']}?hasil={town.outputs[0]}").text
    assert f"23% {TIMES} 40" not in only
    csv = squad_client.get(f"/buku/{town.ids['citra']}?bentuk=csv").text
    assert csv.count("Kamus data") == 2
    squad_client.sign_in("budi")
    unit = squad_client.get(f"/buku/unit/{town.ids['u2']}?sisi=tuan").text
    assert "Kamus data 2" in unit
    assert "Biro Perencanaan" in unit


def test_the_flow_of_a_unit_is_a_picture_with_its_table(squad_client):
    town = squad_client.town
    for one in waiting_of(town, "budi"):
        if not one.obstacle:
            complete(town, one.task, decision="attest", commitment="met")
    squad_client.sign_in("kepala")
    page = squad_client.get("/aliran").text
    assert "flow__ribbon" in page
    assert "Biro Perencanaan" in page
    assert "Pusat Data" in page
    squad_client.sign_in("budi")
    answer = squad_client.get("/aliran")
    assert answer.location == f"/aliran/unit/{town.ids['u2']}"
    assert "0,32" in squad_client.get(answer.location).text
    squad_client.sign_in("citra")
    assert squad_client.get("/aliran").location == "/buku"
    assert squad_client.get(f"/aliran/unit/{town.ids['u2']}").status_code == 404


def settle(town):
    """All claims of the first output attested; its dispute window opens."""
    for login in ("budi", "kepala"):
        for one in waiting_of(town, login):
            if one.row.output.id == town.outputs[0]:
                complete(town, one.task, decision="attest", commitment="met")
    town.wired.worker().drain()


def test_a_dispute_shows_positions_clock_and_both_bars_to_its_parties_only(squad_client):
    town = squad_client.town
    settle(town)
    path = f"/hasil/{town.outputs[0]}/sengketa"
    squad_client.sign_in("sari")
    page = squad_client.get(path)
    answer = squad_client.post(path, page, ground="Porsi saya lebih besar dari itu")
    assert (answer.status_code, answer.location) == (303, path)
    town.wired.worker().drain()
    case = squad_client.get(path).text
    assert "Porsi saya lebih besar dari itu" in case
    assert "16%" in case
    assert "tentang porsi Sari Wulandari" in case or "about the share of Sari" in case
    [own] = open_tasks(town, "hear_party", "sari")
    assert f"/tugas/{own.key}" in case
    squad_client.sign_in("citra")
    assert "Kamus data 2" in squad_client.get("/sengketa").text
    for task in open_tasks(town, "hear_party"):
        complete(town, task, statement="Saya setuju dengan porsi semula")
    town.wired.worker().drain()
    assert "Saya setuju dengan porsi semula" in squad_client.get(path).text
    squad_client.sign_in("tono")
    assert squad_client.get(path).status_code == 404


def asked(client, path):
    """Statements that a page asks of the database."""
    client.get(path)
    with counted(client.town.wired.database.reading) as found:
        assert client.get(path).status_code == 200
    # the movable clock of the tests is read again after a while
    return sum("FROM clock" not in text for text in found.texts)


def more_tasks(town, count, beyond):
    """Copies of an open attestation: the list is long, its claims are the same."""
    [task] = open_tasks(town, "attest", "budi")[:1]
    table = t.user_task
    with town.wired.database.writing.connect() as connection, connection.begin():
        row = dict(
            connection.execute(sa.select(table).where(table.c.key == task.key)).mappings().one()
        )
        copies = [row | {"key": task.key + beyond + n} for n in range(count)]
        connection.execute(table.insert(), copies)


def test_the_list_asks_as_often_for_ten_thousand_claims_as_for_a_page(squad_client):
    town = squad_client.town
    squad_client.sign_in("budi")
    more_tasks(town, 60, 10_000_000)
    few = asked(squad_client, "/atestasi")
    more_tasks(town, 10_000, 50_000_000)
    assert asked(squad_client, "/atestasi") == few
    second = re.search(r'href="(/atestasi\?after=[^"]+)"', squad_client.get("/atestasi").text)[1]
    assert (
        squad_client.get(second.replace("&amp;", "&")).text.count('class="card task attest-row"')
        == 50
    )


def more_rows(town, count):
    """Rows of the ledger by the armful, past its guards: what a large agency's year holds."""
    table = c.transfer
    with town.wired.database.writing.connect() as connection:
        rollups.unguarded(connection)
        with connection.begin():
            last = connection.execute(sa.select(sa.func.max(table.c.id))).scalar()
            row = dict(
                connection.execute(
                    sa.select(table).where(table.c.person_id == town.ids["citra"]).limit(1)
                )
                .mappings()
                .one()
            )
            copies = [
                row | {"id": last + n, "prev_hash": f"more-{last + n}"} for n in range(1, count + 1)
            ]
            connection.execute(table.insert(), copies)


def test_a_ledger_asks_as_often_for_a_hundred_thousand_rows_as_for_a_thousand(client):
    town = client.town
    client.sign_in("budi")
    paths = (f"/buku/{town.ids['citra']}", f"/buku/unit/{town.ids['u2']}?sisi=tuan")
    more_rows(town, 1_000)
    few = [asked(client, path) for path in paths]
    more_rows(town, 99_000)
    assert [asked(client, path) for path in paths] == few
    page = client.get(paths[0]).text
    assert page.count('id="baris-') == 50
    older = re.search(r'href="([^"]*after=\d+[^"]*)"', page)[1]
    assert client.get(older.replace("&amp;", "&")).text.count('id="baris-') == 50


def test_a_decision_is_foreseen_with_what_its_rule_would_refuse(squad):
    settle(squad)
    command = RaiseDispute(output_id=squad.outputs[0], ground="Porsi saya lebih besar")
    raise_dispute(squad.house, squad.actor("sari"), command)
    view = dispute_of(squad.house, squad.actor("sari"), squad.outputs[0])
    ids = squad.ids
    fine = foresee_decision(
        squad.house, view, {ids["budi"]: 5500, ids["sari"]: 2000, ids["citra"]: 2400}
    )
    assert (fine.collective_bp, fine.faults) == (100, ())
    assert [line.before_bp for line in fine.lines] == [6000, 1600, 2400]
    short = foresee_decision(squad.house, view, {ids["budi"]: 5000, ids["sari"]: 2000})
    assert (short.collective_bp, short.faults) == (3000, ("collective_most",))
    beyond = foresee_decision(squad.house, view, {ids["budi"]: 9000, ids["sari"]: 2000})
    assert beyond.beyond_bp == 1000
    assert "restated_sum" in beyond.faults


FILES = {
    "notulen.txt": (b"Hadir: Sari <script>alert(1)</script>\n", "text/plain"),
    "gambar.png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "laporan.pdf": (b"%PDF-1.4\n", "application/pdf"),
}


def with_file(town, name):
    """A file as evidence of the town's claim of Sari; what stands in it is not looked at."""
    content, media = FILES[name]
    digest = hashlib.sha256(content).hexdigest()
    place = town.app.extensions["regu.files"]._place(digest)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    proof = Evidence(
        id=town.house.ids.uuid(), claim_id=town.ids["claim-sari"], sha256=digest, filename=name,
        media_type=media, size_bytes=len(content), uploaded_by=town.ids["sari"], at=NOON,
    )  # fmt: skip
    with town.house.writing() as uow:
        uow.contributions.add([proof])
        uow.commit()
    return proof.id


def seen_at(client, proof):
    [task] = open_tasks(client.town, "attest", "budi")
    return client.get(f"/atestasi/tugas/{task.key}?bukti={proof}")


def test_a_text_is_shown_as_words_that_run_nothing(client):
    proof = with_file(client.town, "notulen.txt")
    client.sign_in("budi")
    page = seen_at(client, proof).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert client.get(f"/bukti/{proof}/lihat").location == f"/bukti/{proof}"


@pytest.mark.parametrize(("name", "tag"), [("gambar.png", "<img"), ("laporan.pdf", "<iframe")])
def test_a_picture_and_a_pdf_are_shown_inside_the_page_from_our_own_address(client, name, tag):
    proof = with_file(client.town, name)
    client.sign_in("budi")
    page = seen_at(client, proof)
    assert f'src="/bukti/{proof}/lihat' in page.text
    assert f"{tag} class" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    file = client.get(f"/bukti/{proof}/lihat")
    assert (file.data, file.mimetype) == FILES[name]
    policy = file.headers["Content-Security-Policy"]
    assert policy.startswith(("sandbox; default-src 'none'", "default-src 'none'"))
    assert "script-src" not in policy
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    client.sign_in("citra")
    assert client.get(f"/bukti/{proof}/lihat").status_code == 404
