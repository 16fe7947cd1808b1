// The form editor's page; the plain form around it works by itself.
import { openDesk } from "../desk.js";
import { Opened } from "./editor.js";
import { outline } from "./outline.js";
import { previews } from "./preview.js";
import { speakWith } from "./words.js";

const PAUSE_MS = 600;

function checking(form, place, content) {
  let latest = 0;
  return async () => {
    const mine = ++latest;
    const body = new URLSearchParams({ schema: content() });
    const headers = { "X-CSRF-Token": form.elements.csrf_token.value };
    const answer = await fetch(place.dataset.address, { method: "POST", body, headers });
    if (mine === latest) {
      if (answer.ok) {
        place.innerHTML = await answer.text();
      } else {
        place.textContent = place.dataset.failed;
      }
      place.dataset.ready = String(mine);
    }
  };
}

function chosen(opened, table) {
  return (id) => {
    const field = opened.editor.get("formFieldRegistry").get(id);
    if (field) {
      opened.editor.get("selection").set(field);
      table.querySelector(`.fjs-element[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "center" });
    }
  };
}

function tools(opened, act) {
  const stack = opened.editor.get("commandStack");
  const acts = { undo: () => stack.canUndo() && stack.undo(), redo: () => stack.canRedo() && stack.redo(), check: act.check };
  for (const button of document.querySelectorAll("[data-tool]")) {
    button.addEventListener("click", acts[button.dataset.tool]);
  }
}

// The form as text, for what the editor has no place for.
function asText(opened, form, { taken }) {
  const area = form.elements.schema;
  const details = area.closest("details");
  const refused = details.querySelector("[data-refused]");
  const button = details.querySelector("[data-apply]");
  details.addEventListener("toggle", () => {
    if (details.open && opened.editor) {
      area.value = opened.text();
    }
  });
  button.addEventListener("click", async () => {
    const sent = area.value;
    try {
      await opened.read(sent);
      opened.touched = false;
      refused.hidden = true;
      taken();
    } catch (error) {
      refused.hidden = false;
      refused.querySelector("[data-why]").textContent = error.message;
    }
  });
}

async function begin(table, form) {
  const told = JSON.parse(table.dataset.told);
  if (Object.keys(told.screen).length) {
    speakWith(told.screen);
  }
  const opened = new Opened({
    canvas: table.querySelector(".forms__canvas"),
    panel: table.querySelector(".forms__panel"),
    stylesheet: table.dataset.panelStyle,
    words: { types: told.types, words: told.panel },
  });
  const area = form.elements.schema;
  let text = () => opened.text();
  try {
    await opened.read(area.value);
  } catch (error) {
    text = () => area.value;
    unread(table, error);
  }
  wire({ table, form, opened, text, told });
}

function unread(table, error) {
  const notice = document.getElementById("unread");
  notice.hidden = false;
  notice.querySelector("[data-why]").textContent = error.message;
  document.querySelector("[name=schema]").closest("details").open = true;
  table.hidden = true;
}

function wire({ table, form, opened, text, told }) {
  const check = checking(form, document.getElementById("findings"), text);
  const shown = previews(document.getElementById("previews"), { schema: text, csrf: form.elements.csrf_token.value });
  const { drafts, go } = openDesk({ form, place: table.dataset, content: async () => text(), saved: () => {} });
  document.addEventListener("submit", go);
  const show = chosen(opened, table);
  let timer;
  const changed = () => {
    drafts.changed();
    shown.later();
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  };
  opened.editor.on("commandStack.changed", ({ trigger }) => {
    if (trigger !== "clear") {
      opened.touched = true;
      changed();
    }
  });
  outline(opened.editor, document.getElementById("outline"), { ...told.outline, types: told.types }, show);
  tools(opened, { check });
  asText(opened, form, {
    taken: () => {
      document.getElementById("unread").hidden = true;
      table.hidden = false;
      changed();
    },
  });
  document.getElementById("findings").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-element]");
    if (button) {
      show(button.dataset.element);
      table.scrollIntoView({ block: "nearest" });
      table.querySelector(`.fjs-element[data-id="${CSS.escape(button.dataset.element)}"]`)?.focus();
    }
  });
  window.regu = { form: opened, drafts };
  table.dataset.ready = "yes";
}

document.addEventListener("DOMContentLoaded", () => {
  const table = document.querySelector(".forms");
  if (table) {
    begin(table, document.getElementById("text-form"));
  }
});
