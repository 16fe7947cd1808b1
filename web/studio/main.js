// The drawing table; the form around it works by itself.
import { openDesk } from "./desk.js";
import { ask, heedServer, listLint, select } from "./findings.js";
import { layOut, openModeler } from "./modeler.js";
import { openDropped } from "./opening.js";

async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status}`);
  }
  return answer.json();
}

// Buttons above the drawing; `act` gets the button.
function buttons(acts) {
  for (const button of document.querySelectorAll("[data-tool]")) {
    button.addEventListener("click", () => acts[button.dataset.tool](button));
  }
}

function pressed(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

// The list of all elements and templates, beside the palette.
function openElements(modeler) {
  const canvas = modeler.get("canvas");
  const { left, top } = canvas.getContainer().getBoundingClientRect();
  const title = modeler.get("translate")("Create element");
  const at = { x: left + 140, y: Math.max(top, 0) + 10 };
  modeler.get("popupMenu").open(canvas.getRootElement(), "bpmn-create", at, { title, width: 320, search: true });
}

function tools(modeler, table, { replaced }) {
  let before = null;
  const back = document.querySelector("[data-tool=layback]");
  return {
    undo: () => modeler.get("commandStack").undo(),
    redo: () => modeler.get("commandStack").redo(),
    // after this click, which would close them again
    search: () => setTimeout(() => modeler.get("searchPad").toggle()),
    fit: () => modeler.get("canvas").zoom("fit-viewport", "auto"),
    create: () => setTimeout(() => openElements(modeler)),
    minimap: (button) => {
      modeler.get("minimap").toggle();
      pressed(button, modeler.get("minimap").isOpen());
    },
    simulate: (button) => {
      modeler.get("toggleMode").toggleMode();
      pressed(button, table.classList.toggle("studio--simulating"));
    },
    layout: async () => {
      before = await layOut(modeler);
      back.hidden = before === null;
      document.querySelector("[data-unlaid]").hidden = before !== null;
      if (before !== null) {
        replaced();
      }
    },
    layback: async () => {
      await modeler.importXML(before);
      back.hidden = true;
      replaced();
    },
  };
}

async function begin(table, form) {
  const source = document.getElementById("xml");
  const original = source.value;
  const [offered, templates] = await Promise.all([read(table.dataset.offered), read(table.dataset.templates)]);
  const modeler = await openModeler({
    canvas: table.querySelector(".studio__canvas"),
    panel: table.querySelector(".studio__panel"),
    stylesheet: table.dataset.panelStyle,
    xml: original,
    offered,
    templates,
  });
  window.regu = { modeler };
  let touched = false;
  // what nobody changed is sent as it came, to the letter
  const xml = async () => (touched ? (await modeler.saveXML({ format: true })).xml : original);
  const checks = () => xml().then((text) => ask(form, text, form.dataset.check, "findings"));
  const { drafts, go } = openDesk({ form, place: table.dataset, content: xml, saved: checks });
  window.regu.drafts = drafts;
  const changed = () => {
    touched = true;
    drafts.changed();
  };
  modeler.on("commandStack.changed", ({ trigger }) => {
    if (trigger !== "clear") {
      changed();
    }
  });
  const told = ["findings", "lint"].map((id) => document.getElementById(id));
  table.querySelector(".studio__findings").append(...told);
  heedServer(modeler, told[0]);
  listLint(modeler, told[1]);
  modeler.get("linting").update();
  buttons(tools(modeler, table, { replaced: changed }));
  openDropped(modeler, table, changed);
  wire({ form, modeler, drafts, go, xml, checks });
  if (table.dataset.mark) {
    // a draft is opened with what was wrong in it
    checks();
  }
  table.dataset.ready = "yes";
}

function wire({ form, modeler, drafts, go, xml, checks }) {
  const publish = async (event) => {
    event.preventDefault();
    await drafts.settle();
    document.getElementById("xml").value = await xml();
    form.elements.draft_mark.value = drafts.mark;
    go();
    form.submit();
  };
  form.addEventListener("submit", publish);
  document.getElementById("check").addEventListener("click", checks);
  document.querySelector("[data-play]")?.addEventListener("click", async (event) => {
    event.preventDefault();
    ask(form, await xml(), event.target.dataset.play, "rehearsed");
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#findings [data-element], #lint [data-element]");
    if (button) {
      select(modeler, button.dataset.element);
    }
  });
}

document.addEventListener("DOMContentLoaded", () => {
  const table = document.querySelector(".studio");
  if (table) {
    begin(table, document.getElementById("publish"));
  }
});
