"""The journeys of attestation, claim and dispute in a real browser, wide, narrow, without JS."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.domain.claims import ClaimState
from engine.usecases.attesting import waiting_claims
from tests.web.journeys import Journey
from tests.web.looking import grave, overflow
from tests.web.squad_year import claimed, complete, open_sample, open_tasks, states
from tests.web.test_credit import settle, waiting_of
from tests.web.test_one_squad import publish_everything

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def squad(town):
    publish_everything(town)
    town.outputs = open_sample(town)
    return town


def sound(page, path):
    """No serious fault of accessibility, nothing wider than the window."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert grave(page) == [], path
    assert overflow(page) == 0, path
    expect(page.locator("h1"), path).to_have_count(1)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_pages_of_credit_are_sound(browse, squad, size):
    settle(squad)
    [odd] = [one for one in waiting_of(squad, "budi") if one.obstacle]
    page = browse("budi", viewport=size)
    for path in (
        "/atestasi",
        f"/atestasi/tugas/{odd.task.key}",
        "/atestasi/hasil",
        f"/tim/{squad.ids['squad']}/atestasi",
        "/klaim",
        f"/buku/{squad.ids['budi']}",
        f"/buku/unit/{squad.ids['u2']}",
        f"/aliran/unit/{squad.ids['u2']}",
        "/sengketa",
        f"/hasil/{squad.outputs[0]}/sengketa",
    ):
        sound(page, path)


def thirty(town):
    """Fifteen outputs, thirty claims of members: six lie off the plan."""
    for task in open_tasks(town, "attest", "budi"):  # the town's own claim
        complete(town, task, decision="attest", commitment="met")
    publish_everything(town)
    odd = {(number, "sari"): 17 for number in range(0, 12, 2)}
    return claimed(town, 15, odd)


def decide(count, decision, **typed):
    """One decision on the page of a claim; the next claim opens by itself."""
    count.tick(f"text={decision}")
    if decision != "Kembalikan":
        count.tick("text=Terpenuhi")
    for name, value in typed.items():
        if name == "reason_code":
            count.page.wait_for_selector("select[name=reason_code]", state="visible")
            count.choose("select[name=reason_code]", value)
        else:
            count.page.wait_for_selector(f"[name={name}]", state="visible")
            count.fill(f"[name={name}]", value)
    count.click("text=Kirim keputusan", leads_on=True)


def test_a_lead_attests_thirty_claims(browse, town, request):
    outputs = thirty(town)
    assert states(town, outputs) == {ClaimState.CLAIMED: 30}
    page = browse("budi", viewport=WIDE)
    count = Journey(page, "attest thirty claims: 24 at once, 4 adjusted, 1 as claimed, 1 returned")
    count.goto("/atestasi")
    count.click("[data-choose=all]")
    expect(page.locator("input[name=klaim]:checked")).to_have_count(24)
    count.click("form[data-choices] button", leads_on=True)
    assert states(town, outputs) == {ClaimState.ATTESTED: 24, ClaimState.CLAIMED: 6}
    page.reload()
    expect(page.locator("text=Sari Wulandari >> nth=8")).to_be_attached()
    count.click("p.actions a.button", leads_on=True)
    first = next(
        one.task.key
        for one in waiting_claims(town.house, town.actor("budi"), limit=50)
        if one.row.output.id in outputs
    )
    count.click(f"a[href='/atestasi/tugas/{first}']", leads_on=True)
    for _ in range(4):
        decide(count, "Sesuaikan porsi", share_percent="16", reason_code="effort")
    decide(count, "Sahkan sesuai klaim")
    decide(count, "Kembalikan", reason="Bukti rapat belum ada")
    assert states(town, outputs) == {
        ClaimState.ATTESTED: 25, ClaimState.ADJUSTED: 4, ClaimState.RETURNED: 1,
    }  # fmt: skip
    count.record(request)
    assert count.typed <= 6
    assert count.clicks <= 30


