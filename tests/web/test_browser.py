from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.looking import grave, overflow
from web.vendor import STUDIO, missing_parts

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@pytest.fixture
def drawing_parts():
    """The drawing parts; without them the pages with a diagram are named as skipped."""
    missing = missing_parts(ROOT, (*STUDIO, "bpmn-viewer.min.js"))
    if missing and os.environ.get("REGU_REQUIRE_BROWSER") == "1":
        pytest.fail(f"drawing parts are missing: {missing}")
    if missing:
        pytest.skip(f"drawing parts are not installed: {missing}")


def test_one_owner_changes_checks_and_proposes_and_another_publishes(browse, town, drawing_parts):
    page = browse("owner", viewport={"width": 1400, "height": 900})
    page.click(".nav >> text=Proses")
    page.click(".nav >> text=Studio")
    page.click("text=Permohonan cuti")
    page.wait_for_selector(".studio[data-ready=yes]")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    page.evaluate(
        """() => {
          const modeler = window.regu.modeler;
          const task = modeler.get("elementRegistry").get("periksa");
          modeler.get("modeling").updateProperties(task, { name: "Telaah permohonan" });
          const added = modeler.get("modeling").appendShape(task, { type: "bpmn:UserTask" });
          modeler.get("selection").select(added);
        }"""
    )
    page.click("#check")
    page.wait_for_selector("#findings[data-ready=yes]")
    finding = page.locator("#findings button[data-element]").first
    wrong = finding.get_attribute("data-element")
    finding.click()
    assert page.evaluate("window.regu.modeler.get('selection').get()[0].id") == wrong
    page.evaluate("window.regu.modeler.get('commandStack').undo()")
    page.click("#publish .page-head button:not([type=button])")
    page.wait_for_url("**/studio/cuti/terbitkan")
    page.fill("#reason", "Nama langkahnya dibuat lebih jelas.")
    page.click("button[value=propose]")
    page.wait_for_url("**/tinjauan/*")
    second = browse("second", viewport={"width": 1400, "height": 900})
    second.goto(page.url)
    second.click("button[value=publish]")
    second.wait_for_selector(".notice--good, .tag--good")
    key = town.start(
        "cuti", person_id=town.ids["sari"], due_at="2026-06-05T17:00:00+07:00", subject="baru"
    )
    with town.house.reading() as uow:
        assert town.house.runner.view(uow, key).definition.version == 2
        assert b"Telaah permohonan" in town.house.runner.view(uow, key).definition.xml


def test_the_properties_panel_writes_the_dialect(browse, town, drawing_parts):
    page = browse("owner", viewport={"width": 1400, "height": 900})
    page.goto("/studio/cuti")
    page.wait_for_selector(".studio[data-ready=yes]")
    page.click("g[data-element-id=periksa] .djs-hit")
    page.click(".bio-properties-panel-group-header-title:has-text('Penugasan')")
    expect(page.locator("[data-group-id*=ssignment]")).not_to_have_count(0)
    xml = page.evaluate(
        """async () => {
          const modeler = window.regu.modeler;
          const task = modeler.get("elementRegistry").get("periksa");
          const fresh = modeler.get("modeling").appendShape(task, { type: "bpmn:UserTask" });
          return (await modeler.saveXML({ format: true })).xml;
        }"""
    )
    assert xml.count("<zeebe:userTask") == 3


