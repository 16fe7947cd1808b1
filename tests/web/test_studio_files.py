"""Drawings that come and go: files dragged onto the canvas, the tools of bpmn.io, a new process."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.looking import grave, until
from tests.web.studio_desk import OPEN, drawn
from tests.web.town import DAY, HERE, ROOT

pytestmark = pytest.mark.browser

FOREIGN = HERE / "drawings" / "from_bpmn_io.bpmn"
DROP = """([text, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const canvas = document.querySelector(".studio__canvas");
  for (const type of ["dragover", "drop"]) {
    const told = { bubbles: true, cancelable: true, dataTransfer: data };
    canvas.dispatchEvent(new DragEvent(type, told));
  }
}"""
#: parses drawings with bpmn-moddle as bpmn.io does, with and without the words of zeebe
PARSE = """
import { BpmnModdle } from "bpmn-moddle";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const zeebe = createRequire(import.meta.url)("zeebe-bpmn-moddle/resources/zeebe.json");
const told = [];
for (const xml of JSON.parse(readFileSync(0, "utf8"))) {
  for (const extensions of [{}, { zeebe }]) {
    const { warnings, rootElement } = await new BpmnModdle(extensions).fromXML(xml);
    told.push([warnings.map(String), rootElement.$type]);
  }
}
process.stdout.write(JSON.stringify(told));
"""


def parsed(*drawings):
    """What bpmn-moddle says of drawings: warnings and the kind of the root."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "bpmn-moddle").is_dir():
        pytest.skip("node with bpmn-moddle is not installed")
    done = subprocess.run(
        [node, "--input-type=module", "-e", PARSE],
        input=json.dumps(drawings),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def drop(page, text, name):
    page.evaluate(DROP, [text, name])


def test_a_drawing_made_at_bpmn_io_is_dropped_opened_saved_and_opens_there_again(desk):
    page = desk()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    drop(page, FOREIGN.read_text(), "surat.bpmn")
    until(page, "window.regu.modeler.get('elementRegistry').get('Activity_0c7d8e9') !== undefined")
    assert "surat.bpmn" in asked[0]
    page.wait_for_selector("#findings[data-ready=yes]")
    xml = drawn(page)
    assert '<bpmn:process id="cuti"' in xml
    assert 'processRef="cuti"' in xml
    assert 'bioc:fill="#bbdefb"' in xml
    page.evaluate(
        """() => {
          const modeler = window.regu.modeler;
          const task = modeler.get("elementRegistry").get("Activity_0c7d8e9");
          const found = modeler.get("elementTemplates").getAll()
            .find((one) => one.id === "ask.attestation");
          modeler.get("elementTemplates").applyTemplate(task, found);
        }"""
    )
    after = parsed(xml, drawn(page))
    assert [(warnings, root) for warnings, root in after] == [([], "bpmn:Definitions")] * 4


def test_a_file_that_is_refused_or_declined_changes_nothing(desk):
    page = desk()
    before = drawn(page)
    page.on("dialog", lambda dialog: dialog.dismiss())
    drop(page, FOREIGN.read_text(), "surat.bpmn")
    for text, name in (("no drawing", "a.txt"), ("<a><b/></a>", "b.xml"), ("<a", "c.bpmn")):
        drop(page, text, name)
        told = page.get_attribute(".studio", "data-unreadable")
        until(page, "(told) => document.getElementById('saved').textContent === told", arg=told)
        page.evaluate("document.getElementById('saved').textContent = ''")
    assert drawn(page) == before


def test_shipped_drawings_saved_here_open_at_bpmn_io_without_a_warning(desk):
    page = desk()
    shipped = sorted((ROOT / "workflows").glob("*/*.bpmn"))
    saved = page.evaluate(
        """async (drawings) => {
          const all = [];
          for (const xml of drawings) {
            await window.regu.modeler.importXML(xml);
            all.push((await window.regu.modeler.saveXML({ format: true })).xml);
          }
          return all;
        }""",
        [path.read_text() for path in shipped],
    )
    told = parsed(*saved)
    assert len(told) == 2 * len(shipped)
    assert all(one == [[], "bpmn:Definitions"] for one in told)


def test_a_new_process_asks_its_name_proposes_its_id_and_has_a_draft_of_its_own(browse, town):
    page = browse("owner")
    page.goto("/studio-baru")
    page.fill("#name", "Cuti besar 2027!")
    assert page.input_value("#process_id") == "cuti_besar_2027"
    assert grave(page) == []
    page.click("#new-process button")
    page.wait_for_selector(OPEN)
    assert page.url.endswith("/studio/cuti_besar_2027")
    assert page.text_content("h1") == "Cuti besar 2027!"
    assert '<bpmn:process id="cuti_besar_2027" name="Cuti besar 2027!"' in drawn(page)
    with town.house.reading() as uow:
        assert uow.drafts.current(Subject(DraftKind.PROCESS, "cuti_besar_2027")) is not None
    page.goto("/studio-baru")
    page.fill("#name", "Cuti besar 2027")
    page.click("#new-process button")
    page.wait_for_selector("#process_id[aria-invalid=true]")
    assert page.input_value("#name") == "Cuti besar 2027"
    assert grave(page) == []
    browse.expected.add("422")


def test_who_may_only_read_looks_at_the_published_drawing_with_no_tool_to_change_it(browse, town):
    with town.house.writing() as uow:
        uow.accounts.grant(town.nip("tono"), "auditor", DAY)
        uow.commit()
    page = browse("tono")
    page.goto("/studio/cuti")
    page.wait_for_selector(".diagram[data-ready=yes]")
    expect(page.locator("g[data-element-id=periksa]")).to_have_count(1)
    expect(page.locator(".djs-palette, .djs-context-pad, .studio, #publish")).to_have_count(0)
    page.click("g[data-element-id=periksa] .djs-hit")
    expect(page.locator(".djs-context-pad, .djs-direct-editing-parent")).to_have_count(0)
    page.click("[data-zoom=in]")
    assert "Periksa permohonan" in page.text_content("table")
    assert grave(page) == []
