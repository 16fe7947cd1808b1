// Shows an instance's drawing with its tokens and incidents; the table below says the same.
"use strict";

async function show(host) {
  const viewer = new BpmnJS({ container: host });
  const answer = await fetch(host.dataset.drawing);
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");
  const marks = JSON.parse(host.dataset.marks);
  for (const [id, count] of Object.entries(marks.tokens)) {
    if (elements.get(id)) {
      canvas.addMarker(id, "has-token");
      overlays.add(id, { position: { top: -12, right: 14 }, html: badge("token", count) });
    }
  }
  for (const id of marks.incidents) {
    if (elements.get(id)) {
      canvas.addMarker(id, "has-incident");
      overlays.add(id, { position: { bottom: 12, left: -10 }, html: badge("incident", "!") });
    }
  }
  canvas.zoom("fit-viewport", "auto");
  host.dataset.ready = "yes";
}

function badge(kind, text) {
  const mark = document.createElement("div");
  mark.className = `badge badge--${kind}`;
  mark.textContent = text;
  return mark;
}

document.addEventListener("DOMContentLoaded", () => {
  const host = document.querySelector("[data-drawing]");
  if (host && window.BpmnJS) {
    show(host).catch((error) => {
      host.textContent = host.dataset.failed;
      host.dataset.ready = "failed";
      console.warn(error);
    });
  }
});
