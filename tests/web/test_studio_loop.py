"""The whole loop of the studio, walked by two process owners and the people whom it touches."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.looking import until
from tests.web.studio_walk import COMPARED, DRAWN, WIDE, Walk, ship
from tests.web.town import ROOT
from web.vendor import FORMS, STUDIO, missing_parts

pytestmark = pytest.mark.browser

DIALOGUE = Subject(DraftKind.PROCESS, "check_in")
PLACE = "/studio/check_in"
FORM = "catat_jadwal"
STEP = "Catat perubahan jadwal"
WHY = "Kepegawaian perlu tahu bila pegawai meminta waktu lain."
STORY = "Pegawai meminta waktu lain, kepegawaian mencatatnya"
SEED = "Another moment is taken; what the employee puts right is recorded again"
MOVED = "form: {answer: move, other_at: 2026-03-12T09:00:00+07:00}"


@pytest.fixture
def walk(browse, town):
    """The owner's way, from a town in which the shipped dialogue is in force."""
    if missing := missing_parts(ROOT, STUDIO + FORMS):
        pytest.skip(f"drawing parts are not installed: {missing}")
    ship(town)
    return Walk(browse("owner", viewport=WIDE))


def test_a_process_owner_changes_a_shipped_process_and_people_take_the_new_step(walk, browse, town):
    old = ask_for_a_dialogue(browse, town, "citra")
    open_it(walk)
    write_the_form(walk)
    drawn = draw_it(walk)
    be_stopped_and_mend(walk, drawn)
    play_it(walk, drawn["task"])
    try_it(walk, drawn["task"])
    simulate_it(walk)
    release = propose(walk, town)
    second = Walk(browse("second", viewport=WIDE))
    review(second, town, release)
    take_the_new_step(walk, browse, town)
    answer(browse, town, "citra", "move")
    watch(walk, drawn["task"], old)


def ask_for_a_dialogue(browse, town, partner):
    """The head asks somebody for a dialogue, on the version in force; key of the process."""
    page = browse("budi", viewport=WIDE)
    page.goto("/mulai/check_in")
    page.select_option("[name=partner_id]", town.ids[partner])
    page.fill("[name=meets_at]", "2026-06-10T09:00")
    page.click("[data-add-row=topics]")
    page.fill("[name=topics-0-topic]", "Kemajuan portal")
    page.click("main form .actions button.button")
    page.wait_for_url("**/tugas*")
    town.wired.worker().drain()
    page.context.clear_cookies()
    with town.house.reading() as uow:
        return max(row["key"] for row in uow.work_list.instances(limit=50))


def answer(browse, town, login, choice):
    """Whom it was asked answers the invitation."""
    page = browse(login, viewport=WIDE)
    page.goto("/tugas")
    page.click("main a:has-text('Jawab undangan')")
    page.check(f"[name=answer][value={choice}]")
    page.fill("[name=other_at]", "2026-06-12T09:00")
    send(page, town)


def send(page, town):
    """Send the form of a task; what follows is done."""
    page.click("#task-form > .actions button >> nth=0")
    page.wait_for_url("**/tugas*")
    town.wired.worker().drain()


def open_it(walk):
    walk.go("/studio")
    walk.look("01-library")
    walk.page.click("a[href='/studio/check_in']")
    walk.page.wait_for_selector(".studio[data-ready=yes]")
    assert walk.lint() == []
    walk.look("02-drawing")


def write_the_form(walk):
    """A form with one field that must be filled in."""
    walk.go("/formulir-baru")
    walk.page.fill("#name", "Catat perubahan jadwal")
    walk.page.fill("#form_id", FORM)
    walk.look("03-new-form")
    walk.page.click("main form button.button")
    walk.page.wait_for_selector(".forms[data-ready=yes]")
    walk.page.focus(".fjs-palette-field[data-field-type=textarea]")
    walk.page.keyboard.press("Enter")
    panel = walk.page.locator(".forms__panel")
    panel.locator("[data-group-id=group-general] .bio-properties-panel-group-header").click()
    for entry, text in (("label", "Alasan waktu diubah"), ("key", "alasan")):
        place = f"[data-entry-id={entry}]"
        panel.locator(f"{place} [contenteditable], {place} input").first.click()
        walk.page.keyboard.press("Control+a")
        walk.page.keyboard.type(text)
        walk.page.keyboard.press("Tab")
    until(walk.page, '() => window.regu.form.text().includes(\'"key": "alasan"\')')
    preview = walk.page.frame_locator("iframe[data-language=id]")
    preview.locator("textarea[name=alasan]").wait_for()
    walk.page.wait_for_selector("#saved:not(:empty)")
    walk.look("04-form")


