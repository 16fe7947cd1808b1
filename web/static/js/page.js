// Small helps for pages that work without them: the class "js", rows, the error summary.
"use strict";

document.documentElement.classList.add("js");

document.addEventListener("click", (event) => {
  const remove = event.target.closest("[data-remove-row]");
  if (remove) {
    const list = remove.closest("[data-rows]");
    remove.closest("li").remove();
    list.dispatchEvent(new Event("change", { bubbles: true }));
    list.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    return;
  }
  const add = event.target.closest("[data-add-row]");
  if (add) {
    addRow(add.dataset.addRow);
  }
});

function addRow(name) {
  const list = document.querySelector(`[data-rows="${name}"]`);
  const blank = document.querySelector(`template[data-row-of="${name}"]`);
  const number = Number(list.dataset.next ?? list.children.length);
  list.dataset.next = number + 1;
  const row = blank.content.cloneNode(true);
  for (const part of row.querySelectorAll("[name], [id], [for], [aria-describedby], [data-name]")) {
    for (const attribute of ["name", "id", "for", "aria-describedby", "data-name"]) {
      const text = part.getAttribute(attribute);
      if (text !== null) {
        part.setAttribute(attribute, text.replaceAll("-ROW-", `-${number}-`));
      }
    }
  }
  list.append(row);
  list.lastElementChild.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

// Which fields show is the server's answer to what is typed; only the newest answer counts.
const asked = new WeakMap();

async function followConditions(form) {
  asked.get(form)?.abort();
  const asking = new AbortController();
  asked.set(form, asking);
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") {
      body.append(name, value);
    }
  }
  const answer = await fetch(form.dataset.conditions, { method: "POST", body, signal: asking.signal });
  if (!answer.ok) {
    return;
  }
  const hides = await answer.json();
  for (const part of form.querySelectorAll("[data-name]")) {
    part.classList.toggle("concealed", hides[nameNow(part)] ?? false);
  }
}

// Rows that were removed leave gaps in the names here and none on the server.
function nameNow(part) {
  const row = part.parentElement.closest("[data-rows] > li");
  if (!row) {
    return part.dataset.name;
  }
  const list = row.parentElement.dataset.rows;
  const number = [...row.parentElement.children].indexOf(row);
  const rest = part.dataset.name.slice(list.length + 1).replace(/^\d+-/, "");
  return `${list}-${number}-${rest}`;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-conditions]");
  if (form) {
    followConditions(form).catch(() => {});
  }
});

// A table that is wider than its place scrolls by keyboard too.
function reachable(region) {
  if (region.scrollWidth > region.clientWidth) {
    region.tabIndex = 0;
    region.setAttribute("role", "region");
    const name = region.querySelector("caption")?.textContent;
    region.setAttribute("aria-label", (name ?? document.title).trim());
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".scroll").forEach(reachable);
  document.querySelector(".summary")?.focus();
});
