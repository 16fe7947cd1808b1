// The bars beside a form of shares follow what is typed; without this they stand as saved.
"use strict";

const WHOLE = 10000;
const SVG = "http://www.w3.org/2000/svg";

function basisPoints(text) {
  const value = Number(text.trim().replace(",", "."));
  return Number.isFinite(value) && value > 0 ? Math.round(value * 100) : 0;
}

function percent(bp) {
  return `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(bp / 100)}%`;
}

function rectangle(style, x, width) {
  const made = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ class: style, x, y: 0, width, height: 1000 })) {
    made.setAttribute(name, value);
  }
  return made;
}

function draw(box) {
  const fields = box.dataset.shares
    .split(" ")
    .map((number) => document.getElementsByName(box.dataset.shareName.replace("#", number))[0]);
  const picture = box.querySelector("svg");
  const parts = [];
  let at = 0;
  fields.forEach((field, position) => {
    const share = field ? basisPoints(field.value) : 0;
    if (share > 0) {
      parts.push(rectangle(`bar__${position % 5}`, at, share));
      at += share;
    }
  });
  if (at < WHOLE) {
    parts.push(rectangle("bar__missing", at, WHOLE - at));
  }
  if (at > WHOLE) {
    parts.push(rectangle("bar__over", WHOLE, at - WHOLE));
  }
  picture.setAttribute("viewBox", `0 0 ${Math.max(at, WHOLE)} 1000`);
  picture.replaceChildren(...parts);
  const tag = box.querySelector(".tag");
  const [kind, words] =
    at === WHOLE
      ? ["tag--good", box.dataset.is]
      : at > WHOLE
        ? ["tag--bad", box.dataset.over]
        : ["tag--wait", box.dataset.missing];
  tag.className = `tag ${kind}`;
  tag.textContent = words.replace("##", percent(Math.abs(WHOLE - at))).replace("#", percent(at));
}

document.addEventListener("DOMContentLoaded", () => {
  const boxes = [...document.querySelectorAll("[data-shares]")];
  boxes.forEach(draw);
  document.getElementById("task-form")?.addEventListener("input", () => boxes.forEach(draw));
});
