// Goes from element to element by keyboard, and says aloud which one it is.
import { getLabel, isLabel } from "bpmn-js/lib/util/LabelUtil";
import { is } from "bpmn-js/lib/util/ModelUtil";

const EARLY = 1500;

// How an element is called: its name, as it stands in the drawing.
export function titleOf(element) {
  return getLabel(element)?.trim() ?? "";
}

// What kind of element it is, in the reader's words.
export function typeOf(element, translate) {
  const object = element.businessObject;
  const trigger = object.get?.("eventDefinitions")?.[0]?.$type.slice(5, -"EventDefinition".length) ?? "";
  const kind = (trigger + object.$type.replace(/^bpmn:/, "")).replace(/(\B[A-Z])/g, " $1");
  return translate(kind);
}

// Shapes from left to right and from above, each followed by the flows that leave it.
function inReadingOrder(root) {
  const shapes = [];
  const gather = (element) => {
    for (const one of element.children ?? []) {
      if (!one.waypoints && !isLabel(one) && !one.hidden) {
        shapes.push(one);
        gather(one);
      }
    }
  };
  gather(root);
  shapes.sort((one, other) => one.x - other.x || one.y - other.y);
  return shapes.flatMap((one) => [one, ...(one.outgoing ?? [])]);
}

export class Walking {
  constructor(canvas, contextPad, directEditing, eventBus, keyboard, selection, translate, offered) {
    Object.assign(this, { canvas, contextPad, directEditing, selection, translate });
    this.told = document.getElementById("chosen");
    keyboard.addListener(EARLY, ({ keyEvent }) => this._key(keyEvent) || undefined);
    eventBus.on("selection.changed", ({ newSelection }) => this._tell(newSelection));
    eventBus.on("canvas.init", ({ svg }) => {
      svg.setAttribute("role", "application");
      svg.setAttribute("aria-label", offered.labels.canvas);
      svg.setAttribute("aria-describedby", "studio-keys");
    });
  }

  _key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.directEditing.isActive()) {
      return false;
    }
    const acts = {
      PageDown: () => this._step(1),
      PageUp: () => this._step(-1),
      Home: () => this._select(inReadingOrder(this.canvas.getRootElement())[0]),
      End: () => this._select(inReadingOrder(this.canvas.getRootElement()).findLast((one) => !one.waypoints)),
      Enter: () => this._pad(),
      F2: () => this._rename(),
      Escape: () => this.selection.select(null),
    };
    const act = acts[event.key];
    act?.();
    return Boolean(act);
  }

  _step(by) {
    const all = inReadingOrder(this.canvas.getRootElement());
    const [now] = this.selection.get();
    const at = all.indexOf(now?.labelTarget ?? now);
    const next = at < 0 && by < 0 ? all.length - 1 : at + by;
    this._select(all[(next + all.length) % all.length]);
  }

  _select(element) {
    if (element) {
      this.selection.select(element);
      this.canvas.scrollToElement(element, 80);
    }
  }

  _pad() {
    this.canvas.getContainer().querySelector(".djs-context-pad.open .entry")?.focus();
  }

  _rename() {
    const [element] = this.selection.get();
    if (element && !is(element, "bpmn:Process")) {
      this.directEditing.activate(element);
    }
  }

  _tell(chosen) {
    if (this.told) {
      const [first] = chosen;
      const one = first && [titleOf(first), typeOf(first, this.translate)].filter(Boolean).join(", ");
      this.told.textContent = chosen.length > 1 ? `${chosen.length}` : (one ?? "");
    }
  }
}

Walking.$inject = [
  ...["canvas", "contextPad", "directEditing", "eventBus", "keyboard", "selection", "translate"],
  "config.regu",
];

export const walkingModule = { __init__: ["reguWalking"], reguWalking: ["type", Walking] };
