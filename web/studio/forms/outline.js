// The fields as a list: chosen, moved and removed without a pointer.

const BACK_MS = 60;

function walk(editor, parent, words) {
  const list = document.createElement("ol");
  (parent.components ?? []).forEach((field, place) => list.append(line(editor, { field, place, parent }, words)));
  return list;
}

function labelOf(field) {
  return field.label || field.text || field.dateLabel || field.key || field.path || field.id;
}

function press(act, field, sign, title) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--second button--small";
  button.dataset.act = act;
  button.dataset.field = field.id;
  button.textContent = sign;
  button.setAttribute("aria-label", `${title}: ${labelOf(field).slice(0, 60)}`);
  button.title = title;
  return button;
}

function line(editor, { field, place, parent }, words) {
  const item = document.createElement("li");
  const row = document.createElement("div");
  row.className = "outline__row";
  const name = document.createElement("button");
  name.type = "button";
  name.className = "outline__name";
  name.dataset.act = "select";
  name.dataset.field = field.id;
  name.setAttribute("aria-pressed", String(editor.get("selection").get()?.id === field.id));
  name.textContent = labelOf(field).slice(0, 80);
  const kind = document.createElement("span");
  kind.className = "small soft";
  kind.textContent = words.types[field.type] ?? field.type;
  row.append(name, kind);
  const acts = document.createElement("span");
  acts.className = "outline__acts";
  const up = press("up", field, "↑", words.up);
  const down = press("down", field, "↓", words.down);
  up.disabled = place === 0;
  down.disabled = place === parent.components.length - 1;
  acts.append(up, down, press("remove", field, "×", words.remove));
  row.append(acts);
  item.append(row);
  if (field.components) {
    item.append(walk(editor, field, words));
  }
  return item;
}

function moved(editor, field, parent, place, step) {
  // the editor counts the place as if the field still stood where it is
  const target = step > 0 ? place + 2 : place - 1;
  editor.get("modeling").moveFormField(field, parent, parent, place, target, null, null);
}

const ACTS = {
  select: (editor, { field }) => editor.get("selection").set(field),
  up: (editor, { field, parent, place }) => moved(editor, field, parent, place, -1),
  down: (editor, { field, parent, place }) => moved(editor, field, parent, place, 1),
  remove: (editor, { field, parent, place }) => editor.get("modeling").removeFormField(field, parent, place),
};

function placeOf(editor, id) {
  const registry = editor.get("formFieldRegistry");
  const field = registry.get(id);
  const parent = registry.get(field._parent);
  return { field, parent, place: parent.components.findIndex((one) => one.id === id) };
}

// The same button, else the next best one.
function again(place, { act, field }) {
  const buttons = [...place.querySelectorAll("button")].filter((one) => !one.disabled);
  const found = buttons.filter((one) => one.dataset.field === field);
  (found.find((one) => one.dataset.act === act) ?? found[0] ?? buttons[0])?.focus();
}

// Keeps the list beside the editor; `shown` is called with the field that was chosen.
export function outline(editor, place, words, shown) {
  const draw = () => {
    const held = place.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
    const { schema } = editor._getState();
    if (!schema) {
      return;
    }
    const empty = document.createElement("p");
    empty.textContent = words.empty;
    place.replaceChildren(schema.components?.length ? walk(editor, schema, words) : empty);
    if (held) {
      again(place, held);
    }
  };
  place.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-act]");
    if (button) {
      const { act, field } = button.dataset;
      ACTS[act](editor, placeOf(editor, field));
      if (act === "select") {
        shown(field);
      } else {
        // the editor takes the focus to what moved; here one goes on where one was
        setTimeout(() => again(place, { act, field }), BACK_MS);
      }
    }
  });
  editor.on("changed", draw);
  editor.on("selection.changed", draw);
  draw();
}
