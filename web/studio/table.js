// dmn-js with our words, the days of a version, source and status of rows.

// what a decision says of its versions; the same elements as in drawings
const zeebe = {
  name: "zeebe",
  prefix: "zeebe",
  uri: "http://camunda.org/schema/zeebe/1.0",
  xml: { tagAlias: "lowerCase" },
  types: [
    { name: "Properties", superClass: ["Element"], properties: [{ name: "properties", type: "Property", isMany: true }] },
    {
      name: "Property",
      properties: [
        { name: "name", type: "String", isAttr: true },
        { name: "value", type: "String", isAttr: true },
      ],
    },
    { name: "VersionTag", superClass: ["Element"], properties: [{ name: "value", type: "String", isAttr: true }] },
  ],
};
const DAYS = ["validFrom", "validTo"];
// dmn-js makes a viewer of its own for each, and gives modules to each by its name only
const VIEWS = ["drd", "decisionTable", "literalExpression", "boxedExpression"];

function translating(words, untold) {
  return (template, values = {}) => {
    if (!(template in words)) {
      untold.add(template);
    }
    return (words[template] ?? template).replace(/{([^}]+)}/g, (whole, key) => values[key.trim()] ?? whole);
  };
}

// Every element of a file, itself and below.
function* below(element) {
  yield element;
  for (const property of element.$descriptor?.properties ?? []) {
    if (property.isReference || property.isAttr) {
      continue;
    }
    const value = element.get(property.name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one?.$descriptor && one.$parent === element) {
        yield* below(one);
      }
    }
  }
}

class Table {
  constructor(modeler, { canvas, views, decision }) {
    Object.assign(this, { modeler, canvas, views, decision });
    this.open = false;
    this.changed = () => {};
    modeler.on("viewer.created", ({ viewer }) => {
      viewer.on("commandStack.changed", ({ trigger }) => {
        if (trigger !== "clear") {
          this.changed();
        }
      });
    });
    modeler.on("import.render.complete", ({ view, error }) => {
      if (!error && view.type === "drd") {
        requestAnimationFrame(() => this._besidePalette());
      }
    });
    modeler.on("views.changed", ({ views: all, activeView }) => this._listViews(all, activeView));
  }

  async xml() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  // The decision of the page, else the first that can be shown.
  async begin() {
    const all = this.modeler.getViews();
    const mine = all.find(({ element }) => element.id === this.decision);
    await this.modeler.open(mine ?? all.find(({ type }) => type !== "drd") ?? all[0]);
    this.open = true;
  }

  act(tool) {
    const viewer = this.modeler.getActiveViewer();
    if (tool === "rule") {
      viewer.get("editorActions", false)?.trigger("addRule");
    } else {
      viewer.get("commandStack")[tool]();
    }
  }

  // Opens the decision that holds an element and puts the cursor there.
  async goTo(id) {
    const found = this._find(id);
    const views = this.modeler.getViews();
    const view = views.find(({ element }) => found && element === this._owner(found)) ?? views[0];
    if (view !== this.modeler.getActiveView()) {
      await this.modeler.open(view);
    }
    this.canvas.scrollIntoView({ block: "center" });
    const row = found?.$type === "dmn:DecisionRule" ? found.inputEntry?.[0] ?? found.outputEntry?.[0] : null;
    const wanted = this._shown(row ?? found) ?? this._shown(found);
    if (wanted) {
      wanted.scrollIntoView({ block: "center", inline: "nearest" });
      this.modeler.getActiveViewer().get("selection", false)?.select(wanted.dataset.elementId);
      (wanted.querySelector("[contenteditable=true], input, textarea") ?? wanted).focus?.();
    }
  }

  // Sets what an annotation column says of a row; the column comes with the first word.
  note(ruleId, name, text) {
    const rule = this._find(ruleId);
    const table = rule.$parent;
    const columns = table.get("annotation");
    let place = columns.findIndex((one) => one.name?.trim() === name);
    if (place < 0) {
      place = columns.push(this._make("dmn:RuleAnnotationClause", { name }, table)) - 1;
    }
    const entries = rule.get("annotationEntry");
    while (entries.length <= place) {
      entries.push(this._make("dmn:RuleAnnotation", { text: "" }, rule));
    }
    entries[place].text = text;
  }

