// Keeps what is typed two seconds after the last change, and says so; a conflict stops it.
"use strict";

(() => {
  const PAUSE_MS = 2000;

  function start(form, state) {
    let waiting = 0;
    let saving = Promise.resolve();
    let changed = false;
    let stopped = false;

    const body = () => {
      const typed = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string") {
          typed.append(name, value);
        }
      }
      return typed;
    };

    async function save(leaving) {
      if (!changed || stopped) {
        return;
      }
      changed = false;
      let answer;
      try {
        answer = await fetch(form.dataset.draft, {
          method: "POST",
          body: body(),
          keepalive: leaving,
          headers: { "X-Requested-With": "autosave" },
        });
      } catch {
        changed = true;
        state.textContent = form.dataset.offline;
        return;
      }
      const page = answer.redirected || !(answer.ok || answer.status === 409);
      state.innerHTML = page ? form.dataset.offline : await answer.text();
      if (answer.ok && !page) {
        form.elements._draft.value = (answer.headers.get("ETag") ?? "").replaceAll('"', "");
      } else if (answer.status === 409) {
        stopped = true;
        state.classList.add("conflict");
      } else {
        changed = true;
      }
    }

    const soon = () => {
      changed = true;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        saving = saving.then(() => save(false));
      }, PAUSE_MS);
    };

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", () => {
      stopped = true;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") {
        save(true);
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-draft]");
    const state = document.getElementById("draft-state");
    if (form && state) {
      start(form, state);
    }
  });
})();
