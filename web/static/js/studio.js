// The drawing table: bpmn-js with the properties panel; the form around it works by itself.
"use strict";

// pixels of the canvas that the palette covers, and that stay free around the drawing
const PALETTE = 130;
const MARGIN = 20;
const READABLE = 0.45;

// A user task drawn here is one of the engine's own, as the dialect writes it.
function asEngineTask(modeler) {
  const moddle = modeler.get("moddle");
  const modeling = modeler.get("modeling");
  modeler.get("eventBus").on("commandStack.shape.create.postExecuted", ({ context }) => {
    const { shape } = context;
    const object = shape.businessObject;
    if (object?.$type !== "bpmn:UserTask" || shape.labelTarget) {
      return;
    }
    const values = object.extensionElements?.values ?? [];
    if (!values.some((value) => value.$type === "zeebe:UserTask")) {
      const extensionElements = moddle.create("bpmn:ExtensionElements");
      const task = moddle.create("zeebe:UserTask");
      task.$parent = extensionElements;
      extensionElements.values = [...values, task];
      extensionElements.$parent = object;
      modeling.updateProperties(shape, { extensionElements });
    }
  });
}

// The panel's code editors write <style> elements into a document but adopt sheets in a shadow
// root; there no inline style needs to be allowed.
function panelPlace(host, stylesheet) {
  const root = host.attachShadow({ mode: "open" });
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = stylesheet;
  const place = document.createElement("div");
  const popups = document.createElement("div");
  root.append(link, place, popups);
  return { place, popups };
}

// The drawing begins to the right of the palette, as large as fits but never too small to read.
function besidePalette(canvas) {
  const { inner, outer } = canvas.viewbox();
  const fits = Math.min((outer.width - PALETTE - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
  const scale = Math.min(1, Math.max(fits, READABLE));
  const height = outer.height / scale;
  const middle = inner.y + inner.height / 2 - height / 2;
  canvas.viewbox({
    x: inner.x - PALETTE / scale,
    y: inner.height < height ? middle : inner.y - MARGIN / scale,
    width: outer.width / scale,
    height,
  });
}

async function open(table) {
  const moddle = await (await fetch(table.dataset.zeebe)).json();
  const panel = window.BpmnJSPropertiesPanel;
  const places = panelPlace(table.querySelector(".studio__panel"), table.dataset.panelStyle);
  const modeler = new BpmnJS({
    container: table.querySelector(".studio__canvas"),
    propertiesPanel: { parent: places.place, feelPopupContainer: places.popups },
    moddleExtensions: { zeebe: moddle },
    additionalModules: [
      panel.BpmnPropertiesPanelModule,
      panel.BpmnPropertiesProviderModule,
      panel.ZeebePropertiesProviderModule,
    ],
  });
  await modeler.importXML(document.getElementById("xml").value);
  besidePalette(modeler.get("canvas"));
  asEngineTask(modeler);
  return modeler;
}

// Sends the drawing as it stands and shows the answer in a place of the page.
async function ask(form, modeler, address, placeId) {
  const { xml } = await modeler.saveXML({ format: true });
  const body = new FormData();
  body.append("xml", xml);
  const answer = await fetch(address, {
    method: "POST",
    body,
    headers: { "X-CSRF-Token": form.elements.csrf_token.value, "X-Requested-With": placeId },
  });
  const place = document.getElementById(placeId);
  place.innerHTML = answer.ok ? await answer.text() : "";
  if (!answer.ok) {
    place.textContent = form.dataset.failed;
  }
  place.dataset.ready = "yes";
}

function select(modeler, id) {
  const element = modeler.get("elementRegistry").get(id);
  if (element) {
    modeler.get("selection").select(element);
    modeler.get("canvas").scrollToElement(element);
  }
}

document.addEventListener("DOMContentLoaded", async () => {
  const table = document.querySelector(".studio");
  const form = document.getElementById("publish");
  if (!table || !window.BpmnJS || !window.BpmnJSPropertiesPanel) {
    return;
  }
  const modeler = await open(table);
  window.regu = { modeler };
  let changed = false;
  modeler.on("commandStack.changed", () => {
    changed = true;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { xml } = await modeler.saveXML({ format: true });
    document.getElementById("xml").value = xml;
    changed = false;
    form.submit();
  });
  document.getElementById("check").addEventListener("click", () => {
    ask(form, modeler, form.dataset.check, "findings");
  });
  document.querySelector("[data-play]")?.addEventListener("click", (event) => {
    event.preventDefault();
    ask(form, modeler, event.currentTarget.dataset.play, "rehearsed");
  });
  document.getElementById("findings").addEventListener("click", (event) => {
    const button = event.target.closest("[data-element]");
    if (button) {
      select(modeler, button.dataset.element);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) {
      event.preventDefault();
    }
  });
  table.dataset.ready = "yes";
});
