// What the server finds in the drawing, and what the lint says, as lists that lead to the element.

// the rule under which findings of the server stand among those of the lint
const SERVER = "regu-server";
const CATEGORIES = { error: "error", warning: "warn", note: "info" };

// Sends the drawing as it stands and shows the answer in a place of the page.
export async function ask(form, xml, address, placeId) {
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
  place.dispatchEvent(new Event("told"));
}

export function select(modeler, id) {
  const element = modeler.get("elementRegistry").get(id);
  if (element) {
    modeler.get("canvas").getContainer().scrollIntoView({ block: "nearest" });
    modeler.get("selection").select(element);
    modeler.get("canvas").scrollToElement(element, { top: 120, bottom: 120, left: 160, right: 120 });
  }
}

// What an element is called; a flow without a name by its ends.
function nameOf(modeler, id, issue) {
  const element = modeler.get("elementRegistry").get(id);
  const { source, target } = element ?? {};
  const name = (one) => one.businessObject.name || one.id;
  return element?.businessObject.name || (source && target ? `${name(source)} → ${name(target)}` : issue.actualElementId || id);
}

function line(modeler, id, issue, words) {
  const item = document.createElement("li");
  const tag = document.createElement("span");
  tag.className = `tag ${issue.category === "error" ? "tag--bad" : "tag--wait"}`;
  tag.textContent = issue.category === "error" ? words.error : words.warning;
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.element = id;
  button.textContent = nameOf(modeler, id, issue);
  const text = document.createElement("span");
  text.append(button, `: ${issue.message}`);
  item.append(tag, text);
  return item;
}

// Keeps the list of the lint beside the drawing.
export function listLint(modeler, place) {
  const show = ({ issues }) => {
    const own = ([id, found]) => found.filter(({ rule }) => rule !== SERVER).map((issue) => ({ id, issue }));
    const all = Object.entries(issues).flatMap(own);
    all.sort((a, b) => a.issue.category.localeCompare(b.issue.category));
    const list = place.querySelector("ul");
    list.replaceChildren(...all.map(({ id, issue }) => line(modeler, id, issue, place.dataset)));
    place.querySelector("[data-none]").hidden = all.length > 0;
    place.dataset.errors = String(all.filter(({ issue }) => issue.category === "error").length);
  };
  modeler.on("linting.completed", show);
}

// What the list of the server says, element by element.
function serverReports(place) {
  return [...place.querySelectorAll("[data-severity]")]
    .filter(({ dataset }) => dataset.of)
    .map(({ dataset }) => ({ id: dataset.of, message: dataset.text, category: CATEGORIES[dataset.severity] ?? "warn" }));
}

// Findings of the server are marked on the canvas and counted with the lint, each element once;
// that of a condition stands at its field too.
export function heedServer(modeler, place) {
  const linting = modeler.get("linting");
  const lint = linting.lint.bind(linting);
  linting.lint = async () => {
    const found = await lint();
    const known = new Set(Object.values(found).flat().map(({ id, category }) => `${category} ${id}`));
    return { ...found, [SERVER]: serverReports(place).filter(({ id, category }) => !known.has(`${category} ${id}`)) };
  };
  const atField = () => {
    const [chosen, ...others] = modeler.get("selection").get();
    const fault = serverReports(place).find(({ id, category }) => category === "error" && id === chosen?.id);
    const errors = fault && !others.length && chosen.waypoints ? { conditionExpression: fault.message } : {};
    modeler.get("eventBus").fire("propertiesPanel.setErrors", { errors });
  };
  modeler.on("selection.changed", atField);
  place.addEventListener("told", () => {
    linting.update();
    atField();
  });
}
