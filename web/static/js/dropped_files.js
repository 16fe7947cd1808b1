// Files dropped on a form with one file field are chosen there; the form works without it. With
// data-drop="page" the whole page takes them: the browser would open what falls beside the form.
"use strict";

function holdsFiles(event) {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-drop]")) {
    const field = form.querySelector("input[type=file]");
    const ground = form.dataset.drop === "page" ? document : form;
    ground.addEventListener("dragover", (event) => {
      if (holdsFiles(event)) {
        event.preventDefault();
        form.classList.add("drop-here");
      }
    });
    ground.addEventListener("dragleave", (event) => {
      if (ground === form || event.relatedTarget === null) {
        form.classList.remove("drop-here");
      }
    });
    ground.addEventListener("drop", (event) => {
      if (holdsFiles(event)) {
        event.preventDefault();
        form.classList.remove("drop-here");
        field.files = event.dataTransfer.files;
        field.scrollIntoView({ block: "center" });
        field.focus();
      }
    });
  }
});
