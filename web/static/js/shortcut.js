// The key "/" leads to the search box; who does not want it turns it off on the search page.
"use strict";

const SHORTCUT = "regu.shortcut.search";

function wantsShortcut() {
  try {
    return localStorage.getItem(SHORTCUT) !== "off";
  } catch {
    return true;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
    return;
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], svg, dialog");
  const box = document.getElementById("head-search");
  if (typing || !box || !wantsShortcut()) {
    return;
  }
  event.preventDefault();
  box.focus();
  box.select();
});

document.addEventListener("DOMContentLoaded", () => {
  const choice = document.querySelector("[data-shortcut]");
  if (!choice) {
    return;
  }
  choice.checked = wantsShortcut();
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(SHORTCUT, choice.checked ? "on" : "off");
    } catch {
      // nothing is kept in a private window
    }
  });
});