def test_the_effect_follows_what_is_typed(browse, squad):
    [odd] = [one for one in waiting_of(squad, "budi") if one.obstacle]
    page = browse("budi", viewport=WIDE)
    page.goto(f"/atestasi/tugas/{odd.task.key}")
    page.check("text=Sesuaikan porsi")
    page.wait_for_selector("[name=share_percent]", state="visible")
    page.fill("[name=share_percent]", "20")
    page.wait_for_selector("#effect >> text=20%")
    assert page.inner_text("#effect tfoot").split()[-1] == "100%"
    page.fill("[name=share_percent]", "10")
    page.wait_for_selector("#effect >> text=10%")
    page.wait_for_selector("#effect .notice--wait")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_member_claims_on_a_telephone_and_reads_what_happens_next(browse, town, script, request):
    publish_everything(town)
    town.outputs = claimed(town, 1, stop="delivered")
    page = browse("sari", viewport=NARROW, java_script_enabled=script)
    [own] = open_tasks(town, "claim_early", "sari")
    count = Journey(page, f"claim a part at 360 px ({'with' if script else 'without'} scripts)")
    count.goto(f"/tugas/{own.key}")
    expect(page.locator("text=16%")).not_to_have_count(0)
    count.fill("[name=evidence_link]", "https://arsip.contoh.go.id/bukti/1")
    with page.expect_navigation():
        count.click("#task-form .actions button >> nth=0")
    count.screens += 1
    assert page.url.endswith("/klaim")
    expect(page.locator("h2:has-text('Kamus data 2')")).to_have_count(1)
    count.record(request)
    assert count.typed == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_dispute_goes_from_a_member_to_its_decision(browse, squad, script):
    settle(squad)
    output = squad.outputs[0]
    page = browse("sari", viewport=NARROW, java_script_enabled=script)
    page.goto("/klaim")
    page.click(f"a[href='/hasil/{output}/sengketa']")
    page.fill("[name=ground]", "Bagian saya lebih besar")
    with page.expect_navigation():
        page.click("main form button")
    expect(page.locator("text=Bagian saya lebih besar")).to_have_count(1)
    squad.wired.worker().drain()
    for task in open_tasks(squad, "hear_party"):
        complete(squad, task, statement="Sudah dibahas bersama")
    squad.wired.worker().drain()
    page.reload()
    expect(page.locator("text=Sudah dibahas bersama")).to_have_count(3)


def test_many_are_chosen_and_attested_without_a_script(browse, squad):
    page = browse("budi", viewport=NARROW, java_script_enabled=False)
    page.goto("/atestasi")
    page.click("[data-choose=all]")
    expect(page.locator("input[name=klaim]:checked")).to_have_count(3)
    with page.expect_navigation():
        page.click("form[data-choices] button")
    assert states(squad, squad.outputs) == {ClaimState.ATTESTED: 3, ClaimState.CLAIMED: 1}


def test_single_keys_move_and_choose_outside_of_fields_and_can_be_switched_off(browse, town):
    """WCAG 2.1.4."""
    thirty(town)
    page = browse("budi", viewport=WIDE)
    page.goto("/atestasi")
    focused = "document.activeElement.closest('.attest-row .task__name a')?.pathname ?? ''"
    links = [one.get_attribute("href") for one in page.locator(".attest-row .task__name a").all()]
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == links[place].partition("?")[0]
    boxes = "document.querySelectorAll('input[name=klaim]:checked').length"
    page.locator(".attest-row:has(input[name=klaim]) .task__name a").first.focus()
    page.keyboard.press("x")
    assert page.evaluate(boxes) == 1
    page.keyboard.press("x")
    assert page.evaluate(boxes) == 0
    page.focus("#head-search")
    page.keyboard.press("j")
    assert page.input_value("#head-search") == "j"
    page.click("#pintasan summary")
    page.uncheck("[data-attest-keys]")
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate(focused) == ""
    page.click("#pintasan summary")
    page.check("[data-attest-keys]")
    page.locator(".attest-row:has(input[name=klaim]) .task__name a").first.click()
    page.wait_for_url("**/atestasi/tugas/*")
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.closest('.attest-quick') !== null")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.closest('form[data-effect]') !== null")
    assert len(waiting_claims(town.house, town.actor("budi"), limit=100)) == 30
