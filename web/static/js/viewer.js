// Shows a drawing with tokens and incidents of an instance, or the warm places of all of them;
// the table below says the same.
"use strict";

// below this scale names cannot be read
const READABLE = 0.75;
const WARMEST = 5;

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
      const holds = elements.get(id).children?.some((child) => child.id in marks.tokens);
      canvas.addMarker(id, holds ? "holds-token" : "has-token");
      if (!holds) {
        overlays.add(id, { position: { top: -12, right: 14 }, html: badge("token", count) });
      }
    }
  }
  for (const id of marks.incidents) {
    if (elements.get(id)) {
      canvas.addMarker(id, "has-incident");
      overlays.add(id, { position: { bottom: 12, left: -10 }, html: badge("incident", "!") });
    }
  }
  for (const [id, [warmth, figure]] of Object.entries(marks.heat ?? {})) {
    if (elements.get(id)) {
      canvas.addMarker(id, `warm-${warmth}`);
      overlays.add(id, { position: { top: -12, right: 40 }, html: badge("heat", figure) });
    }
  }
  for (const [id, times] of Object.entries(marks.walked ?? {})) {
    const element = elements.get(id);
    if (element) {
      const kind = element.waypoints ? "flow" : "part";
      canvas.addMarker(id, `${kind}-${times ? "walked" : "missed"}`);
      if (times && element.waypoints) {
        overlays.add(id, { position: middleOf(element), html: badge("walked", times) });
      }
    }
  }
  for (const id of marks.passed ?? []) {
    if (elements.get(id)) {
      canvas.addMarker(id, "was-walked");
    }
  }
  const warmest = Object.entries(marks.heat ?? {}).filter(([, [warmth]]) => warmth === WARMEST);
  const shown = [...Object.keys(marks.tokens), ...warmest.map(([id]) => id)];
  const standing = shown.map((id) => elements.get(id)).filter(Boolean);
  toWhereItStands(canvas, standing);
  zoomButtons(canvas, () => toWhereItStands(canvas, standing));
  host.dataset.ready = "yes";
}

// Large enough to be read, with the innermost of the marked steps in view.
function toWhereItStands(canvas, standing) {
  canvas.zoom("fit-viewport", "auto");
  const innermost = standing.filter((one) => !one.children?.some((child) => standing.includes(child)));
  if (canvas.zoom() >= READABLE || !innermost.length) {
    return;
  }
  canvas.zoom(READABLE);
  const left = Math.min(...innermost.map((one) => one.x));
  const top = Math.min(...innermost.map((one) => one.y));
  const right = Math.max(...innermost.map((one) => one.x + one.width));
  const bottom = Math.max(...innermost.map((one) => one.y + one.height));
  const box = canvas.viewbox();
  canvas.viewbox({
    x: (left + right - box.width) / 2,
    y: (top + bottom - box.height) / 2,
    width: box.width,
    height: box.height,
  });
}

// Beside the middle of the longest piece of a flow, seen from the corner of its box.
function middleOf({ waypoints }) {
  const left = Math.min(...waypoints.map((one) => one.x));
  const top = Math.min(...waypoints.map((one) => one.y));
  const pieces = waypoints.slice(1).map((end, index) => [waypoints[index], end]);
  const length = ([a, b]) => Math.hypot(b.x - a.x, b.y - a.y);
  const [a, b] = pieces.reduce((best, one) => (length(one) > length(best) ? one : best));
  return { left: (a.x + b.x) / 2 - left - 12, top: (a.y + b.y) / 2 - top - 12 };
}

function zoomButtons(canvas, here) {
  const acts = {
    in: () => canvas.zoom(canvas.zoom() * 1.25),
    out: () => canvas.zoom(canvas.zoom() / 1.25),
    fit: () => canvas.zoom("fit-viewport", "auto"),
    here,
  };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", acts[button.dataset.zoom]);
  }
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
