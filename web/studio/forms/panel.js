// What Regu's forms say beyond form-js: English, narrower types, how a field begins, lists.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const PAUSE_MS = 300;
// groups and entries of form-js that Regu does not show or refuses
const GROUPS = new Set(["layout", "serialization", "constraints", "securityAttributes"]);
const ENTRIES =
  /(^|-)(versionTag|alt|prefix-adorner|patternErrorMessage|searchable|nonCollapsedItems|disableCollapse|verticalAlignment|step|action)$/;
const SHAPES = {
  textfield: ["nip", "person", "reference", "hidden"],
  number: ["percent", "points"],
  select: ["person"],
  radio: ["person"],
};

function TextEntry({ id, label, hint, long, get, set }) {
  const given = get() ?? "";
  const [typed, setTyped] = useState(given);
  const timer = useRef();
  useEffect(() => setTyped(given), [given]);
  const keep = (value) => {
    clearTimeout(timer.current);
    if (value !== given) {
      set(value);
    }
  };
  const props = {
    ...named(id),
    value: typed,
    autocomplete: "off",
    onInput: ({ target }) => {
      setTyped(target.value);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => keep(target.value), PAUSE_MS);
    },
    onBlur: ({ target }) => keep(target.value),
  };
  const control = long ? h("textarea", { ...props, rows: 3 }) : h("input", { ...props, type: "text" });
  return entry({ id, label, hint }, control);
}

function SelectEntry({ id, label, hint, choices, get, set }) {
  const given = get() ?? "";
  const options = choices.map(([value, text]) => h("option", { value, selected: value === given, class: "regu" }, text));
  return entry({ id, label, hint }, h("select", { ...named(id), onChange: ({ target }) => set(target.value) }, options));
}

function TickEntry({ id, label, hint, get, set }) {
  const props = { ...named(id), type: "checkbox", checked: get(), onChange: ({ target }) => set(target.checked) };
  return entry({ id, label, hint, box: "checkbox" }, h("input", props));
}

function named(id) {
  return { id: `bio-properties-panel-${id}`, name: id, class: "bio-properties-panel-input" };
}

function entry({ id, label, hint, box = "textfield" }, control) {
  const words = h("label", { for: `bio-properties-panel-${id}`, class: "bio-properties-panel-label regu entry-header-title" }, label);
  const inside = box === "checkbox" ? [control, words] : [words, control];
  const told = hint && h("div", { class: "bio-properties-panel-description regu entry-header-title" }, hint);
  return h("div", { class: "bio-properties-panel-entry", "data-entry-id": id }, [
    h("div", { class: `bio-properties-panel-${box}` }, inside),
    told,
  ]);
}

class Panel {
  constructor(propertiesPanel, { words }) {
    this.words = words;
    propertiesPanel.registerProvider(this, 400);
  }

  getGroups(field, edit) {
    const properties = field.properties ?? {};
    const at = (name, more) => ({
      id: `regu-${name}`,
      get: () => properties[name],
      set: (value) => {
        const next = { ...properties, [name]: value };
        if (value === "" || value === false) {
          delete next[name];
        }
        edit(field, "properties", Object.keys(next).length ? next : undefined);
      },
      ...more,
    });
    return (groups) => {
      const left = groups.filter((one) => !GROUPS.has(one.id)).map(narrowed).filter(isFilled);
      const own = [this._english(field, at), this._own(field, at)].filter((one) => one.entries.length);
      const place = left.findIndex((one) => one.id === "custom-values");
      left.splice(place < 0 ? left.length : place, 0, ...own);
      return left;
    };
  }

  _english(field, at) {
    const { words } = this;
    const entries = [];
    const add = (name, label, more) => entries.push(made(at(name, { label, ...more }), TextEntry));
    if (field.type !== "default" && "label" in field && field.label) {
      add("regu:label.en", words.label);
    }
    if (field.description) {
      add("regu:description.en", words.description);
    }
    if (field.type === "text" && !String(field.text ?? "").startsWith("=")) {
      add("regu:text.en", words.text, { long: true });
    }
    for (const { value, label } of Array.isArray(field.values) ? field.values : []) {
      add(`regu:value.${value}.en`, words.option.replace("{name}", label || value));
    }
    return { id: "regu-english", label: words.english, entries };
  }

  _own(field, at) {
    const { words } = this;
    const entries = [];
    const add = (name, make, more) => entries.push(made(at(name, more), make));
    if (field.type === "default") {
      add("regu:name", TextEntry, { label: words.name });
      const tick = at("regu:bulk", { label: words.bulk, hint: words.bulkHint });
      entries.push(made({ ...tick, get: () => [true, "true"].includes(field.properties?.["regu:bulk"]) }, TickEntry));
    }
    if (SHAPES[field.type]) {
      const choices = [["", words.plain], ...SHAPES[field.type].map((one) => [one, words.shapes[one]])];
      add("regu:type", SelectEntry, { label: words.type, choices });
    }
    if (field.key !== undefined) {
      add("regu:default", TextEntry, { label: words.begins, hint: words.beginsHint, long: true });
    }
    if (field.type === "dynamiclist") {
      const of = (type) => [["", words.none], ...(field.components ?? []).filter((one) => one.type === type).map((one) => [one.key, one.label || one.key])];
      add("regu:whole", SelectEntry, { label: words.whole, hint: words.wholeHint, choices: of("number") });
      add("regu:tick", SelectEntry, { label: words.tick, hint: words.tickHint, choices: of("checkbox") });
      add("regu:tick_by", SelectEntry, { label: words.tickBy, choices: of("select") });
    }
    return { id: "regu-own", label: words.own, entries };
  }
}

Panel.$inject = ["propertiesPanel", "config.regu"];

function made(told, kind) {
  return { ...told, component: kind, isEdited: () => Boolean(told.get()) };
}

function isFilled(group) {
  return group.items || group.entries?.length;
}

function narrowed(group) {
  if (group.id === "custom-values") {
    return { ...group, items: group.items.filter(({ label }) => !label.startsWith("regu:")) };
  }
  return group.entries ? { ...group, entries: group.entries.filter(({ id }) => !ENTRIES.test(id)) } : group;
}

export const panelModule = { __init__: ["reguPanel"], reguPanel: ["type", Panel] };
