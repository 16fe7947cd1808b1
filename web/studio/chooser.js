// A group of the properties panel in which names are chosen from lists and not typed.
import { CheckboxEntry, Group, SelectEntry, isSelectEntryEdited } from "@bpmn-io/properties-panel";
import { jsx } from "@bpmn-io/properties-panel/preact/jsx-runtime";
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { useService } from "bpmn-js-properties-panel";

import { extensionOf, propertyOf, writeExtension, writeProperty } from "./extensions.js";

// after the provider of templates, which keeps but a few groups of a step that has one
const LATE = 200;

// kind of element -> the lists it chooses from
const LISTS = {
  "bpmn:ServiceTask": [operation()],
  "bpmn:UserTask": [form(), submit("form")],
  "bpmn:StartEvent": [form(), submit("start")],
  "bpmn:BusinessRuleTask": [named("decisions", "zeebe:CalledDecision", "decisionId", { resultVariable: "result" })],
  "bpmn:CallActivity": [named("processes", "zeebe:CalledElement", "processId", { propagateAllChildVariables: false })],
};

function named(list, type, field, first = {}) {
  return {
    list,
    read: (object) => extensionOf(object, type)?.get(field) ?? "",
    write: (tools, element, value) => {
      const held = extensionOf(getBusinessObject(element), type);
      writeExtension(tools, element, type, value ? { ...(held ? {} : first), [field]: value } : null);
    },
  };
}

function form() {
  return named("forms", "zeebe:FormDefinition", "formId");
}

function operation() {
  return { ...named("operations", "zeebe:TaskDefinition", "type"), place: "service" };
}

function submit(place) {
  return {
    list: "operations",
    place,
    label: "submit",
    read: (object) => propertyOf(object, "regu:submit"),
    write: (tools, element, value) => writeProperty(tools, element, "regu:submit", value),
  };
}

// What one may choose: the list, and what stands there now even if the list lacks it.
function optionsOf(offered, { list, place }, value) {
  const all = (offered[list] ?? []).filter((one) => !place || one.place === place);
  const sorted = all.map(({ value: id, label }) => ({ value: id, label })).sort((a, b) => a.label.localeCompare(b.label));
  const known = !value || sorted.some((one) => one.value === value);
  return [{ value: "", label: "—" }, ...(known ? [] : [{ value, label: value }]), ...sorted];
}

function Choice({ element, id, chosen }) {
  const offered = useService("config.regu");
  const tools = { bpmnFactory: useService("bpmnFactory"), modeling: useService("modeling") };
  const object = getBusinessObject(element);
  return jsx(SelectEntry, {
    element,
    id,
    label: offered.labels[chosen.label ?? chosen.list],
    getValue: () => chosen.read(object),
    setValue: (value) => chosen.write(tools, element, value),
    getOptions: () => optionsOf(offered, chosen, chosen.read(object)),
  });
}

function groupsOf(object) {
  return extensionOf(object, "zeebe:AssignmentDefinition")?.get("candidateGroups") ?? "";
}

function GroupBox({ element, id, group }) {
  const tools = { bpmnFactory: useService("bpmnFactory"), modeling: useService("modeling") };
  const names = groupsOf(getBusinessObject(element)).split(",").map((one) => one.trim()).filter(Boolean);
  return jsx(CheckboxEntry, {
    element,
    id,
    label: group.label,
    getValue: () => names.includes(group.value),
    setValue: (on) => {
      const wanted = on ? [...names, group.value] : names.filter((one) => one !== group.value);
      const held = extensionOf(getBusinessObject(element), "zeebe:AssignmentDefinition");
      const rest = held?.get("assignee") || held?.get("candidateUsers");
      const candidateGroups = wanted.join(", ") || undefined;
      const value = candidateGroups || rest ? { candidateGroups } : null;
      writeExtension(tools, element, "zeebe:AssignmentDefinition", value);
    },
  });
}

// A template says what is asked of whom; a form is chosen where it names none.
function listsOf(element, template) {
  const lists = LISTS[element.type] ?? [];
  if (!template) {
    return lists;
  }
  const named = template.properties.some(({ binding }) => binding.type === "zeebe:formDefinition");
  return named ? [] : lists.filter(({ list }) => list === "forms");
}

class Chooser {
  constructor(propertiesPanel, offered, elementTemplates) {
    this._offered = offered;
    this._templates = elementTemplates;
    propertiesPanel.registerProvider(LATE, this);
  }

  getGroups(element) {
    return (groups) => {
      const template = this._templates.get(element);
      const lists = listsOf(element, template);
      const entries = lists.map((chosen, index) => ({
        id: `regu-${chosen.label ?? chosen.list}-${index}`,
        element,
        chosen,
        component: Choice,
        isEdited: isSelectEntryEdited,
      }));
      // an expression says who: nothing to tick
      if (!template && is(element, "bpmn:UserTask") && !groupsOf(getBusinessObject(element)).startsWith("=")) {
        entries.push(...this._boxes(element));
      }
      if (!entries.length || element.labelTarget || !isAny(element, Object.keys(LISTS))) {
        return groups;
      }
      const own = { id: "regu", label: this._offered.labels.title, element, entries, component: Group, shouldOpen: true };
      return [...groups.slice(0, 1), own, ...groups.slice(1)];
    };
  }

  _boxes(element) {
    return this._offered.groups.map((group) => ({
      id: `regu-group-${group.value}`,
      element,
      group,
      component: GroupBox,
    }));
  }
}

Chooser.$inject = ["propertiesPanel", "config.regu", "elementTemplates"];

// The panel's "choose a template" opens the list of kinds and templates beside the drawing.
function TemplateMenu(eventBus, popupMenu, canvas, translate) {
  eventBus.on("elementTemplates.select", ({ element }) => {
    const { left, top, width } = canvas.getContainer().getBoundingClientRect();
    const position = { x: left + width / 2, y: top + 40 };
    const options = { title: translate("Change element"), width: 320, search: true };
    popupMenu.open(element, "bpmn-replace", { ...position, cursor: position }, options);
  });
}

TemplateMenu.$inject = ["eventBus", "popupMenu", "canvas", "translate"];

export const chooserModule = {
  __init__: ["reguChooser", "reguTemplateMenu"],
  reguChooser: ["type", Chooser],
  reguTemplateMenu: ["type", TemplateMenu],
};
