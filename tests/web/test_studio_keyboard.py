"""Drawing with the keyboard alone: palette, pad, menus, walking, connecting, copying."""

from __future__ import annotations

import pytest

from tests.web.looking import grave, until
from tests.web.studio_desk import OPEN, chosen, drawn, kinds, pick

pytestmark = pytest.mark.browser


def focused(page):
    """Name and role of what has the focus, also inside the panel."""
    return page.evaluate(
        """() => {
          const one = document.activeElement;
          return [one.getAttribute("role"), one.getAttribute("aria-label") ?? one.textContent];
        }"""
    )


def tab_to(page, selector, most=80):
    """Press Tab until the focus stands on it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"Tab never reached {selector}")


def test_every_entry_of_palette_and_pad_is_a_named_button_that_tab_reaches(desk):
    page = desk()
    pick(page, "periksa")
    for place in (".djs-palette", ".djs-context-pad.open"):
        found = page.evaluate(
            """(place) => [...document.querySelectorAll(`${place} .entry`)].map((one) => [
              one.getAttribute("role"), one.tabIndex, one.getAttribute("aria-label"),
              one.getBoundingClientRect().width >= 24])""",
            place,
        )
        assert len(found) >= 6
        assert all(role == "button" and tab == 0 and name for role, tab, name, _ in found)
        assert all(wide for *_, wide in found)
    page.focus("[data-tool=layout]")
    tab_to(page, ".djs-palette .entry")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    first = focused(page)
    page.keyboard.press("ArrowDown")
    assert focused(page) != first
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "svg"
    assert grave(page) == []


def test_a_process_is_drawn_named_connected_and_mended_without_a_mouse(desk):
    page = desk()
    page.focus(".djs-container > svg")
    page.keyboard.press("Home")
    assert chosen(page) == ["mulai"]
    assert page.text_content("#chosen").strip()
    page.keyboard.press("PageDown")
    assert chosen(page) != ["mulai"]
    pick(page, "periksa")
    page.focus(".djs-container > svg")
    page.keyboard.press("Enter")
    assert focused(page)[0] == "button"
    before = kinds(page)
    page.focus(".djs-context-pad.open [data-action='append.append-task']")
    page.keyboard.press("Enter")
    page.keyboard.type("Ingatkan pemohon")
    page.keyboard.press("Enter")
    made = kinds(page) - before
    assert sum(made.values()) == 2  # a task and the flow to it
    assert 'name="Ingatkan pemohon"' in drawn(page)
    until(page, "document.activeElement.tagName === 'svg'")
    task = chosen(page)[0]
    page.keyboard.press("Enter")
    page.focus(".djs-context-pad.open [data-action='connect']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".djs-popup [role=option]")
    for _ in range(5):
        if "selesai" in page.text_content(".djs-popup .entry.selected"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    flow = page.evaluate(
        """(task) => window.regu.modeler.get("elementRegistry").get(task).outgoing
          .map((one) => one.target.id)""",
        task,
    )
    assert flow == ["selesai"]
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    assert page.evaluate("document.activeElement.tagName") == "svg"


def test_what_the_palette_creates_by_enter_is_placed_at_once_and_apart(desk):
    page = desk()
    pick(page, "periksa")
    page.focus(".djs-palette [data-action='create.end-event']")
    page.keyboard.press("Enter")
    page.focus(".djs-palette [data-action='create.task']")
    page.keyboard.press("Enter")
    overlaps = page.evaluate(
        """() => {
          const all = window.regu.modeler.get("elementRegistry")
            .filter((one) => one.parent && !one.waypoints && !one.labelTarget)
            .filter((one) => !/Lane|Participant|SubProcess/.test(one.type) && !one.host);
          return all.filter((one) => all.some((two) => two !== one
            && one.x < two.x + two.width && two.x < one.x + one.width
            && one.y < two.y + two.height && two.y < one.y + one.height)).map(({ id }) => id);
        }"""
    )
    assert overlaps == []
    pick(page, "periksa")
    page.focus(".djs-palette [data-action='create.intermediate-event']")
    page.keyboard.press("Space")
    attached = page.evaluate(
        "window.regu.modeler.get('elementRegistry').get('periksa').attachers.length"
    )
    assert attached == 1


def test_the_element_menu_is_used_by_keyboard_and_escape_gives_the_focus_back(desk):
    page = desk()
    page.focus("[data-tool=create]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".djs-popup [role=option]")
    assert grave(page) == []
    before = kinds(page)
    page.keyboard.type("ask.attestation")
    page.keyboard.press("Escape")
    page.wait_for_selector(".djs-popup", state="detached")
    assert kinds(page) == before
    page.focus("[data-tool=create]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".djs-popup-search input")
    page.keyboard.type("attester")
    page.keyboard.press("Backspace")
    page.fill(".djs-popup-search input", "")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".djs-popup", state="detached")
    assert sum((kinds(page) - before).values()) == 1


def test_steps_are_copied_by_keyboard_within_a_drawing_and_into_another_one(desk):
    page = desk()
    pick(page, "periksa")
    page.focus(".djs-container > svg")
    before = kinds(page)
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    assert (kinds(page) - before)["bpmn:UserTask"] == 1
    other = page.context.new_page()
    other.goto("/studio/contribution")
    other.wait_for_selector(OPEN)
    before = kinds(other)
    other.focus(".djs-container > svg")
    other.keyboard.press("Control+v")
    assert (kinds(other) - before)["bpmn:UserTask"] == 1
    assert 'formId="cuti' in drawn(other) or "zeebe:assignmentDefinition" in drawn(other)
    page.goto("/studio/contribution")
    page.wait_for_selector(OPEN)
    page.focus(".djs-container > svg")
    page.keyboard.press("Control+v")
    assert (kinds(page) - before)["bpmn:UserTask"] == 1
