// The page of a decision: the table as dmn-js draws it, between the form and the lists around it.
import DmnModeler from "dmn-js/lib/Modeler";

import { openDesk } from "./desk.js";
import { constructedStyles } from "./styles.js";
import { openTable, placesOf } from "./table.js";

const MARKS = { matched: "#d5efdc", blamed: "#f9d4d4" };

function part(name) {
  return document.querySelector(`[data-place=${name}]`);
}

// What was typed stays: by name of the value, as fields come and go with the columns.
function typed(place) {
  const fields = [...place.querySelectorAll("[data-entry]")];
  return new Map(fields.map((one) => [one.dataset.entry, one.querySelector("input, select").value]));
}

// Puts the parts of an answer in their places; one that somebody types in waits.
function show(html, { keep = true } = {}) {
  const answer = document.createElement("template");
  answer.innerHTML = html;
  for (const fresh of answer.content.querySelectorAll("[data-part]")) {
    const place = part(fresh.dataset.part);
    const before = keep && fresh.dataset.part === "entries" ? typed(place) : new Map();
    const busy = place.contains(document.activeElement) && document.activeElement.matches("input, select");
    if (keep && busy) {
      continue;
    }
    const open = [...place.querySelectorAll("details[open] [data-of]")].map((one) => one.dataset.of);
    place.innerHTML = fresh.innerHTML;
    for (const field of place.querySelectorAll("[data-entry]")) {
      if (before.has(field.dataset.entry)) {
        field.querySelector("input, select").value = before.get(field.dataset.entry);
      }
    }
    for (const field of place.querySelectorAll("[data-of]")) {
      if (open.includes(field.dataset.of)) {
        field.closest("details").open = true;
      }
    }
    place.dataset.ready = "yes";
  }
}

// Marks the rules that counted, in the list and in the table.
function mark(sheet) {
  const answer = part("answer").querySelector("[data-matched]");
  const rules = answer?.dataset.matched.split(" ").filter(Boolean) ?? [];
  const how = answer?.dataset.blamed ? "blamed" : "matched";
  for (const row of document.querySelectorAll("[data-rule]")) {
    const hit = rules.includes(row.dataset.rule);
    row.classList.toggle(`rules__row--${how}`, hit);
    row.classList.toggle(how === "matched" ? "rules__row--blamed" : "rules__row--matched", false);
    row.querySelector(".rules__matched").hidden = !(hit && how === "matched");
  }
  const cells = rules.map((id) => `.sheet td[data-row-id="${CSS.escape(id)}"]`);
  sheet.replaceSync(cells.length ? `${cells.join(", ")} { background-color: ${MARKS[how]} !important; }` : "");
}

// An answer to what the table was before says nothing of what it is now.
function stale(sheet) {
  const answer = part("answer").querySelector("[data-matched]");
  if (answer) {
    answer.dataset.matched = "";
    document.getElementById("stale").hidden = false;
    mark(sheet);
  }
}

async function post(form, address, body, asked) {
  const answer = await fetch(address, {
    method: "POST",
    body,
    headers: { "X-CSRF-Token": form.elements.csrf_token.value, "X-Requested-With": asked },
  });
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status}`);
  }
  return answer.text();
}

// The file is not touched where nothing was changed: it is sent as it came, to the letter.
function editing(table, form, highlight) {
  const original = form.elements.xml.value;
  let touched = false;
  const xml = async () => (touched && table.open ? await table.xml() : original);
  const checks = async () => {
    const body = new FormData();
    body.append("xml", await xml());
    try {
      show(await post(form, form.dataset.check, body, "examined"));
      mark(highlight);
    } catch {
      part("findings").textContent = form.dataset.failed;
    }
  };
  const place = document.querySelector(".sheet").dataset;
  const { drafts } = openDesk({ form, place, content: xml, saved: checks });
  const changed = () => {
    touched = true;
    drafts.changed();
    stale(highlight);
  };
  table.changed = changed;
  return { xml, checks, drafts, changed };
}

function trying(form, xml, highlight) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    body.set("xml", await xml());
    document.getElementById("stale").hidden = true;
    try {
      show(await post(form, form.dataset.try, body, "tried"), { keep: false });
    } catch {
      part("answer").textContent = form.dataset.failed;
    }
    mark(highlight);
    part("entries").querySelector("[aria-invalid]")?.focus();
  });
}

// Fills the fields with the values that show a gap or an overlap, and asks.
function examples(form) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-example]");
    if (!button) {
      return;
    }
    const values = JSON.parse(button.dataset.example);
    for (const field of document.querySelectorAll("[data-entry]")) {
      if (field.dataset.entry in values) {
        const input = field.querySelector("input, select");
        const text = values[field.dataset.entry].replace(/^"(.*)"$/, "$1");
        input.value = field.dataset.shape === "number" ? text.replace(".", ",") : text;
      }
    }
    document.getElementById("try").scrollIntoView({ block: "start" });
    form.requestSubmit(document.getElementById("ask"));
  });
}

// Source and status of rows, and the days of the version: they stand in the file beside the cells.
function notes(table, changed) {
  part("rules").addEventListener("change", ({ target }) => {
    if (target.dataset.note && table.open) {
      table.note(target.dataset.of, target.dataset.note, target.value.trim());
      changed();
    }
  });
  for (const field of document.querySelectorAll("[data-valid]")) {
    field.value = table.open ? table.validity()[field.dataset.valid] : "";
    field.disabled = !table.open;
    field.addEventListener("change", () => {
      table.setValidity(field.dataset.valid, field.value.trim());
      changed();
    });
  }
}

function savingLinks(drafts) {
  // a link away saves first
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a.button[href]");
    if (link && drafts.unsaved && !drafts.standing) {
      event.preventDefault();
      await drafts.save();
      window.location.assign(link.href);
    }
  });
}

async function begin(sheet, form) {
  constructedStyles();
  const highlight = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, highlight];
  const table = await openTable(DmnModeler, placesOf(sheet, form));
  window.regu = { table };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-element]");
    if (button && table.open) {
      table.goTo(button.dataset.element);
    }
  });
  document.getElementById("unread").hidden = table.open;
  const { xml, checks, drafts, changed } = editing(table, form, highlight);
  window.regu.drafts = drafts;
  for (const button of document.querySelectorAll("[data-tool]")) {
    button.addEventListener("click", () => table.act(button.dataset.tool));
    button.disabled = !table.open;
  }
  document.getElementById("check").addEventListener("click", checks);
  notes(table, changed);
  trying(form, xml, highlight);
  examples(form);
  savingLinks(drafts);
  mark(highlight);
  sheet.dataset.ready = "yes";
}

document.addEventListener("DOMContentLoaded", () => {
  const sheet = document.querySelector(".sheet");
  if (sheet) {
    begin(sheet, document.getElementById("sheet"));
  }
});
