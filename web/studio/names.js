// Names that FEEL completes: values of forms, and the functions that Regu offers.
import { VariableProvider } from "@bpmn-io/variable-resolver";
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";

import { extensionOf, propertyOf } from "./extensions.js";

class Names extends VariableProvider {
  constructor(variableResolver, offered) {
    super(variableResolver);
    this._functions = (offered?.functions ?? []).map(({ name, params }) => ({
      name,
      type: "function",
      params: params.map((one) => ({ name: one })),
    }));
    this._forms = new Map((offered?.forms ?? []).map(({ value, keys }) => [value, keys]));
  }

  getVariables(element) {
    if (is(element, "bpmn:Process")) {
      return this._functions;
    }
    if (!isAny(element, ["bpmn:UserTask", "bpmn:StartEvent"])) {
      return [];
    }
    // with an operation only what it gives becomes variables
    const object = getBusinessObject(element);
    if (propertyOf(object, "regu:submit")) {
      return [];
    }
    const keys = this._forms.get(extensionOf(object, "zeebe:FormDefinition")?.get("formId")) ?? [];
    return keys.map((name) => ({ name, scope: processOf(object) }));
  }
}

Names.$inject = ["variableResolver", "config.regu"];

function processOf(object) {
  let found = object;
  while (found && !is(found, "bpmn:Process")) {
    found = found.$parent;
  }
  return found;
}

export const namesModule = { __init__: ["reguNames"], reguNames: ["type", Names] };
