// Long work: ask again every two seconds until it has ended, then show the whole page anew.
"use strict";

const EVERY_MS = 2000;

async function lookAgain(part) {
  let answer;
  try {
    answer = await fetch(part.dataset.again, { headers: { Accept: "text/html" } });
  } catch {
    return part;
  }
  if (!answer.ok) {
    return part;
  }
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = found.querySelector(`[data-work="${part.dataset.work}"]`);
  if (!fresh || !fresh.dataset.again) {
    location.reload();
    return null;
  }
  part.replaceWith(fresh);
  return fresh;
}

async function follow(part) {
  while (part) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    part = await lookAgain(part);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-work][data-again]").forEach(follow);
});