def draw_it(walk):
    """A lane, a branch, and a step from a template with the new form."""
    walk.open_drawing("check_in")
    drawn = walk.draw_branch()
    until(walk.page, "document.querySelectorAll('#lint li').length === 2")
    walk.look("05-drawn")
    drawn["task"] = walk.template(drawn["task"], "Tugas untuk kepegawaian")
    walk.look("06-template")
    walk.page.select_option("[name='regu-forms-0']", FORM)
    walk.saved()
    walk.look("07-saved")
    return drawn


def be_stopped_and_mend(walk, drawn):
    """A way without a condition, then a wrong one; the server refuses, both are mended."""
    walk.usual(drawn)
    walk.condition(drawn["asked"], "invited_id == person_id")
    walk.saved()
    walk.look("08-wrong")
    walk.page.click("#publish .page-head button:not([type=button])")
    walk.page.wait_for_url("**/studio/check_in/terbitkan")
    walk.look("09-refused")
    expect(walk.page.locator("button[value=propose]")).to_have_count(0)
    walk.open_drawing("check_in")
    walk.condition(drawn["asked"], "invited_id = person_id")
    walk.saved()
    assert walk.page.get_attribute("#lint", "data-errors") == "0"
    expect(walk.page.locator("#findings .tag--bad")).to_have_count(0)
    walk.look("10-mended")


def play_it(walk, task):
    """The way through the new step, done by hand as three people, kept as a scenario."""
    page = walk.page
    walk.go(f"{PLACE}/mainkan", DRAWN)
    walk.look("12-sandbox")
    page.select_option("#seed", SEED)
    page.click("form.seed button >> nth=0")
    page.check("[name=how][value=form]")
    page.select_option("#start-as", "budi")
    page.click("button[value=begin]")
    page.select_option("[name=partner_id]", "sari")
    page.fill("[name=meets_at]", "2026-03-09T09:00")
    page.click("button[value=enter]")
    walk.page.wait_for_selector(DRAWN)
    walk.look("13-begun")
    page.click("button[value='open:answer_invitation:1']")
    page.check("[name=answer][value=move]")
    page.fill("[name=other_at]", "2026-03-12T09:00")
    page.click("button[value='complete:answer_invitation:1']")
    page.click(f"button[value='open:{task}:1']")
    page.wait_for_selector(DRAWN)
    walk.look("14-new-step")
    page.click("#task-form details summary:has-text('Orang lain')")
    page.fill("#do-other", "rina")
    page.fill("#do-groups", "hr")
    page.fill("[name=alasan]", "Rapat lain.")
    page.click(f"button[value='complete:{task}:1']")
    page.wait_for_selector("button[value='open:settle_moment:1']")
    page.fill("#scenario", STORY)
    page.click("button[value=record]")
    page.wait_for_selector(".notice--good")
    page.wait_for_selector(DRAWN)
    walk.look("15-kept")


def try_it(walk, task):
    """The published stories miss the new step; their text is mended, all pass."""
    page = walk.page
    walk.go(f"{PLACE}/uji")
    walk.look("16-tests")
    page.click("#jalankan button:not([name=skenario])")
    page.wait_for_selector("#hasil")
    page.wait_for_selector(DRAWN)
    walk.look("17-failed")
    expect(page.locator(".story--failed")).to_have_count(2)
    page.click(".story--failed a >> nth=0")
    page.wait_for_selector("#naskah")
    text = page.input_value("#naskah")
    step = f"\n      - complete: {task}\n        form: {{alasan: Rapat lain.}}"
    assert text.count(MOVED) == 2
    page.fill("#naskah", text.replace(MOVED, MOVED + step))
    walk.look("18-text")
    page.click("[value=jalankan]")
    page.wait_for_selector("#hasil.notice--good")
    page.wait_for_selector(DRAWN)
    walk.look("19-passed")
    expect(page.locator(".flow-walked")).not_to_have_count(0)


