// Reading and writing what zeebe keeps beside an element, as commands that undo takes back.
import { getBusinessObject } from "bpmn-js/lib/util/ModelUtil";

export function extensionOf(object, type) {
  return object.get("extensionElements")?.get("values")?.find((one) => one.$type === type);
}

export function propertyOf(object, name) {
  return extensionOf(object, "zeebe:Properties")?.get("properties")?.find((one) => one.name === name)?.value ?? "";
}

function created(factory, type, properties, parent) {
  const made = factory.create(type, properties);
  made.$parent = parent;
  return made;
}

// Gives an extension these properties; null takes it away.
export function writeExtension({ bpmnFactory, modeling }, element, type, properties) {
  const object = getBusinessObject(element);
  let holder = object.get("extensionElements");
  if (!holder) {
    if (properties === null) {
      return;
    }
    holder = created(bpmnFactory, "bpmn:ExtensionElements", { values: [] }, object);
    modeling.updateModdleProperties(element, object, { extensionElements: holder });
  }
  const found = extensionOf(object, type);
  const values = holder.get("values");
  if (properties === null) {
    if (found) {
      modeling.updateModdleProperties(element, holder, { values: values.filter((one) => one !== found) });
    }
  } else if (found) {
    modeling.updateModdleProperties(element, found, properties);
  } else {
    const made = created(bpmnFactory, type, properties, holder);
    modeling.updateModdleProperties(element, holder, { values: [...values, made] });
  }
}

// Writes one named property of zeebe:properties; "" takes it away.
export function writeProperty(tools, element, name, value) {
  const object = getBusinessObject(element);
  const held = extensionOf(object, "zeebe:Properties");
  const others = (held?.get("properties") ?? []).filter((one) => one.name !== name);
  const made = value ? [tools.bpmnFactory.create("zeebe:Property", { name, value })] : [];
  const properties = [...others, ...made];
  if (!held && !properties.length) {
    return;
  }
  writeExtension(tools, element, "zeebe:Properties", properties.length ? { properties } : null);
  const kept = extensionOf(object, "zeebe:Properties");
  for (const one of made) {
    one.$parent = kept;
  }
}
