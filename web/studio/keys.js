// The palette and the pad beside an element as buttons: reached by Tab and arrows, pressed by
// Enter or space, left by Escape. bpmn.io draws them for the mouse alone.
const FORTH = new Set(["ArrowDown", "ArrowRight"]);
const BACK = new Set(["ArrowUp", "ArrowLeft"]);

function entriesOf(place) {
  return [...place.querySelectorAll(".entry")];
}

function asButton(entry) {
  entry.setAttribute("role", "button");
  entry.setAttribute("tabindex", "0");
  if (!entry.hasAttribute("aria-label") && entry.title) {
    entry.setAttribute("aria-label", entry.title);
  }
  if (!entry.title && entry.hasAttribute("aria-label")) {
    entry.title = entry.getAttribute("aria-label");
  }
}

// The press of a mouse in its middle, which tells by `detail` that there was none.
function press(entry) {
  const { left, top, width, height } = entry.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + height / 2 };
  entry.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 0, ...at }));
}

class Keys {
  constructor(canvas, contextPad, eventBus, translate) {
    Object.assign(this, { canvas });
    eventBus.on("palette.changed", () => this._palette(translate("Elements")));
    eventBus.on("contextPad.open", ({ current }) => this._pad(current, translate("Acts")));
    canvas.getContainer().addEventListener("keydown", (event) => this._key(event));
  }

  _palette(name) {
    const place = this.canvas.getContainer().querySelector(".djs-palette-entries");
    if (place) {
      place.setAttribute("role", "toolbar");
      place.setAttribute("aria-orientation", "vertical");
      place.setAttribute("aria-label", name);
      entriesOf(place).forEach(asButton);
    }
  }

  _pad({ html }, name) {
    html.setAttribute("role", "toolbar");
    html.setAttribute("aria-label", name);
    entriesOf(html).forEach(asButton);
  }

  _key(event) {
    const entry = event.target.closest?.(".djs-palette .entry, .djs-context-pad .entry");
    if (!entry) {
      return;
    }
    const place = entry.closest(".djs-palette, .djs-context-pad");
    const all = entriesOf(place);
    const by = FORTH.has(event.key) ? 1 : BACK.has(event.key) ? -1 : 0;
    if (by) {
      all[(all.indexOf(entry) + by + all.length) % all.length].focus();
    } else if (event.key === "Escape") {
      this.canvas.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      press(entry);
      this._back(entry);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // Where the button is gone with what it did, the keyboard goes on in the drawing.
  _back(entry) {
    const active = document.activeElement;
    if (!entry.isConnected && (active === document.body || active === null)) {
      this.canvas.focus();
    }
  }
}

Keys.$inject = ["canvas", "contextPad", "eventBus", "translate"];

export const keysModule = { __init__: ["reguKeys"], reguKeys: ["type", Keys] };