def test_an_employee_completes_a_task(browse, town):
    page = browse("sari")
    page.click("text=Isi permohonan cuti")
    page.wait_for_selector("#task-form")
    expect(page.locator("#f-illness")).to_be_hidden()
    page.select_option("#f-kind", "sakit")
    page.wait_for_selector("#f-illness", state="visible")
    page.fill("#f-days", "99")
    page.click("text=Kirim")
    page.wait_for_selector(".summary:focus")
    page.click(".summary a >> text=Lama (hari)")
    assert page.evaluate("document.activeElement.id") == "f-days"
    page.fill("#f-starts", "2026-06-10")
    page.fill("#f-days", "2,5")
    page.fill("#f-illness", "Demam")
    page.check("text=Sudah dilimpahkan")
    page.fill("#f-works-0-title", "Laporan")
    page.click("text=Tambah baris")
    page.fill("#f-works-1-title", "Rapat")
    page.fill("#f-works-1-left", "12,5")
    page.wait_for_selector("#draft-state:text-matches('^Tersimpan')")
    page.check("#f-sure")
    page.click("text=Kirim")
    page.wait_for_selector("text=Selesai: Isi permohonan cuti")
    with town.house.reading() as uow:
        found = town.house.runner.view(uow, town.ids["leave"]).variables
    assert found["kind"] == "sakit"
    assert [row["title"] for row in found["works"]] == ["Laporan", "Rapat"]
    browse.expected.add("422")


def test_a_squad_lead_attests(browse, town):
    page = browse("budi")
    page.click(".nav >> text=Tim kerja")
    page.click("text=Tim Satu Data")
    page.goto(f"/tim/{town.ids['squad']}/atestasi")
    expect(page.locator("li.attest-row")).to_have_count(1)
    page.click("li.attest-row a")
    page.check("text=Sesuaikan porsi")
    share = page.locator("input[name=share_percent]")
    share.wait_for(state="visible")
    share.fill("17,5")
    page.check("text=Terpenuhi")
    page.select_option("select[name=reason_code]", "effort")
    page.fill("textarea[name=reason]", "Sebagian dikerjakan tim")
    page.click("text=Kirim keputusan")
    page.wait_for_selector("text=Selesai: Atestasi klaim")
    assert page.url.endswith("/atestasi")
    with town.house.reading() as uow:
        found = town.house.runner.view(uow, town.ids["attesting"]).variables
    assert (found["decision"], str(found["share_percent"])) == ("adjust", "17.5")


def test_an_instance_shows_its_diagram_with_its_tokens(browse, town, drawing_parts):
    page = browse("owner")
    page.goto(f"/proses/{town.ids['leave']}")
    page.wait_for_selector("[data-drawing][data-ready=yes]")
    expect(page.locator(".has-token[data-element-id=isi]")).to_have_count(1)
    assert page.locator(".badge--token").inner_text() == "1"
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def paths(town):
    ids = town.ids
    return {
        None: ["/masuk"],
        "sari": ["/tugas", f"/tugas/{town.tasks('sari')[0].key}", "/skp", f"/buku/{ids['sari']}"],
        "citra": [f"/hasil/{ids['output']}/sengketa", "/tim"],
        "budi": [f"/tim/{ids['squad']}/atestasi", f"/buku/unit/{ids['u2']}"],
        "owner": ["/proses", f"/proses/{ids['leave']}", "/studio", "/studio/cuti"],
    }


@pytest.mark.parametrize("login", [None, "sari", "citra", "budi", "owner"])
def test_no_page_has_a_serious_accessibility_fault(browse, town, login):
    page = browse(login, viewport={"width": 1280, "height": 900})
    for path in paths(town)[login]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert grave(page) == [], path


@pytest.mark.parametrize("login", [None, "sari", "citra", "budi", "owner"])
def test_no_page_is_wider_than_a_telephone(browse, town, login):
    page = browse(login, viewport={"width": 360, "height": 740})
    for path in paths(town)[login]:
        if path != "/studio/cuti":  # drawing is done on a wide screen
            page.goto(path)
            assert overflow(page) == 0, path


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_people_type_never_runs(browse, town, payload):
    town.start(
        "cuti", person_id=town.ids["sari"], due_at="2026-06-05T17:00:00+07:00", subject=payload
    )
    page = browse("sari", java_script_enabled=True)
    shown = []
    page.on("dialog", lambda dialog: (shown.append(dialog.message), dialog.dismiss()))
    page.goto("/tugas")
    page.click(f"li:has-text({payload!r}) a >> nth=0")
    page.fill("#f-days", payload)
    page.click("text=Simpan draf")
    page.wait_for_selector("text=Draf tersimpan")
    assert page.input_value("#f-days") == payload
    assert shown == []
