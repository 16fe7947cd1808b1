"""What the studio's browser tests share: an open drawing, what is chosen and drawn on it."""

from __future__ import annotations

from collections import Counter

WIDE = {"width": 1400, "height": 1000}
OPEN = ".studio[data-ready=yes]"


def drawn(page):
    """The drawing as it would be saved."""
    return page.evaluate("async () => (await window.regu.modeler.saveXML({ format: true })).xml")


def pick(page, element):
    """Select an element."""
    page.evaluate(
        """(id) => {
          const modeler = window.regu.modeler;
          modeler.get("selection").select(modeler.get("elementRegistry").get(id));
        }""",
        element,
    )


def chosen(page):
    """Ids of what is selected."""
    return page.evaluate("window.regu.modeler.get('selection').get().map(({ id }) => id)")


def kinds(page):
    """How many elements of each type are drawn."""
    found = page.evaluate(
        "window.regu.modeler.get('elementRegistry')"
        ".filter((one) => one.parent && !one.labelTarget).map((one) => one.type)"
    )
    return Counter(found)
