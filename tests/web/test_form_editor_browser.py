"""The form editor in a browser: nothing lost, all by keyboard, drafts, a still preview."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.looking import grave, until
from tests.web.test_form_editor import HOSTILE, a_form, field
from web.vendor import FORMS, missing_parts

pytestmark = pytest.mark.browser

CUTI = Subject(DraftKind.FORM, "cuti")
ROOT = Path(__file__).parents[2]
WIDE = {"width": 1280, "height": 1000}
OPEN = ".forms[data-ready=yes]"
LIBRARY = sorted((ROOT / "forms" / "library").glob("*.form"))
#: what form-js gives back after a change that is taken back, or after none
SAVED = """async (text) => {
  const { form } = window.regu;
  await form.read(text);
  form.touched = true;
  return form.text();
}"""


@pytest.fixture
def editor(browse):
    """Opens a form in the editor."""
    if missing := missing_parts(ROOT, FORMS):
        pytest.skip(f"the parts of the form editor are not installed: {missing}")

    def open_it(path="/formulir/cuti", login="owner", viewport=WIDE):
        page = browse(login, viewport=viewport)
        page.goto(path)
        page.wait_for_selector(OPEN)
        return page

    return open_it


def put_in(page, schema):
    """Another form in place of the one on the page, as its author's text."""
    details = page.locator("details:has(#schema)")
    details.evaluate("(one) => { one.open = true; }")
    # the text of the editor is written into the field when it opens
    page.wait_for_timeout(50)
    page.fill("#schema", schema)
    page.click("[data-apply]")
    page.wait_for_selector("#saved:not(:empty)")


def written(page):
    return json.loads(page.evaluate("window.regu.form.text()"))


def in_preview(page, language, selector):
    frame = page.frame_locator(f"iframe[data-language={language}]")
    return frame.locator(selector)


def test_every_shipped_form_is_opened_and_saved_without_losing_a_letter(editor):
    page = editor()
    for path in LIBRARY:
        text = path.read_text()
        expected = json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
        assert page.evaluate(SAVED, text) == expected, path.stem


def test_what_the_editor_does_not_know_stays_where_it_was(editor):
    strange = a_form(
        {"type": "unheard", "id": "u1", "depth": {"of": [1, None, {"x": "<b>"}]}},
        {"type": "html", "id": "h1", "content": "<p>teks</p>"},
        field(properties={"other:tool": "kept", "regu:label.en": "Name"}, unknownToAll=[1, 2]),
        {"type": "textfield", "key": "tanpa_id", "label": "Tanpa id"},
        versionTag="v9",
        properties={"regu:bulk": True, "other": {"deep": 1}},
    )
    page = editor()
    assert json.loads(page.evaluate(SAVED, strange)) == json.loads(strange)
    expect(page.locator(".studio-unsupported")).to_have_count(2)


def test_only_supported_fields_are_offered_in_the_readers_language(editor):
    page = editor()
    offered = page.eval_on_selector_all(
        ".fjs-palette-field", "(all) => all.map((one) => one.dataset.fieldType)"
    )
    assert set(offered) == {
        *("textfield", "textarea", "number", "checkbox", "select", "radio", "checklist"),
        *("datetime", "filepicker", "text", "separator", "spacer", "group", "dynamiclist"),
    }
    told = page.evaluate("JSON.parse(document.querySelector('.forms').dataset.told)")
    search = page.get_attribute(".fjs-palette-search", "placeholder")
    assert search == told["screen"]["Search components"]
    names = page.eval_on_selector_all(
        ".fjs-palette-field-text", "(all) => all.map((one) => one.textContent)"
    )
    assert set(names) == {told["types"][one] for one in offered}


def test_a_field_is_added_named_moved_and_removed_by_keyboard_and_saved(editor, town):
    page = editor()
    before = len(written(page)["components"])
    page.focus(".fjs-palette-field[data-field-type=textfield]")
    page.keyboard.press("Enter")
    until(
        page,
        "(count) => window.regu.form.editor.saveSchema().components.length === count",
        arg=before + 1,
    )
    new = written(page)["components"][-1]
    assert "layout" not in new
    assert new["label"] == page.evaluate("window.regu.form.words.types.textfield")
    chosen = page.evaluate("window.regu.form.editor.get('selection').get()?.id")
    assert chosen == new["id"]
    up = f"#outline [data-act=up][data-field='{new['id']}']"
    page.focus(up)
    page.keyboard.press("Enter")
    assert written(page)["components"][-2]["id"] == new["id"]
    until(page, "() => document.activeElement.dataset.act === 'up'")
    page.focus(f"#outline [data-act=remove][data-field='{new['id']}']")
    page.keyboard.press("Enter")
    assert len(written(page)["components"]) == before
    page.click("[data-tool=undo]")
    assert written(page)["components"][-2]["id"] == new["id"]
    page.wait_for_selector("#saved:not(:empty)")
    with town.house.reading() as uow:
        kept = json.loads(uow.drafts.current(CUTI).content)
    assert kept["components"][-2]["id"] == new["id"]
    others = [one for one in kept["components"] if one["id"] != new["id"]]
    with town.house.reading() as uow:
        shipped = json.loads(uow.processes.latest_form("cuti").schema)
    assert others == shipped["components"]


def test_english_and_how_a_field_begins_are_written_in_the_panel(editor):
    page = editor()
    page.click("#outline [data-act=select] >> nth=1")
    panel = page.locator(".forms__panel")
    for group in ("regu-english", "regu-own"):
        panel.locator(f"[data-group-id=group-{group}] .bio-properties-panel-group-header").click()
    panel.locator("[name='regu-regu:label.en']").fill("First day")
    panel.locator("[name='regu-regu:default']").fill("=today()")
    panel.locator("[name='regu-regu:default']").blur()
    until(page, "() => window.regu.form.text().includes('First day')")
    properties = written(page)["components"][1]["properties"]
    assert properties["regu:label.en"] == "First day"
    assert properties["regu:default"] == "=today()"
    in_preview(page, "en", "text=First day").first.wait_for()


