// The drawing table; the form around it works by itself.
import { Drafts } from "./drafts.js";
import { ask, listLint, select } from "./findings.js";
import { layOut, openModeler } from "./modeler.js";

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

function tools(modeler, table, { replaced }) {
  let before = null;
  const back = document.querySelector("[data-tool=layback]");
  return {
    undo: () => modeler.get("commandStack").undo(),
    redo: () => modeler.get("commandStack").redo(),
    // after this click, which would close them again
    search: () => setTimeout(() => modeler.get("searchPad").toggle()),
    fit: () => modeler.get("canvas").zoom("fit-viewport", "auto"),
    create: () => setTimeout(() => modeler.get("editorActions").trigger("createElement", {})),
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

function telling(form, drafts) {
  const status = document.getElementById("saved");
  const conflict = document.getElementById("conflict");
  const acts = {
    saved: ({ at }) => {
      status.textContent = status.dataset.saved.replace("{at}", at);
      conflict.hidden = true;
      form.elements.draft_mark.value = drafts().mark;
    },
    failed: () => {
      status.textContent = status.dataset.failed;
    },
    moved: ({ by, at, id }) => {
      status.textContent = status.dataset.moved;
      conflict.querySelector("[data-who]").textContent = id ? `${by}, ${at}` : "";
      const link = conflict.querySelector("[data-theirs]");
      link.hidden = !id;
      link.href = `?draf=${encodeURIComponent(id ?? "")}`;
      conflict.hidden = false;
      conflict.focus();
    },
  };
  return (state, said) => acts[state](said);
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
  const drafts = new Drafts({
    place: table.dataset,
    csrf: form.elements.csrf_token.value,
    xml,
    told: telling(form, () => drafts),
    saved: checks,
  });
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
  listLint(modeler, document.getElementById("lint"));
  modeler.get("linting").update();
  buttons(tools(modeler, table, { replaced: changed }));
  wire({ form, table, modeler, drafts, xml, checks });
  table.dataset.ready = "yes";
}

function wire({ form, table, modeler, drafts, xml, checks }) {
  let leaving = false;
  const publish = async (event) => {
    event.preventDefault();
    await drafts.settle();
    document.getElementById("xml").value = await xml();
    form.elements.draft_mark.value = drafts.mark;
    leaving = true;
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
  document.querySelector("[data-take]").addEventListener("click", async () => {
    await drafts.leaveMine();
    leaving = true;
    window.location.assign(table.dataset.home);
  });
  document.querySelector("[data-keep]").addEventListener("click", () => drafts.keepMine());
  window.addEventListener("beforeunload", (event) => {
    if (drafts.unsaved && !leaving) {
      event.preventDefault();
    }
  });
}

document.addEventListener("DOMContentLoaded", () => {
  const table = document.querySelector(".studio");
  if (table) {
    begin(table, document.getElementById("publish"));
  }
});
