"""The process editor in a browser: templates, lint, drafts, conflicts, publishing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import expect

from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.looking import grave, until
from web.people_words import ASKS

pytestmark = pytest.mark.browser

CUTI = Subject(DraftKind.PROCESS, "cuti")
ROOT = Path(__file__).parents[2]
WIDE = {"width": 1400, "height": 1000}
OPEN = ".studio[data-ready=yes]"
SHIPPED = sorted((ROOT / "workflows").glob("*/*.bpmn"))


def drawn(page):
    return page.evaluate("async () => (await window.regu.modeler.saveXML({ format: true })).xml")


def content(xml):
    """Elements with attributes and text, in no order."""
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    return Counter(
        (one.tag, tuple(sorted(one.attrib.items())), (one.text or "").strip())
        for one in root.iter()
        if isinstance(one.tag, str)
    )


def add_task(page):
    """A plain task after the last one; its id."""
    return page.evaluate(
        """() => {
          const modeler = window.regu.modeler;
          const end = modeler.get("elementRegistry").get("selesai");
          const flow = end.incoming[0];
          const created = modeler.get("elementFactory").createShape({ type: "bpmn:Task" });
          const at = { x: end.x + 130, y: end.y + 140 };
          const task = modeler.get("modeling").appendShape(flow.source, created, at);
          modeler.get("modeling").reconnectStart(flow, task, { x: at.x, y: at.y });
          const out = flow.source.outgoing;
          modeler.get("modeling").updateProperties(task, { name: "Ingatkan pemohon" });
          modeler.get("selection").select(task);
          return task.id;
        }"""
    )


def choose_template(page, words):
    page.click(".bio-properties-panel-select-template-button")
    page.fill(".djs-popup-search input", words)
    page.click(f".djs-popup-body .entry:has-text({words!r}) >> nth=0")


def errors(page):
    return int(page.get_attribute("#lint", "data-errors"))


def rename(page, name):
    page.evaluate(
        """(name) => {
          const modeler = window.regu.modeler;
          const task = modeler.get("elementRegistry").get("periksa");
          modeler.get("modeling").updateProperties(task, { name });
        }""",
        name,
    )


def test_a_step_from_a_template_is_linted_saved_reopened_and_proposed(desk, town):
    page = desk()
    assert errors(page) == 0
    task = add_task(page)
    choose_template(page, "Ingatkan seseorang")
    until(
        page,
        "(id) => window.regu.modeler.get('elementRegistry').get(id)?.type === 'bpmn:ServiceTask'"
        " || window.regu.modeler.get('elementRegistry').filter("
        "(one) => one.type === 'bpmn:ServiceTask').length === 1",
        arg=task,
    )
    assert 'type="regu.notify.remind"' in drawn(page)
    page.evaluate(
        """() => {
          const modeler = window.regu.modeler;
          const last = modeler.get("elementRegistry").get("selesai");
          const task = modeler.get("elementFactory").createShape({ type: "bpmn:UserTask" });
          const at = { x: last.x - 200, y: last.y + 260 };
          modeler.get("modeling").createShape(task, at, last.parent);
        }"""
    )
    until(page, "Number(document.getElementById('lint').dataset.errors) > 0")
    item = page.locator("#lint li:has-text('siapa yang mengerjakan') button")
    lone = item.get_attribute("data-element")
    item.click()
    assert page.evaluate("window.regu.modeler.get('selection').get()[0].id") == lone
    page.evaluate(
        "(id) => window.regu.modeler.get('modeling').removeShape("
        "window.regu.modeler.get('elementRegistry').get(id))",
        lone,
    )
    until(page, "document.getElementById('lint').dataset.errors === '0'")
    page.wait_for_selector("#saved:text-matches('^Tersimpan')")
    page.wait_for_selector("#findings[data-ready=yes]")
    page.reload()
    page.wait_for_selector(OPEN)
    assert 'type="regu.notify.remind"' in drawn(page)
    expect(page.locator("text=Yang tampak adalah draf")).to_have_count(1)
    page.click("#publish .page-head button:not([type=button])")
    page.wait_for_url("**/studio/cuti/terbitkan")
    page.fill("#reason", "Atasan diingatkan lebih awal.")
    page.click("button[value=propose]")
    page.wait_for_url("**/tinjauan/*")
    with town.house.reading() as uow:
        row = uow.releases.releases(town.ids["agency"])[0]
        assert b"regu.notify.remind" in uow.releases.files(row.id)[0].content


def test_two_windows_see_each_other_and_neither_loses_work(desk, browse, town):
    one, other = desk(), desk()
    rename(one, "Dari jendela satu")
    one.wait_for_selector("#saved:text-matches('^Tersimpan')")
    rename(other, "Dari jendela dua")
    other.wait_for_selector("#conflict:visible")
    assert grave(other) == []
    with town.house.reading() as uow:
        assert b"Dari jendela satu" in uow.drafts.current(CUTI).content
        assert b"Dari jendela dua" in uow.drafts.beside(CUTI)[0].content
    other.click("[data-keep]")
    other.wait_for_selector("#saved:text-matches('^Tersimpan')")
    with town.house.reading() as uow:
        assert b"Dari jendela dua" in uow.drafts.current(CUTI).content
        assert [b"Dari jendela satu" in row.content for row in uow.drafts.beside(CUTI)] == [True]
    rename(one, "Sekali lagi")
    one.wait_for_selector("#conflict:visible")
    one.click("[data-take]")
    one.wait_for_selector(OPEN)
    assert "Dari jendela dua" in drawn(one)
    expect(one.locator("li a:has-text('Disimpan di samping')")).to_have_count(2)
    browse.expected.add("409 (CONFLICT)")


def test_what_nobody_changed_makes_no_draft(desk, town):
    page = desk()
    page.click("#publish .page-head button:not([type=button])")
    page.wait_for_url("**/studio/cuti/terbitkan")
    with town.house.reading() as uow:
        assert uow.drafts.current(CUTI) is None


def test_shipped_drawings_come_through_the_modeler_whole(desk):
    page = desk()
    for path in SHIPPED:
        told = page.evaluate(
            """async (xml) => {
              const modeler = window.regu.modeler;
              const { warnings } = await modeler.importXML(xml);
              const saved = (await modeler.saveXML({ format: true })).xml;
              const issues = Object.values(await modeler.get("linting").lint()).flat();
              const errors = issues.filter((one) => one.category !== "warn");
              const told = errors.map((one) => `${one.id}: ${one.message}`);
              return { warnings: warnings.map(String), saved, errors: told };
            }""",
            path.read_text(),
        )
        assert (told["warnings"], told["errors"]) == ([], []), path.name
        assert content(told["saved"]) == content(path.read_bytes()), path.name


def test_tools_above_the_drawing_work_by_keyboard_and_axe_finds_nothing_grave(desk):
    page = desk()
    page.focus("[data-tool=minimap]")
    page.keyboard.press("Enter")
    expect(page.locator(".djs-minimap.open")).to_be_visible()
    page.click("[data-tool=simulate]")
    expect(page.locator(".studio--simulating")).to_have_count(1)
    page.click("[data-tool=simulate]")
    page.click("[data-tool=search]")
    page.wait_for_selector(".djs-search-open .djs-search-container")
    page.keyboard.press("Escape")
    page.click("[data-tool=layout]")
    page.wait_for_selector("[data-tool=layback]:visible")
    page.click("[data-tool=layback]")
    page.wait_for_selector("[data-tool=layback]", state="hidden")
    page.click("g[data-element-id=periksa] .djs-hit")
    page.wait_for_selector("text=Yang dikerjakan Regu dengan isian formulir")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert grave(page) == []


def test_names_are_chosen_from_lists_and_completed_in_expressions(desk):
    page = desk()
    page.click("g[data-element-id=periksa] .djs-hit")
    page.select_option("[name='regu-forms-0']", "cuti")
    page.check("[name='regu-group-auditor']")
    xml = drawn(page)
    assert xml.count('formId="cuti"') == 2
    assert 'candidateGroups="hr, auditor"' in xml
    names = page.evaluate(
        """async () => {
          const modeler = window.regu.modeler;
          const task = modeler.get("elementRegistry").get("periksa");
          const found = await modeler.get("variableResolver").getVariablesForElement(task);
          return found.map((one) => one.name);
        }"""
    )
    assert {"days", "squad lead", "rater"} <= set(names)


def test_no_text_of_the_drawing_parts_stays_in_english(desk):
    page = desk("/studio/contribution")
    page.evaluate(
        """async () => {
          const modeler = window.regu.modeler;
          const seen = new Set();
          const all = modeler.get("elementRegistry").filter((one) => one.parent);
          for (const element of all) {
            const trigger = element.businessObject.eventDefinitions?.[0]?.$type ?? "";
            const kind = `${element.type} ${trigger} ${Boolean(element.labelTarget)}`;
            if (!seen.has(kind)) {
              seen.add(kind);
              modeler.get("selection").select(element);
              await new Promise((then) => setTimeout(then, 40));
              const root = document.querySelector(".studio__panel").shadowRoot;
              root.querySelectorAll(".bio-properties-panel-group-header:not(.open)")
                .forEach((one) => one.click());
              await new Promise((then) => setTimeout(then, 40));
              if (!element.waypoints && !element.labelTarget) {
                modeler.get("popupMenu").open(element, "bpmn-replace", { x: 400, y: 400 });
                modeler.get("popupMenu").close();
              }
            }
          }
          modeler.get("selection").select(all.slice(0, 3));
          modeler.get("popupMenu").open(all.slice(0, 3), "align-elements", { x: 400, y: 400 });
          modeler.get("popupMenu").close();
          modeler.get("editorActions").trigger("createElement", {});
        }"""
    )
    page.wait_for_selector(".djs-popup [role=option]")
    untold = page.evaluate("[...window.regu.modeler.get('translate').untold]")
    names = {str(ask.words) for ask in ASKS.values()}
    assert [text for text in untold if text not in names] == []
