// Attestation: the effect on the others while a decision is typed, and choosing many at once.
"use strict";

const asking = new WeakMap();
const WAIT_MS = 250;

function later(form) {
  const held = asking.get(form) ?? {};
  clearTimeout(held.timer);
  held.timer = setTimeout(() => count(form, held).catch(() => {}), WAIT_MS);
  asking.set(form, held);
}

// Only the newest answer counts.
async function count(form, held) {
  held.request?.abort();
  held.request = new AbortController();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") {
      body.append(name, value);
    }
  }
  const answer = await fetch(form.dataset.effect, {
    method: "POST",
    headers: { "X-Requested-With": "effect" },
    body,
    signal: held.request.signal,
  });
  if (answer.ok) {
    document.getElementById("effect").innerHTML = await answer.text();
  }
}

for (const happens of ["input", "change"]) {
  document.addEventListener(happens, (event) => {
    const form = event.target.closest?.("form[data-effect]");
    if (form) {
      later(form);
    }
  });
}

document.addEventListener("click", (event) => {
  const chooser = event.target.closest("[data-choose]");
  const form = chooser?.closest("form[data-choices]");
  if (!form) {
    return;
  }
  event.preventDefault();
  const all = chooser.dataset.choose === "all";
  for (const box of form.querySelectorAll("input[name=klaim]")) {
    box.checked = all;
  }
  chooser.dataset.choose = all ? "none" : "all";
  const said = chooser.textContent;
  chooser.textContent = chooser.dataset.other;
  chooser.dataset.other = said;
});
