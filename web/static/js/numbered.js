// Line numbers beside a text that is written by hand; links of findings lead to their line.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".numbered");
  if (!box) {
    return;
  }
  const text = box.querySelector("textarea");
  const gutter = box.querySelector(".numbered__gutter");
  const where = document.getElementById("baris");
  const wrong = new Set(box.dataset.wrong.split(" ").map(Number));

  function number() {
    const count = text.value.split("\n").length;
    if (gutter.childElementCount !== count) {
      gutter.replaceChildren(
        ...Array.from({ length: count }, (_, index) => {
          const one = document.createElement("span");
          one.textContent = `${index + 1}\n`;
          one.classList.toggle("numbered__wrong", wrong.has(index + 1));
          return one;
        }),
      );
    }
    gutter.scrollTop = text.scrollTop;
  }

  function here() {
    where.textContent = String(text.value.slice(0, text.selectionStart).split("\n").length);
  }

  function go(line) {
    const lines = text.value.split("\n");
    const begin = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    text.focus();
    text.setSelectionRange(begin, begin + (lines[line - 1]?.length ?? 0));
    const height = text.scrollHeight / lines.length;
    text.scrollTop = Math.max(0, (line - 6) * height);
    text.scrollLeft = 0;
    number();
    here();
  }

  text.addEventListener("input", number);
  text.addEventListener("scroll", () => (gutter.scrollTop = text.scrollTop));
  for (const happening of ["click", "keyup", "input"]) {
    text.addEventListener(happening, here);
  }
  for (const link of document.querySelectorAll("[data-line]")) {
    if (link.tagName === "A") {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        go(Number(link.dataset.line));
      });
    }
  }
  number();
  if (Number(box.dataset.line) > 0) {
    go(Number(box.dataset.line));
  }
});
