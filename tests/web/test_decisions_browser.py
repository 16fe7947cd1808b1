"""The decision editor in a browser: the table, findings, trial, sources, days, conflicts."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import expect

from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.looking import grave, overflow, until
from tests.web.town import DAY, PEOPLE
from web.vendor import DECISIONS, missing_parts

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "workflows").glob("*/*.dmn"))
BAND = Subject(DraftKind.DECISION, "level_band")
WIDE = {"width": 1280, "height": 1000}
OPEN = ".sheet[data-ready=yes]"
PREDIKAT = Subject(DraftKind.DECISION, "predikat")
LONG = ROOT / "workflows" / "evaluation" / "predikat.dmn"
#: whether nothing covers or cuts the mark, and it stands inside the table's frame
IN_SIGHT = """() => {
  const mark = document.querySelector(".sheet .bjs-powered-by").getBoundingClientRect();
  const frame = document.querySelector(".sheet").getBoundingClientRect();
  const hit = document.elementFromPoint(mark.x + mark.width / 2, mark.y + mark.height / 2);
  return Boolean(hit?.closest(".bjs-powered-by")) && mark.bottom <= frame.bottom;
}"""
CELL = "[data-element-id=level_band_rule_2_1]"


@pytest.fixture
def editor(browse):
    """Opens a decision in the editor."""
    if missing := missing_parts(ROOT, DECISIONS):
        pytest.skip(f"the table editor is not installed: {missing}")

    def open_it(path="/keputusan/level_band", login="owner", **options):
        page = browse(login, viewport=options.pop("viewport", WIDE), **options)
        page.goto(path)
        page.wait_for_selector(OPEN)
        return page

    return open_it


def write(page, cell, text):
    page.click(cell)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def xml_of(page):
    return page.evaluate("window.regu.table.xml()")


def saved(page, town):
    until(page, "() => !window.regu.drafts.unsaved && window.regu.drafts.mark")
    with town.house.reading() as uow:
        return uow.drafts.current(BAND).content.decode()


def examined(page):
    page.wait_for_selector("[data-place=findings][data-ready=yes]")


def test_a_changed_cell_is_saved_found_fault_with_and_tried(editor, town):
    page = editor()
    write(page, CELL, ">= 110")
    assert ">= 110" in html.unescape(saved(page, town))
    examined(page)
    page.wait_for_selector("#findings li")
    page.click("#findings [data-element]")
    assert page.evaluate(f"document.querySelector('{CELL}').contains(document.activeElement)")
    page.fill("[data-entry=attainment] input", "107,5")
    page.click("#ask")
    page.wait_for_selector(".rules__row--matched[data-rule=level_band_rule_1]")
    assert "Aturan 1: capaian 105 atau lebih" in page.inner_text("[data-place=answer]")
    painted = "getComputedStyle(document.querySelector('[data-element-id=level_band_rule_1_1]'))"
    assert page.evaluate(f"{painted}.backgroundColor") == "rgb(213, 239, 220)"
    write(page, CELL, ">= 90")
    page.wait_for_selector("#stale:not([hidden])")
    expect(page.locator(".rules__row--matched")).to_have_count(0)


def test_an_unreadable_cell_is_led_to(editor, town):
    page = editor()
    write(page, CELL, ">= = 110")
    saved(page, town)
    page.click("#findings [data-element=level_band_rule_2_1]")
    assert page.evaluate(f"document.querySelector('{CELL}').contains(document.activeElement)")


def test_the_example_of_an_overlap_is_tried_by_one_click(editor):
    page = editor()
    page.evaluate(
        "window.regu.table.modeler.getActiveViewer().get('modeling').editHitPolicy('UNIQUE')"
    )
    page.click("[data-example] >> nth=0")
    page.wait_for_selector(".rules__row--blamed")
    expect(page.locator(".rules__row--blamed >> nth=1")).to_be_attached()


def test_source_status_and_days_are_kept_in_the_file(editor, town):
    page = editor()
    page.click(".rules__edit summary >> nth=0")
    page.fill("[data-note=source] >> nth=0", "PermenPANRB 6/2022 Pasal 24")
    page.select_option("[data-note=status] >> nth=0", "memory")
    page.fill("#valid-from", "2027-01-01")
    page.fill("#version-tag", "2027")
    page.keyboard.press("Tab")
    content = saved(page, town)
    root = etree.fromstring(content.encode())
    texts = [one.text for one in root.iterfind(".//{*}rule[@id='level_band_rule_1']//{*}text")]
    assert texts[-2:] == ["PermenPANRB 6/2022 Pasal 24", "memory"]
    assert 'name="validFrom" value="2027-01-01"' in content
    assert '<zeebe:versionTag value="2027"' in content
    page.wait_for_selector(".rules__row--rests")
    page.goto("/keputusan/level_band")
    page.wait_for_selector(OPEN)
    assert page.input_value("#valid-from") == "2027-01-01"
    assert page.input_value("#version-tag") == "2027"
    page.fill("#valid-from", "")
    page.fill("#version-tag", "")
    page.keyboard.press("Tab")
    until(page, "() => !window.regu.drafts.unsaved")
    assert "extensionElements" not in xml_of(page)


def test_a_rule_is_added_undone_and_reached_by_keyboard(editor):
    page = editor()
    rows = ".sheet tbody tr [data-coords$=':0']"
    before = page.locator(rows).count()
    page.focus("[data-tool=rule]")
    page.keyboard.press("Enter")
    expect(page.locator(rows)).to_have_count(before + 1)
    page.focus("[data-tool=undo]")
    page.keyboard.press("Enter")
    expect(page.locator(rows)).to_have_count(before)
    page.focus("[data-element-id=level_band_rule_1_1] [contenteditable]")
    page.keyboard.press("Tab")
    assert page.evaluate(
        "document.activeElement.closest('td').dataset.elementId === 'level_band_rule_1_2'"
    )


def test_two_who_change_one_decision_lose_nothing(editor, town, browse):
    first, second = editor(), editor()
    write(first, CELL, ">= 91")
    saved(first, town)
    write(second, CELL, ">= 92")
    second.wait_for_selector("#conflict:not([hidden])")
    second.click("[data-keep]")
    until(second, "() => !window.regu.drafts.unsaved")
    with town.house.reading() as uow:
        assert b"92" in uow.drafts.current(BAND).content
        assert any(b"91" in row.content for row in uow.drafts.beside(BAND))
    browse.expected.add("409")


def test_what_is_on_its_way_to_the_server_counts_as_unsaved(editor):
    page = editor()
    held = []

    def hold(route):
        held.append(route)

    page.route("**/keputusan/level_band/draf?*", hold)
    write(page, CELL, ">= 93")
    with page.expect_request("**/keputusan/level_band/draf?*"):
        pass
    assert page.evaluate("window.regu.drafts.unsaved")
    held[0].continue_()
    until(page, "() => !window.regu.drafts.unsaved")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_table_opens_and_comes_out_with_the_same_content(editor, town, path):
    if path.stem != "level_band":
        town.deploy(path.name)
    page = editor(f"/keputusan/{path.stem}")
    assert content(xml_of(page)) == content(path.read_text())


def said(element):
    """Its attributes, but for what holds without being said."""
    return {(name, value) for name, value in element.attrib.items() if value != "UNIQUE"}


def content(xml):
    root = etree.fromstring(xml.encode())
    return sorted(
        (str(one.tag), sorted(said(one)), (one.text or "").strip())
        for one in root.iter()
        if isinstance(one.tag, str)
    )


def test_a_new_decision_is_written_and_tried_without_leaving_the_page(editor, browse):
    page = browse("owner", viewport=WIDE)
    page.goto("/keputusan-baru")
    page.fill("#name", "Hari menjawab keberatan")
    page.fill("#id", "hari_jawab")
    page.click("main button.button")
    page.wait_for_selector(OPEN)
    page.evaluate(
        """() => {
          const viewer = window.regu.table.modeler.getActiveViewer();
          const root = viewer.get("sheet").getRoot();
          const modeling = viewer.get("modeling");
          const input = root.businessObject.input[0];
          modeling.updateProperties(input.inputExpression, { text: "tingkat" });
          const said = { name: "hari", typeRef: "number" };
          modeling.updateProperties(root.businessObject.output[0], said);
        }"""
    )
    page.click("[data-tool=rule]")
    row = page.evaluate(
        "window.regu.table.modeler.getActiveViewer().get('sheet').getRoot().rows[0].id"
    )
    cells = page.locator(f".sheet td[data-row-id='{row}'][data-coords]")
    for place, text in enumerate(('"berat"', "14")):
        cells.nth(place).click()
        page.keyboard.type(text)
    until(page, "() => !window.regu.drafts.unsaved && window.regu.drafts.mark")
    page.wait_for_selector("[data-entry=tingkat]")
    page.fill("[data-entry=tingkat] input", "berat")
    page.click("#ask")
    page.wait_for_selector(".answer[data-matched]")
    assert "14" in page.inner_text(".answer dd")


#: FEEL's own, the same in every language
NAMES_OF_TYPES = {
    *("number", "string", "boolean", "date", "time", "dateTime"),
    *("dayTimeDuration", "yearMonthDuration"),
}
#: as dmn-js says it where nobody translates
ENGLISH = ("View DRD", "Hit policy", "Unique", "When", "And", "Then", "Annotations", "Any")


def test_the_table_speaks_the_readers_language_in_editor_and_reader(editor, town):
    draft = SaveDraft(subject=PREDIKAT, content=LONG.read_bytes())
    save_draft(town.house, town.actor("owner"), draft)
    with town.house.writing() as uow:
        uow.accounts.grant(PEOPLE["tono"][1], "auditor", DAY)
        uow.commit()
    for page in (editor("/keputusan/predikat"), editor(login="tono")):
        seen = page.inner_text(".sheet__canvas")
        assert "Cara memilih aturan" in seen
        words = {word.strip(" :") for line in seen.split("\n") for word in line.split("\t")}
        titles = page.evaluate(
            "[...document.querySelectorAll('.sheet [title]')].map((one) => one.title)"
        )
        assert (words | set(titles)) & set(ENGLISH) == set()


def test_nothing_that_the_table_or_its_map_asks_for_stays_in_english(editor):
    page = editor()
    page.click(".decision-table-properties .hit-policy")
    page.click("th.input-cell >> nth=0", click_count=2)
    page.click("#rules-title")
    page.click(CELL)
    page.click(CELL, button="right")
    page.click(".sheet__views button >> nth=0")
    page.click("[data-element-id=level_band] .djs-hit")
    untold = page.evaluate("[...window.regu.table.untold]")
    assert set(untold) - NAMES_OF_TYPES == set()


@pytest.mark.parametrize("login", ["owner", "tono"])
def test_the_mark_of_bpmn_io_is_in_sight_on_a_long_table_wherever_it_is_scrolled(
    editor, town, login
):
    with town.house.writing() as uow:
        uow.accounts.grant(PEOPLE["tono"][1], "auditor", DAY)
        uow.commit()
    town.deploy("predikat.dmn")
    page = editor("/keputusan/predikat", login, viewport={"width": 1280, "height": 800})
    rows = ".sheet__canvas .tjs-table-container"
    for end in (0, 10_000):
        page.evaluate(f"document.querySelector('{rows}').scrollTop = {end}")
        page.evaluate("document.querySelector('.sheet').scrollIntoView()")
        assert page.evaluate(IN_SIGHT)
    assert page.evaluate(f"document.querySelector('{rows}').scrollTop") > 0
    assert grave(page, within=".sheet") == []


def test_hostile_words_never_run_in_the_table(editor, town):
    bad = html.escape("<img src=x onerror=window.bad=1>\"'")
    with town.house.reading() as uow:
        xml = uow.processes.decisions("level_band")[0].xml.decode()
    for old in ("Rancangan Regu", "Capaian", "Kata tingkat per peran"):
        xml = xml.replace(old, bad)
    xml = xml.replace("&gt;= 105", bad).replace(">agency<", f">{bad}<")
    xml = xml.replace('name="level_band"', f'name="{bad}"').replace('name="level"', f'name="{bad}"')
    save_draft(town.house, town.actor("owner"), SaveDraft(subject=BAND, content=xml.encode()))
    page = editor()
    page.click(".sheet__views button >> nth=0")
    page.click(".sheet__views button >> nth=1")
    page.fill("[data-entry] input >> nth=0", "1")
    page.click("#ask")
    page.wait_for_selector(".answer[data-matched]")
    assert page.evaluate("window.bad") is None


def test_who_may_only_read_sees_the_table_and_cannot_change_it(editor, town):
    with town.house.writing() as uow:
        uow.accounts.grant(PEOPLE["tono"][1], "auditor", DAY)
        uow.commit()
    page = editor(login="tono")
    expect(page.locator(CELL)).to_have_count(1)
    expect(page.locator(".sheet [contenteditable=true]")).to_have_count(0)
    assert grave(page) == []


@pytest.mark.parametrize("path", ["/keputusan/level_band", "/keputusan-baru"])
def test_the_pages_of_decisions_are_read_by_everybody(browse, editor, path):
    page = browse("owner", viewport=WIDE) if path.endswith("baru") else editor(path)
    page.goto(path)
    if not path.endswith("baru"):
        page.wait_for_selector(OPEN)
        page.fill("[data-entry=attainment] input", "107,5")
        page.click("#ask")
        page.wait_for_selector(".answer")
    assert grave(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert overflow(page) == 0
