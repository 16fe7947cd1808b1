"""What a person does in the rooms of the studio, one after the other, and how each is looked at."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.web.looking import grave, overflow, until
from tests.web.studio_desk import OPEN, pick
from tests.web.town import OFFICER

ROOT = Path(__file__).parents[2]
SHIPPED = (
    *("workflows/check_in/check_in.bpmn", "workflows/check_in/check_in.scenarios.yaml"),
    *("workflows/promise/promise.bpmn", "workflows/contribution/clocks.dmn"),
)
WIDE = {"width": 1280, "height": 900}
#: where pictures of the stations are kept to be looked at; none when it is not said
SHOTS = os.environ.get("REGU_LOOP_SHOTS", "")
DRAWN = "[data-drawing][data-ready=yes]"
COMPARED = "[data-compare][data-ready=yes] >> nth=1"

#: a lane above the others, and in the flow to "Pilih waktu" a branch to a task in it
BRANCH = """() => {
  const get = (name) => window.regu.modeler.get(name);
  const [registry, modeling] = [get("elementRegistry"), get("modeling")];
  const make = (type) => get("elementFactory").createShape({ type });
  const lane = modeling.addLane(registry.get("lane_0"), "top");
  modeling.updateLabel(lane, "Kepegawaian");
  const flow = registry.get("moment_to_settle_moment");
  const settle = registry.get("settle_moment");
  const gate = modeling.createShape(make("bpmn:ExclusiveGateway"),
    { x: flow.waypoints.at(-2).x, y: settle.y + 40 }, flow);
  modeling.updateLabel(gate, "Pegawai yang diundang?");
  const task = modeling.appendShape(gate, make("bpmn:Task"),
    { x: settle.x + 60, y: lane.y + lane.height / 2 }, lane.parent);
  modeling.updateLabel(task, "Catat perubahan jadwal");
  modeling.connect(task, settle);
  const to = (target) => gate.outgoing.find((one) => one.target === target).id;
  return { gate: gate.id, task: task.id, asked: to(task), usual: to(settle) };
}"""


def ship(town):
    """Publish the shipped dialogue with all it names."""
    forms = sorted((ROOT / "forms/library").glob("check_in_*.form"))
    forms += sorted((ROOT / "forms/library").glob("promise_*.form"))
    paths = [*(ROOT / name for name in SHIPPED), *forms]
    files = tuple(Resource(name=path.name, content=path.read_bytes()) for path in paths)
    deploy(town.house, OFFICER, files)


@dataclass
class Walk:
    """A page on its way through the rooms."""

    page: object
    #: where it was looked at, in order
    seen: list = field(default_factory=list)

    def go(self, path, ready=None):
        self.page.goto(path)
        if ready:
            self.page.wait_for_selector(ready)

    def look(self, name):
        """Nothing grave for axe, nothing beside the window; a picture when they are kept."""
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        assert grave(self.page) == [], name
        assert overflow(self.page) <= 0, name
        self.seen.append(name)

    # ---- the drawing

    def open_drawing(self, process_id):
        self.go(f"/studio/{process_id}", OPEN)

    def draw_branch(self):
        """A lane, a gateway and a task; their ids."""
        return self.page.evaluate(BRANCH)

    def template(self, element, words):
        """Choose a template for an element; its id afterwards."""
        pick(self.page, element)
        self.page.click(".bio-properties-panel-select-template-button")
        self.page.fill(".djs-popup-search input", words)
        self.page.click(f".djs-popup-body .entry:has-text({words!r}) >> nth=0")
        self.page.wait_for_selector("[name='regu-forms-0']")
        return self.page.evaluate("window.regu.modeler.get('selection').get()[0].id")

    def usual(self, drawn):
        """Make the way past the new step the one that is taken otherwise."""
        pick(self.page, drawn["usual"])
        self.page.evaluate(
            """({ gate, usual }) => {
              const modeler = window.regu.modeler;
              const get = (id) => modeler.get("elementRegistry").get(id);
              modeler.get("modeling").updateProperties(get(gate),
                { default: get(usual).businessObject });
            }""",
            drawn,
        )

    def condition(self, flow, text):
        """Write what must hold on a flow, as it is typed."""
        pick(self.page, flow)
        group = self.page.locator("[data-group-id='group-condition']")
        box = self.page.locator("[data-entry-id='conditionExpression'] .cm-content")
        self.page.wait_for_selector("[data-group-id='group-condition']")
        if not box.is_visible():
            group.locator(".bio-properties-panel-group-header-title").click()
        box.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Escape")
        until(
            self.page,
            """([id, text]) => window.regu.modeler.get("elementRegistry").get(id)
              .businessObject.conditionExpression?.body === `=${text}`""",
            arg=[flow, text],
        )

    def lint(self):
        """What is said while one draws."""
        return self.page.locator("#lint li").all_inner_texts()

    def saved(self):
        """Until nothing drawn is unsaved, and the server has looked at it."""
        until(self.page, "() => !window.regu.drafts.unsaved")
        self.page.evaluate("window.regu.drafts.running")
        self.page.wait_for_selector("#saved:text-matches('^Tersimpan')")
        self.page.wait_for_selector("#findings[data-ready=yes]")
