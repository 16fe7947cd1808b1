// Dragging a card, or an arrow key on it, opens the same form as its link: a move asks why.
"use strict";

const board = document.querySelector("[data-board]");

function ask(person, predikat) {
  const wanted = new URLSearchParams({ pegawai: person, ke: predikat });
  window.location.assign(`${board.dataset.board}?${wanted}#pindah`);
}

if (board) {
  const columns = [...board.querySelectorAll("[data-predikat]")];
  let held = null;

  board.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-person]");
    if (held) {
      held.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", held.dataset.person);
    }
  });

  board.addEventListener("dragend", () => {
    held?.classList.remove("is-dragged");
    columns.forEach((column) => column.classList.remove("is-over"));
    held = null;
  });

  for (const column of columns) {
    column.addEventListener("dragover", (event) => {
      if (held) {
        event.preventDefault();
        column.classList.add("is-over");
      }
    });
    column.addEventListener("dragleave", (event) => {
      if (!column.contains(event.relatedTarget)) {
        column.classList.remove("is-over");
      }
    });
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      if (held && !column.contains(held)) {
        ask(held.dataset.person, column.dataset.predikat);
      }
    });
  }

  board.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-person]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!card || !step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) {
      return;
    }
    const here = columns.findIndex((column) => column.contains(card));
    const next = columns[here + step];
    if (next) {
      event.preventDefault();
      ask(card.dataset.person, next.dataset.predikat);
    }
  });
}