def simulate_it(walk):
    """Before and after beside each other."""
    page = walk.page
    walk.go(f"{PLACE}/simulasi")
    walk.look("20-simulation")
    page.fill("#per_bulan", "20")
    page.fill("#hari", "60")
    page.click("summary:has-text('Jalan yang diambil')")
    page.fill("[name='jalan:moment:moment_to_settle_moment']", "50")
    page.fill("[name='jalan:moment:moment_to_meeting']", "50")
    page.click("[name=hitung]")
    page.wait_for_selector("#hasil")
    walk.look("21-simulated")
    expect(page.locator(".side--before")).not_to_have_count(0)
    expect(page.locator(".side--after")).not_to_have_count(0)
    # only the new step is new: the same people answer the same invitations
    told = page.inner_text("#hasil")
    assert "Beban Kepegawaian" in told
    assert "Beban Pengundang" not in told


def propose(walk, town):
    """Impact, difference, the move of what runs; where it is reviewed."""
    page = walk.page
    walk.go(f"{PLACE}/terbitkan", COMPARED)
    walk.look("22-propose")
    expect(page.locator("[name=items]:checked")).to_have_count(3)
    page.check("[name=running][value=migrate]")
    page.click("button[value=try]")
    page.wait_for_selector("#coba.notice--good")
    page.wait_for_selector(COMPARED)
    walk.look("23-tried")
    page.fill("#reason", WHY)
    page.click("button[value=propose]")
    page.wait_for_url("**/tinjauan/*")
    page.wait_for_selector(COMPARED)
    walk.look("24-proposed")
    return page.url


def review(walk, town, release):
    """A second person looks it over and publishes it; what runs moves."""
    page = walk.page
    walk.go("/tinjauan")
    walk.look("25-reviews")
    page.click("#menunggu a[href^='/tinjauan/']")
    page.wait_for_selector(COMPARED)
    assert page.url == release
    changes = page.inner_text("#beda")
    assert "=invited_id = person_id" in changes
    assert "Kepegawaian" in changes
    walk.look("26-review")
    page.click("button[value=publish]")
    page.wait_for_selector("h1 ~ p .tag--good")
    town.wired.worker().drain()
    page.reload()
    walk.look("27-published")
    page.click("a[href^='/kelola/massal/']")
    walk.look("28-moved")


def take_the_new_step(walk, browse, town):
    """Somebody asks for another time; the staff office writes it down; it is called off."""
    key = ask_for_a_dialogue(browse, town, "tono")
    answer(browse, town, "tono", "move")
    page = browse("kepala", viewport=WIDE)
    page.goto("/tugas")
    page.click(f"main a:has-text('{STEP}')")
    Walk(page).look("29-task")
    page.fill("[name=alasan]", "Rapat lain.")
    send(page, town)
    page = browse("budi", viewport=WIDE)
    page.goto("/tugas")
    page.click("main a:has-text('Pilih waktu')")
    page.check("[name=answer][value=call_off]")
    send(page, town)
    with town.house.reading() as uow:
        row = uow.processes.instance(key)
        assert row.status.value == "completed"
        passed = {one["element_id"] for one in uow.work_list.history(key)}
    assert {"called_off"} < passed


def watch(walk, task, old):
    """The old one stands at the new step: seen on the map, found behind its number."""
    page = walk.page
    walk.go("/proses/check_in/peta?ukuran=menunggu", DRAWN)
    walk.look("30-map")
    page.click(f".narrow-places a:has-text('{STEP}')")
    page.wait_for_selector("input[name=chosen]")
    walk.look("31-standing")
    expect(page.locator(f"input[name=chosen][value='{old}']")).to_have_count(1)
    for name, place in (("32-history", "versi"), ("33-steps", "langkah")):
        walk.go(f"{PLACE}/{place}")
        walk.look(name)
    walk.go("/studio")
    walk.look("34-library")
