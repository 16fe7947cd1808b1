// Puts new elements down without a mouse: what is chosen by keyboard is placed at once, where it
// is free, instead of hanging on a pointer that nobody moves.
import { getMid } from "diagram-js/lib/layout/LayoutUtil";
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";

// pixels to the next element, and between rows that are tried
const BESIDE = 60;
const ROW = 40;
const TRIES = 40;

// An Enter, a press of the space bar, or the click that a screen reader makes of them.
export function byKeyboard(event) {
  const own = event?.originalEvent ?? event;
  return own instanceof KeyboardEvent || (own?.type === "click" && own.detail === 0);
}

function overlaps(one, other) {
  return (
    one.x < other.x + other.width + ROW / 2 &&
    other.x < one.x + one.width + ROW / 2 &&
    one.y < other.y + other.height + ROW / 2 &&
    other.y < one.y + one.height + ROW / 2
  );
}

function boundsOf(elements) {
  const shapes = elements.filter((one) => !one.waypoints && !one.hidden);
  const left = Math.min(...shapes.map((one) => one.x ?? 0));
  const top = Math.min(...shapes.map((one) => one.y ?? 0));
  const right = Math.max(...shapes.map((one) => (one.x ?? 0) + one.width));
  const bottom = Math.max(...shapes.map((one) => (one.y ?? 0) + one.height));
  return { width: right - left, height: bottom - top, x: left, y: top };
}

export class Placing {
  constructor(canvas, create, copyPaste, modeling, rules, selection) {
    Object.assign(this, { canvas, modeling, rules, selection });
    // menus hand on the last movement of the mouse in the place of the key that was pressed
    this.key = "";
    document.addEventListener("keydown", ({ key }) => (this.key = key), true);
    document.addEventListener("pointerdown", () => (this.key = ""), true);
    const started = create.start.bind(create);
    create.start = (event, elements, context) => {
      const pressed = byKeyboard(event) || this.key === "Enter" || this.key === " ";
      return pressed || (this.pasting && !this._pointed()) ? this.place([elements].flat(), context) : started(event, elements, context);
    };
    const pasted = copyPaste.paste.bind(copyPaste);
    copyPaste.paste = (context) => {
      this.pasting = true;
      try {
        return pasted(context);
      } finally {
        this.pasting = false;
      }
    };
  }

  // Creates these elements beside what is selected, else in the middle of what is seen.
  place(elements, { hints = {} } = {}) {
    const shape = elements.find((one) => !one.waypoints);
    const near = this.selection.get().find((one) => !one.waypoints && !one.labelTarget);
    if (elements.length === 1 && this._attached(shape, near)) {
      return;
    }
    const target = this._parent(shape, near);
    const bounds = boundsOf(elements);
    this._centred(elements, bounds);
    const at = this._free(bounds, target, near);
    this.modeling.createElements(elements, at, target, hints);
    this.selection.select(shape);
    this.canvas.scrollToElement(shape, 80);
    this.canvas.focus();
  }

  _pointed() {
    return this.canvas.getContainer().matches(":hover");
  }

  // The way to a boundary event: an intermediate event while an activity is selected.
  _attached(shape, near) {
    if (!near || !is(shape, "bpmn:IntermediateThrowEvent") || !is(near, "bpmn:Activity")) {
      return false;
    }
    const at = { x: near.x + near.width / 2, y: near.y + near.height };
    if (this.rules.allowed("shape.attach", { shape, target: near, position: at }) !== "attach") {
      return false;
    }
    const made = this.modeling.createShape(shape, at, near, { attach: true });
    this.selection.select(made);
    this.canvas.focus();
    return true;
  }

  _parent(shape, near) {
    const root = this.canvas.getRootElement();
    if (is(shape, "bpmn:Participant") || !is(root, "bpmn:Collaboration")) {
      const inside = near && this._holds(near) ? near : near?.parent;
      return !is(shape, "bpmn:Participant") && inside && this._holds(inside) ? inside : root;
    }
    let found = near;
    while (found && !this._holds(found)) {
      found = found.parent;
    }
    return found ?? root.children.find((one) => is(one, "bpmn:Participant")) ?? root;
  }

  _holds(element) {
    const open = !element.collapsed && element.type !== "label";
    return open && isAny(element, ["bpmn:Participant", "bpmn:SubProcess", "bpmn:Process"]);
  }

  _centred(elements, bounds) {
    const [dx, dy] = [bounds.x + bounds.width / 2, bounds.y + bounds.height / 2];
    for (const one of elements) {
      if (one.waypoints) {
        one.waypoints = one.waypoints.map(({ x, y }) => ({ x: x - dx, y: y - dy }));
      } else {
        Object.assign(one, { x: (one.x ?? 0) - dx, y: (one.y ?? 0) - dy });
      }
    }
  }

  _free({ width, height }, target, near) {
    const { x, y, width: wide, height: high } = this.canvas.viewbox();
    const beside = near && target !== near;
    const inside = near && target === near ? getMid(near) : { x: x + wide / 2, y: y + high / 2 };
    const at = beside ? { x: near.x + near.width + BESIDE + width / 2, y: getMid(near).y } : inside;
    const others = (target.children ?? []).filter(
      (one) => !one.waypoints && !isAny(one, ["bpmn:Lane", "bpmn:Participant"]),
    );
    const box = () => ({ x: at.x - width / 2, y: at.y - height / 2, width, height });
    for (let tried = 0; tried < TRIES && others.some((one) => overlaps(box(), one)); tried += 1) {
      at.y += ROW;
    }
    return at;
  }
}

Placing.$inject = ["canvas", "create", "copyPaste", "modeling", "rules", "selection"];

export const placingModule = { __init__: ["reguPlacing"], reguPlacing: ["type", Placing] };
