// Two drawings side by side, with marks for what was added, removed, changed or moved; the table
// below says the same.
"use strict";

// below this scale names cannot be read
const READABLE = 0.8;

async function show(host) {
  const viewer = new BpmnJS({ container: host });
  await viewer.importXML(host.parentElement.querySelector("[data-xml]").value);
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  const marked = [];
  for (const [how, ids] of Object.entries(JSON.parse(host.dataset.marks))) {
    for (const id of ids) {
      if (elements.get(id)) {
        canvas.addMarker(id, `is-${how}`);
        marked.push(elements.get(id));
      }
    }
  }
  canvas.zoom("fit-viewport", "auto");
  host.dataset.ready = "yes";
  return { viewer, canvas, marked };
}

// What is marked, in one view where it can be read there; else one mark after the other.
function toWhatChanged(side) {
  const { canvas, marked } = side;
  const shapes = marked.filter((one) => one.width);
  canvas.zoom("fit-viewport", "auto");
  if (!shapes.length) {
    return;
  }
  canvas.zoom(Math.max(canvas.zoom(), READABLE));
  const box = canvas.viewbox();
  let around = bounds(shapes);
  if (around.width > box.width || around.height > box.height) {
    side.at = ((side.at ?? -1) + 1) % shapes.length;
    around = bounds([shapes[side.at]]);
  }
  canvas.viewbox({
    x: around.x + (around.width - box.width) / 2,
    y: around.y + (around.height - box.height) / 2,
    width: box.width,
    height: box.height,
  });
}

function bounds(shapes) {
  const x = Math.min(...shapes.map((one) => one.x));
  const y = Math.min(...shapes.map((one) => one.y));
  const right = Math.max(...shapes.map((one) => one.x + one.width));
  const bottom = Math.max(...shapes.map((one) => one.y + one.height));
  return { x, y, width: right - x, height: bottom - y };
}

// Moving one drawing moves the other.
function together(sides) {
  let leading = false;
  for (const side of sides) {
    side.viewer.on("canvas.viewbox.changed", ({ viewbox }) => {
      if (leading) {
        return;
      }
      leading = true;
      for (const other of sides) {
        if (other !== side) {
          const { x, y, width, height } = viewbox;
          other.canvas.viewbox({ x, y, width, height });
        }
      }
      leading = false;
    });
  }
}

function buttons(sides) {
  const acts = {
    in: (one) => one.canvas.zoom(one.canvas.zoom() * 1.25),
    out: (one) => one.canvas.zoom(one.canvas.zoom() / 1.25),
    fit: (one) => one.canvas.zoom("fit-viewport", "auto"),
    here: toWhatChanged,
  };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => acts[button.dataset.zoom](sides[sides.length - 1]));
  }
}

document.addEventListener("DOMContentLoaded", async () => {
  const hosts = [...document.querySelectorAll("[data-compare]")];
  if (!hosts.length || !window.BpmnJS) {
    return;
  }
  try {
    const sides = await Promise.all(hosts.map(show));
    together(sides);
    buttons(sides);
    toWhatChanged(sides[sides.length - 1]);
  } catch (error) {
    for (const host of hosts) {
      host.textContent = host.dataset.failed;
      host.dataset.ready = "failed";
    }
    console.warn(error);
  }
});
