// A file that is dragged onto the drawing takes its place, after a question where one is drawn.
const BYTES_MAX = 4 * 1024 * 1024;
const MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL";

function isFile(event) {
  return [...(event.dataTransfer?.items ?? [])].some((one) => one.kind === "file");
}

// The drawing as XML that names the process of this page; "" when it is none.
function drawingOf(text, processId) {
  const found = new DOMParser().parseFromString(text, "application/xml");
  const processes = [...found.getElementsByTagNameNS(MODEL, "process")];
  if (found.getElementsByTagName("parsererror").length || !processes.length) {
    return "";
  }
  const own = processes.find((one) => one.getAttribute("isExecutable") === "true") ?? processes[0];
  const former = own.getAttribute("id");
  if (former === processId || found.querySelector(`[id="${CSS.escape(processId)}"]`)) {
    return text;
  }
  for (const one of found.querySelectorAll("[bpmnElement], [processRef]")) {
    for (const name of ["bpmnElement", "processRef"]) {
      if (one.getAttribute(name) === former) {
        one.setAttribute(name, processId);
      }
    }
  }
  own.setAttribute("id", processId);
  return new XMLSerializer().serializeToString(found);
}

function isEmpty(modeler) {
  return modeler.get("elementRegistry").filter((one) => one.parent && !one.labelTarget).length <= 1;
}

// `place` takes the file and holds the sentences; `opened` is told when another drawing lies here.
export function openDropped(modeler, place, opened) {
  const status = document.getElementById("saved");
  const told = (sentence) => (status.textContent = sentence);
  const read = async (file) => {
    const text = file.size <= BYTES_MAX ? await file.text() : "";
    const xml = text && drawingOf(text, place.dataset.process);
    if (!xml) {
      return told(place.dataset.unreadable);
    }
    if (!isEmpty(modeler) && !window.confirm(place.dataset.replaces.replace("{file}", file.name))) {
      return undefined;
    }
    const before = (await modeler.saveXML({ format: true })).xml;
    try {
      const { warnings } = await modeler.importXML(xml);
      modeler.get("canvas").zoom("fit-viewport", "auto");
      told(warnings.length ? place.dataset.partly : place.dataset.opened);
    } catch {
      await modeler.importXML(before);
      return told(place.dataset.unreadable);
    }
    return opened();
  };
  place.addEventListener("dragover", (event) => {
    if (isFile(event)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    }
  });
  place.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (file) {
      event.preventDefault();
      read(file);
    }
  });
}
