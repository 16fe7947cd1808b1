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
  for (const part of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const attribute of ["name", "id", "for", "aria-describedby"]) {
      const text = part.getAttribute(attribute);
      if (text !== null) {
        part.setAttribute(attribute, text.replaceAll("-ROW-", `-${number}-`));
      }
    }
  }
  list.append(row);
  list.lastElementChild.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

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