def test_findings_lead_to_the_field(editor):
    page = editor()
    broken = a_form(field("satu"), field("dua", validate={"min": 1}))
    put_in(page, broken)
    page.click("#findings [data-element=f_dua]")
    chosen = page.evaluate("window.regu.form.editor.get('selection').get().id")
    assert chosen == "f_dua"
    focused = page.evaluate("document.activeElement.closest('[data-id]')?.dataset.id")
    assert focused == "f_dua"


def test_the_preview_follows_answers_and_hides(editor):
    page = editor()
    tick = {"type": "checkbox", "id": "c", "key": "lain", "label": "Ada yang lain"}
    hides = field("apa", conditional={"hide": "=lain != true"}, validate={"required": True})
    put_in(page, a_form(tick, hides))
    box = in_preview(page, "id", "input[name=lain]")
    box.wait_for()
    shown = in_preview(page, "id", "[data-name=apa]")
    assert "concealed" in shown.get_attribute("class")
    box.check()
    until(
        page,
        "() => !document.querySelector('iframe[data-language=id]').contentDocument"
        ".querySelector('[data-name=apa]').classList.contains('concealed')",
    )
    in_preview(page, "id", "button[name=_send]").click()
    in_preview(page, "id", ".summary").wait_for()
    page.click("[data-preview=empty]")
    in_preview(page, "en", ".notice--good").wait_for()


def test_two_windows_see_each_other_and_neither_loses_work(editor, browse, town):
    one, other = editor(), editor()
    put_in(one, a_form(field("satu")))
    details = other.locator("details:has(#schema)")
    details.evaluate("(it) => { it.open = true; }")
    other.wait_for_timeout(50)
    other.fill("#schema", a_form(field("dua")))
    other.click("[data-apply]")
    other.wait_for_selector("#conflict:not([hidden])")
    browse.expected.add("409")
    with town.house.reading() as uow:
        assert b"f_satu" in uow.drafts.current(CUTI).content
        assert b"f_dua" in uow.drafts.beside(CUTI)[0].content
    other.click("[data-keep]")
    other.wait_for_selector("#conflict", state="hidden")
    with town.house.reading() as uow:
        assert b"f_dua" in uow.drafts.current(CUTI).content
        assert [b"f_satu" in row.content for row in uow.drafts.beside(CUTI)] == [True]


def test_a_text_that_is_no_form_is_told_and_mended(editor):
    page = editor()
    details = page.locator("details:has(#schema)")
    details.evaluate("(one) => { one.open = true; }")
    page.wait_for_timeout(50)
    page.fill("#schema", "{ no json")
    page.click("[data-apply]")
    page.wait_for_selector("[data-refused]:not([hidden])")
    expect(page.locator(OPEN)).to_be_visible()
    put_in(page, a_form(field("baik")))
    expect(page.locator("[data-refused]")).to_be_hidden()


def test_hostile_words_never_run(editor):
    page = editor()
    parts = [
        {
            "type": "radio",
            "id": f"r{n}",
            "key": f"r{n}",
            "label": words,
            "description": words,
            "values": [{"value": "a", "label": words}],
            "properties": {"regu:label.en": words},
        }
        for n, words in enumerate(HOSTILE)
    ]
    # braces are refused in texts; all else is shown
    harsh = [words for words in HOSTILE if "{{" not in words]
    texts = [{"type": "text", "id": f"t{n}", "text": words} for n, words in enumerate(harsh)]
    html = [{"type": "html", "id": f"h{n}", "content": words} for n, words in enumerate(HOSTILE)]
    put_in(page, a_form(*parts, *texts))
    in_preview(page, "id", "[data-name=r0]").wait_for()
    for n in range(len(parts) + len(texts)):
        page.click(f"#outline [data-act=select] >> nth={n}")
    put_in(page, a_form(*parts, *texts, *html))
    page.wait_for_selector("#findings .tag--bad")
    for frame in page.frames:
        assert frame.evaluate("window.hacked") is None
    page.reload()
    page.wait_for_selector(OPEN)
    assert page.evaluate("window.hacked") is None


def test_the_mark_of_bpmn_io_is_seen_whole(editor):
    page = editor()
    page.locator(".forms").scroll_into_view_if_needed()
    seen = page.evaluate(
        """() => {
          const mark = document.querySelector(".forms__canvas .fjs-powered-by-link");
          const { left, top, width, height } = mark.getBoundingClientRect();
          const places = [[0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9], [0.5, 0.5]];
          return width > 20 && places.every(([x, y]) =>
            mark.contains(document.elementFromPoint(left + x * width, top + y * height)));
        }"""
    )
    assert seen


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_accessible_and_does_not_break(editor, width):
    page = editor(viewport={"width": width, "height": 900})
    page.click("#outline [data-act=select] >> nth=0")
    assert grave(page) == []
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0
    page.click("[data-preview=empty]")
    in_preview(page, "id", ".summary").wait_for()
    assert grave(page) == []


def test_a_new_form_is_begun_by_keyboard(browse, town):
    page = browse("owner", viewport=WIDE)
    page.goto("/formulir-baru")
    assert grave(page) == []
    page.focus("#name")
    page.keyboard.type("Izin lembur")
    page.keyboard.press("Tab")
    page.keyboard.type("izin_lembur")
    page.keyboard.press("Enter")
    page.wait_for_url("**/formulir/izin_lembur")
    assert page.inner_text("h1") == "Izin lembur"
