// Rows whose numbers add up to a hundred: the sum follows what is typed; a press asks the server.
"use strict";

(() => {
  const read = (text) => Number(text.trim().replace(/\s|%/g, "").replace(",", "."));

  function follow(box) {
    const list = document.querySelector(`[data-rows="${box.dataset.whole}"]`);
    let sum = 0;
    for (const row of list.children) {
      const number = row.querySelector(`[name$="-${box.dataset.wholeKey}"]`);
      if (number && !number.closest(".concealed")) {
        sum += read(number.value || "0");
      }
    }
    const told = Number.isFinite(sum) ? String(Math.round(sum * 100) / 100) : "?";
    const shown = box.querySelector("[data-whole-sum]");
    const words = document.documentElement.lang === "id" ? told.replace(".", ",") : told;
    if (shown.textContent !== words) {
      shown.textContent = words;
      box.classList.toggle("wholerow--open", told !== "100");
    }
  }

  const all = () => document.querySelectorAll("[data-whole]").forEach(follow);

  document.addEventListener("input", all);
  document.addEventListener("change", () => setTimeout(all, 400));

  document.addEventListener("click", (event) => {
    const press = event.target.closest("[data-press]");
    if (!press) {
      return;
    }
    const form = press.form;
    const asked = document.createElement("input");
    asked.type = "hidden";
    asked.name = press.dataset.press;
    asked.value = press.value;
    form.append(asked);
    form.action = press.dataset.to;
    form.submit();
  });
})();
