// Copy the words of a field, then send its form, which marks it as copied.
"use strict";

for (const form of document.querySelectorAll("form[data-copy]")) {
  const words = document.getElementById(form.dataset.copy);
  const button = form.querySelector("button[value=mark]");
  if (!words || !button || !navigator.clipboard) {
    continue;
  }
  button.textContent = button.dataset.copies;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(words.value);
    } catch {
      words.focus();
      words.select();
      return;
    }
    const act = document.createElement("input");
    act.type = "hidden";
    act.name = "act";
    act.value = "mark";
    form.append(act);
    form.submit();
  });
}
