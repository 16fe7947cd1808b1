// Files dropped on a form with one file field are chosen there; the form works without it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-drop]")) {
    const field = form.querySelector("input[type=file]");
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("drop-here");
    });
    form.addEventListener("dragleave", () => form.classList.remove("drop-here"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("drop-here");
      field.files = event.dataTransfer.files;
      field.focus();
    });
  }
});
