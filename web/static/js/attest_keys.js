// Single keys on the attestation pages: they move and choose, and never send a decision.
// Who does not want them turns them off beside their list (WCAG 2.1.4).
"use strict";

const ATTEST_KEYS = "regu.shortcut.attest";

function wantsKeys() {
  try {
    return localStorage.getItem(ATTEST_KEYS) !== "off";
  } catch {
    return true;
  }
}

function rowOfFocus() {
  return document.activeElement?.closest?.(".attest-row") ?? null;
}

function move(step) {
  const rows = [...document.querySelectorAll(".attest-row")];
  const here = rows.indexOf(rowOfFocus());
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  rows[next]?.querySelector(".task__name a")?.focus();
  return rows.length > 0;
}

function choose() {
  const box = rowOfFocus()?.querySelector("input[name=klaim]");
  if (box) {
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return Boolean(box);
}

function lead(selector) {
  const to = document.querySelector(selector);
  to?.focus();
  return Boolean(to);
}

const DOES = {
  j: () => move(1),
  k: () => move(-1),
  x: choose,
  s: () => lead(".attest-quick button"),
  d: () => lead("form[data-effect] :is(input:not([type=hidden]), select, textarea)"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) {
    return;
  }
  const typing = event.target.closest?.(
    "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog",
  );
  if (typing || !wantsKeys()) {
    return;
  }
  if (DOES[event.key]?.()) {
    event.preventDefault();
  }
});

const keysChoice = document.querySelector("[data-attest-keys]");
if (keysChoice) {
  keysChoice.checked = wantsKeys();
  keysChoice.addEventListener("change", () => {
    try {
      localStorage.setItem(ATTEST_KEYS, keysChoice.checked ? "on" : "off");
    } catch {
      // nothing is kept in a private window
    }
  });
}
