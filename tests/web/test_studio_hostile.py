"""Hostile names, documentation and texts in drawings: shown as they are written, never run."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest
from lxml import etree
from playwright.sync_api import expect

from engine.usecases.ports.drafts import DraftKind, StudioDraft
from engine.usecases.ports.process import Resource
from tests.web.studio_desk import drawn, pick
from tests.web.town import DAY, HERE, OFFICER

pytestmark = pytest.mark.browser

CORPUS = (
    '<img src=x onerror="window.hacked=1">',
    "<script>window.hacked=2</script>",
    '"><svg onload=window.hacked=3>',
    "</textarea><script>window.hacked=4</script>",
    "' onmouseover='window.hacked=5' x='",
    "javascript:window.hacked=6",
    "{{constructor.constructor('window.hacked=7')()}}",
    "${window.hacked=8}",
    '<iframe srcdoc="<script>top.hacked=9</script>"></iframe>',
    ']]><a href="javascript:window.hacked=10">x</a>',
)
#: places of the drawing that take free text -> how they are reached
NAMES = ("Mulai", "Isi permohonan cuti", "Periksa permohonan", "Selesai", "Permohonan cuti")


def hostile(texts):
    """The drawing of the town with these texts for its names and in its documentation."""
    found = (HERE / "drawings" / "cuti.bpmn").read_text()
    told = dict(zip(NAMES, map(escape, texts), strict=True))
    for name, text in told.items():
        found = found.replace(f'name="{name}"', f'name="{text}"')
    everything = escape(" ".join(texts))
    said = f"<bpmn:documentation>{everything}</bpmn:documentation>"
    found = found.replace('isExecutable="true">', f'isExecutable="true">{said}')
    flow = f'<bpmn:sequenceFlow id="f3" name="{everything}" '
    found = found.replace('<bpmn:sequenceFlow id="f3" ', flow)
    return found.replace('value="=subject"', f'value="{everything}"')


def mistaken(drawing, text):
    """The same with something for the lint and the findings to speak about."""
    found = drawing.replace('candidateGroups="hr"', "")
    return found.replace('formId="cuti"', f'formId="{escape(text)}"')


def on_table(town, drawing):
    """The drawing lies on the table as a draft."""
    kept = StudioDraft(
        id=town.house.ids.uuid(),
        kind=DraftKind.PROCESS,
        subject_id="cuti",
        revision=1,
        base_key=None,
        content=drawing.encode(),
        saved_by="owner",
        saved_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    with town.house.writing() as uow:
        uow.drafts.add(kept)
        uow.commit()


def look_everywhere(page):
    """Every place that shows what a drawing says."""
    for element in ("mulai", "isi", "periksa", "f3", "selesai", "cuti"):
        pick(page, element)
        page.wait_for_timeout(60)
        page.evaluate(
            """() => {
              const root = document.querySelector(".studio__panel").shadowRoot;
              root.querySelectorAll(".bio-properties-panel-group-header:not(.open)")
                .forEach((one) => one.click());
            }"""
        )
    pick(page, "periksa")
    page.focus(".djs-context-pad.open [data-action='connect']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".djs-popup [role=option]")
    page.keyboard.press("Escape")
    page.click("[data-tool=minimap]")
    page.click("[data-tool=search]")
    page.keyboard.type("e")
    page.wait_for_timeout(100)
    page.keyboard.press("Escape")
    page.hover("g[data-element-id=periksa] .djs-hit")
    page.click("#check")
    page.wait_for_selector("#findings[data-ready=yes]")
    page.click("[data-tool=simulate]")
    page.wait_for_selector(".bts-context-pad")
    page.evaluate(
        """() => {
          const modeler = window.regu.modeler;
          modeler.get("animation").setAnimationSpeed(100);
          document.querySelector(".djs-overlays[data-container-id=mulai] .bts-context-pad").click();
        }"""
    )
    page.wait_for_selector(".bts-log .bts-entry:not(.placeholder)", state="attached")
    page.wait_for_timeout(300)
    page.click("[data-tool=simulate]")


@pytest.mark.parametrize("texts", [CORPUS[:5], CORPUS[5:]])
def test_nothing_in_a_hostile_drawing_runs_in_the_editor(desk, town, texts):
    on_table(town, mistaken(hostile(texts), texts[0]))
    page = desk()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    look_everywhere(page)
    assert page.evaluate("window.hacked") is None
    expect(page.locator("iframe, .studio img[src=x], #lint img, #findings img")).to_have_count(0)
    assert texts[-1] in page.text_content("h1")
    assert texts[2] in page.text_content("#lint")
    page.evaluate(
        """() => {
          const modeler = window.regu.modeler;
          const task = modeler.get("elementRegistry").get("isi");
          modeler.get("modeling").updateProperties(task, { priority: 1 });
        }"""
    )
    saved = etree.fromstring(drawn(page).encode())
    assert saved.find(".//*[@id='periksa']").get("name") == texts[2]


def test_a_hostile_published_drawing_does_not_run_for_its_readers(browse, town):
    texts = CORPUS[:5]
    sound = hostile(texts).replace(f'value="{escape(" ".join(texts))}"', 'value="=subject"')
    drawing = Resource(name="cuti.bpmn", content=sound.encode())
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, (drawing,), OFFICER)
        uow.accounts.grant(town.nip("tono"), "auditor", DAY)
        uow.commit()
    page = browse("tono")
    page.goto("/studio/cuti")
    page.wait_for_selector(".diagram[data-ready=yes]")
    page.hover("g[data-element-id=periksa] .djs-hit")
    assert page.evaluate("window.hacked") is None
    assert texts[2] in page.text_content("table")