  validity() {
    const all = this._extensions();
    const days = all.find(({ $type }) => $type === "zeebe:Properties")?.get("properties") ?? [];
    const found = DAYS.map((name) => [name, days.find((one) => one.name === name)?.value ?? ""]);
    const tag = all.find(({ $type }) => $type === "zeebe:VersionTag");
    return { ...Object.fromEntries(found), versionTag: tag?.value ?? "" };
  }

  setValidity(name, value) {
    const said = { ...this.validity(), [name]: value };
    const owner = this._find(this.decision);
    const others = this._extensions().filter((one) => one.$type !== "zeebe:VersionTag");
    const held = others.find(({ $type }) => $type === "zeebe:Properties");
    const kept = (held?.get("properties") ?? []).filter((one) => !DAYS.includes(one.name));
    const days = DAYS.filter((one) => said[one]).map((one) =>
      this._make("zeebe:Property", { name: one, value: said[one] }),
    );
    const values = others.filter((one) => one !== held);
    if (kept.length || days.length) {
      values.unshift(this._make("zeebe:Properties", { properties: [...kept, ...days] }));
    }
    if (said.versionTag) {
      values.push(this._make("zeebe:VersionTag", { value: said.versionTag }));
    }
    owner.extensionElements = values.length ? this._make("dmn:ExtensionElements", { values }, owner) : undefined;
  }

  _make(type, values, parent) {
    const made = this.modeler._moddle.create(type, values);
    for (const one of Object.values(values).flat()) {
      if (one?.$type) {
        one.$parent = made;
      }
    }
    if (parent) {
      made.$parent = parent;
    }
    return made;
  }

  _extensions() {
    return this._find(this.decision)?.extensionElements?.get("values") ?? [];
  }

  _find(id) {
    for (const one of below(this.modeler.getDefinitions())) {
      if (one.id === id) {
        return one;
      }
    }
    return null;
  }

  _owner(element) {
    let one = element;
    while (one && one.$parent?.$type !== "dmn:Definitions") {
      one = one.$parent;
    }
    return one;
  }

  _shown(element) {
    return element && this.canvas.querySelector(`[data-element-id="${CSS.escape(element.id)}"]`);
  }

  // The map begins beside its palette and below its title.
  _besidePalette() {
    const canvas = this.modeler.getActiveViewer().get("canvas");
    const { inner, outer } = canvas.viewbox();
    canvas.viewbox({ x: inner.x - 160, y: inner.y - 130, width: outer.width, height: outer.height });
  }

  // Of a table the rows scroll and not the canvas: they are what the keyboard reaches.
  _scrollByKeys() {
    const rows = this.canvas.querySelector(".tjs-table-container");
    this.canvas.tabIndex = rows ? -1 : 0;
    rows?.setAttribute("tabindex", "0");
    rows?.setAttribute("role", "group");
    rows?.setAttribute("aria-label", this.canvas.ariaLabel);
  }

  _listViews(all, active) {
    this.canvas.classList.toggle("sheet__canvas--map", active?.type === "drd");
    this.canvas.classList.toggle("sheet__canvas--table", active?.type === "decisionTable");
    this._scrollByKeys();
    const buttons = all.map((view) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--second button--small";
      button.textContent = view.type === "drd" ? this.views.dataset.map : view.name || view.id;
      button.setAttribute("aria-pressed", String(view === active));
      button.addEventListener("click", () => this.modeler.open(view));
      return button;
    });
    this.views.replaceChildren(...buttons);
  }
}

// `Part` is the modeler or the viewer of dmn-js.
export async function openTable(Part, { canvas, views, xml, decision, words }) {
  const untold = new Set();
  const told = { additionalModules: [{ translate: ["value", translating(words, untold)] }] };
  const modeler = new Part({
    container: canvas,
    ...Object.fromEntries(VIEWS.map((view) => [view, told])),
    moddleExtensions: { zeebe },
  });
  const table = new Table(modeler, { canvas, views, decision });
  // what was asked for and nobody has translated; the tests read it
  table.untold = untold;
  try {
    await modeler.importXML(xml, { open: false });
    await table.begin();
  } catch {
    canvas.replaceChildren();
  }
  return table;
}

// What a page says of the table to open.
export function placesOf(sheet, form) {
  return {
    canvas: sheet.querySelector(".sheet__canvas"),
    views: document.querySelector(".sheet__views"),
    xml: form.elements.xml.value,
    decision: sheet.dataset.decision,
    words: JSON.parse(sheet.dataset.words),
  };
}
