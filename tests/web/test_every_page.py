"""Every page in a real browser, as each role reaches it, on a phone and on a desk (WCAG 2.2 AA).

A page is looked at by the first role that reaches its route; pages that are added are found by
their links. It is opened once: what a size cannot change is looked at on the phone only.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.demo.command import PASSWORD
from tests.web.looking import grave, on_a_port, sign_in
from tests.web.played import ROLES
from web.vendor import STUDIO, missing_parts

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser

SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
#: the drawing tools are bpmn.io's own; the page around them is looked at in test_browser.py
STUDIO_PAGES = {"studio.table", "form_editor.table", "decisions.table"}

#: elements that take the focus and then lie wholly under something else (2.4.11)
OBSCURED = """() => {
  const found = [];
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, "
    + "[tabindex='0']";
  for (const one of document.querySelectorAll(wanted)) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const places = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
    const seen = places.some(([x, y]) => {
      const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
      return top && (one.contains(top) || top.contains(one) || top.closest("label")?.contains(one)
        || top.closest("label")?.htmlFor === one.id);
    });
    if (!seen) found.push(one.outerHTML.slice(0, 120));
  }
  document.activeElement?.blur();
  return found;
}"""
#: a focused link or button must look different from an unfocused one
INVISIBLE = """() => {
  const one = [...document.querySelectorAll("main a[href], main button")]
    .find((each) => each.checkVisibility());
  if (!one) return [];
  one.focus({ focusVisible: true });
  const style = getComputedStyle(one);
  const shown = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return shown ? [] : [one.outerHTML.slice(0, 120)];
}"""
SIDEWAYS = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1
      && !one.closest(".scroll, .diagram, svg"))
    .map((one) => one.outerHTML.slice(0, 100));
  return [`${page.scrollWidth} px`, ...wide.slice(0, 3)];
}"""

#: marks what is shown now and was not when this was asked before; whether there is any
NEWLY_SHOWN = """() => {
  const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
  const fresh = shown.filter((one) => window.shownBefore && !window.shownBefore.has(one));
  window.shownBefore = new Set(shown);
  for (const one of fresh) one.setAttribute("data-newly-shown", "");
  return fresh.length > 0;
}"""
#: what axe finds in an element by where it lies
BY_PLACE = ("target-size", "scrollable-region-focusable")


@pytest.fixture(scope="module")
def served(agency):
    with on_a_port(agency.app) as address:
        yield address


@pytest.fixture(scope="module")
def share(agency):
    """Role -> what it looks at: its first page, and the routes that no role before it reached."""
    seen, found = set(), {}
    for role in ROLES:
        if role not in agency.logins:
            continue
        pages = [page for page in agency.walk(role) if page.html and page.status == 200]
        found[role] = [page for page in pages if page.url == pages[0].url or fresh(page, seen)]
        seen |= {page.endpoint for page in pages}
    return found


def fresh(page, seen):
    return page.endpoint not in seen and page.endpoint not in STUDIO_PAGES


@pytest.fixture
def reader(chromium, served, agency):
    """Signs a role in; gives its page and what the console said."""
    contexts = []

    def open_as(role):
        context = chromium.new_context(base_url=served, locale="id-ID", reduced_motion="reduce")
        contexts.append(context)
        page, said = context.new_page(), []
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        sign_in(page, agency.logins[role], PASSWORD)
        return page, said

    yield open_as
    for context in contexts:
        context.close()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_can_be_read_and_used_by_everybody(role, share, reader):
    if missing_parts(ROOT, (*STUDIO, "bpmn-viewer.min.js")):
        pytest.skip("drawing parts are not installed")
    wrong = []
    page, said = reader(role)
    for one in share.get(role, ()):
        page.set_viewport_size(SIZES["phone"])
        page.goto(one.url)
        page.wait_for_load_state("load")
        found = [("phone", *each) for each in (*fit(page), *whole(page))]
        page.set_viewport_size(SIZES["desk"])
        found += [("desk", *each) for each in (*fit(page), *by_size(page))]
        # papers are laid out for A4, as they are printed
        paper = one.url.startswith("/dokumen/")
        wrong += [(one.url, *each) for each in found if not (paper and each[1] == "sideways")]
        wrong += [(one.url, "console", text) for text in said]
        said.clear()
    assert not wrong, "\n" + "\n".join(str(one) for one in wrong)


def fit(page):
    yield from (("sideways", text) for text in page.evaluate(SIDEWAYS))
    yield from (("focus is covered", text) for text in page.evaluate(OBSCURED))
    yield from (("focus is not seen", text) for text in page.evaluate(INVISIBLE))


def whole(page):
    """All of axe's rules on all that is shown."""
    page.evaluate(NEWLY_SHOWN)
    yield from told(grave(page, **{"target-size": {"enabled": True}}))


def by_size(page):
    """What another size can change: where things lie, and what was hidden before."""
    yield from told(grave(page, only=BY_PLACE))
    if page.evaluate(NEWLY_SHOWN):
        rules = {"target-size": {"enabled": True}}
        yield from told(grave(page, within="[data-newly-shown]", **rules))


def told(found):
    for rule, elements in found:
        yield from (("axe", rule, element) for element in elements[:3])


def test_what_only_a_desk_shows_is_looked_at_too(chromium):
    with chromium.new_context(viewport=SIZES["phone"]) as context:
        page = context.new_page()
        page.set_content(
            """<!doctype html><html lang="id"><title>x</title><style>
            b { color: #ccc; background: #fff }
            a { display: inline-block; font-size: 4px }
            @media (width < 50rem) { b, i { display: none } a { padding: 2rem } }
            </style><main><h1>x</h1><b>pale</b><i><button></button></i><br>
            <a href="/1">x</a><a href="/2">y</a></main>"""
        )
        assert list(whole(page)) == []
        page.set_viewport_size(SIZES["desk"])
        assert {rule for _, rule, _ in by_size(page)} == {
            "button-name", "color-contrast", "target-size"
        }  # fmt: skip


def test_the_door_asks_no_puzzle_and_lets_a_password_be_pasted(chromium, served):
    """WCAG 3.3.8."""
    context = chromium.new_context(base_url=served, permissions=["clipboard-read"])
    page = context.new_page()
    page.goto("/masuk")
    assert page.get_attribute("#login", "autocomplete") == "username"
    assert page.get_attribute("#password", "autocomplete") == "current-password"
    for field in ("#login", "#password"):
        stopped = page.evaluate(
            """(field) => {
              const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
              return !document.querySelector(field).dispatchEvent(paste);
            }""",
            field,
        )
        assert not stopped
    expect(page.locator("canvas, iframe, img[src*=captcha]")).to_have_count(0)
    expect(page.locator("main form input:not([type=hidden])")).to_have_count(2)
    context.close()
