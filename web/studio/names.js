// Names that FEEL completes: values of forms, what operations give, the functions of Regu.
import { VariableProvider } from "@bpmn-io/variable-resolver";
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";

import { extensionOf, propertyOf } from "./extensions.js";

const FORMS = ["bpmn:UserTask", "bpmn:StartEvent"];

class Names extends VariableProvider {
  constructor(variableResolver, offered) {
    super(variableResolver);
    this._functions = (offered?.functions ?? []).map(({ name, params }) => ({
      name,
      type: "function",
      params: params.map((one) => ({ name: one })),
    }));
    this._results = new Map((offered?.operations ?? []).map(({ value, results }) => [value, results ?? []]));
    this._forms = new Map((offered?.forms ?? []).map(({ value, keys }) => [value, keys]));
  }

  getVariables(element) {
    if (is(element, "bpmn:Process")) {
      return this._functions;
    }
    const object = getBusinessObject(element);
    return this._given(object).map((name) => ({ name, scope: processOf(object) }));
  }

  // With an operation only what it gives becomes variables, else what its form asks.
  _given(object) {
    const named = extensionOf(object, "zeebe:TaskDefinition")?.get("type");
    const operation = named || (isAny(object, FORMS) && propertyOf(object, "regu:submit"));
    if (operation) {
      return extensionOf(object, "zeebe:IoMapping")?.get("outputParameters")?.length ? [] : (this._results.get(operation) ?? []);
    }
    const form = isAny(object, FORMS) && extensionOf(object, "zeebe:FormDefinition")?.get("formId");
    return this._forms.get(form) ?? [];
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
