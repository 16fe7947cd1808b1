// Proposes the id of a new process from its name, until somebody writes another one.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("new-process");
  const { name, process_id: id } = form.elements;
  const proposed = () =>
    name.value.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[0-9_]+/, "").slice(0, id.maxLength).replace(/_+$/, "");
  let own = id.value !== "" && id.value !== proposed();
  id.addEventListener("input", () => {
    own = id.value !== "";
  });
  name.addEventListener("input", () => {
    if (!own) {
      id.value = proposed();
    }
  });
});
