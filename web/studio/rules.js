// Regu's own lint rules, as the table of what runs asks (docs/bpmn.md); the server has the last word.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";

import { extensionOf, propertyOf } from "./extensions.js";
import refused from "./refused.json";

const REFUSED = new Set(refused);

function rule(check) {
  return () => ({ check });
}

function report(reporter, node, sentence) {
  reporter.report(node.id, sentence);
}

function laneOf(node) {
  const sets = node.$parent?.get?.("laneSets") ?? [];
  return sets.some((set) => (set.get("lanes") ?? []).some((lane) => lane.get("flowNodeRef").includes(node)));
}

function named(type, field) {
  return (node) => extensionOf(node, type)?.get(field);
}

const RUNS = rule((node, reporter) => {
  const local = node.$type.replace(/^bpmn:/, "");
  if (REFUSED.has(local.charAt(0).toLowerCase() + local.slice(1))) {
    report(reporter, node, "not run");
  }
});

const OPERATION = rule((node, reporter) => {
  if (isAny(node, ["bpmn:ServiceTask"]) && !named("zeebe:TaskDefinition", "type")(node)) {
    report(reporter, node, "no operation");
  }
});

const WHO = rule((node, reporter) => {
  const who = extensionOf(node, "zeebe:AssignmentDefinition");
  const asked = who && ["assignee", "candidateGroups", "candidateUsers"].some((field) => who.get(field));
  if (is(node, "bpmn:UserTask") && !asked && !laneOf(node)) {
    report(reporter, node, "nobody");
  }
});

const SCRIPT = rule((node, reporter) => {
  const script = extensionOf(node, "zeebe:Script");
  const works = extensionOf(node, "zeebe:TaskDefinition")?.get("type");
  if (is(node, "bpmn:ScriptTask") && !works && !(script?.get("expression") && script?.get("resultVariable"))) {
    report(reporter, node, "no script");
  }
});

const CONDITIONS = rule((node, reporter) => {
  if (!isAny(node, ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"])) {
    return;
  }
  const outgoing = node.get("outgoing") ?? [];
  if (outgoing.length < 2) {
    return;
  }
  for (const flow of outgoing) {
    if (!flow.get("conditionExpression")?.get("body") && node.get("default") !== flow) {
      report(reporter, flow, "no condition");
    }
  }
});

function needs(type, extension, field) {
  return rule((node, reporter) => {
    const works = extensionOf(node, "zeebe:TaskDefinition")?.get("type");
    if (is(node, type) && !works && !named(extension, field)(node)) {
      report(reporter, node, "nothing named");
    }
  });
}

function known(names, read) {
  const all = new Set(names);
  return rule((node, reporter) => {
    const name = node.$type.startsWith("bpmn:") && node.get("extensionElements") ? read(node) : "";
    if (name && !name.startsWith("=") && !all.has(name)) {
      report(reporter, node, "unknown name");
    }
  });
}

export function own({ forms, operations }) {
  const formOf = named("zeebe:FormDefinition", "formId");
  const workOf = (node) => {
    const name = named("zeebe:TaskDefinition", "type")(node) || propertyOf(node, "regu:submit");
    // other types are jobs of workers outside
    return name?.startsWith("regu.") ? name : "";
  };
  return {
    runs: RUNS,
    operation: OPERATION,
    who: WHO,
    script: SCRIPT,
    conditions: CONDITIONS,
    "decision-named": needs("bpmn:BusinessRuleTask", "zeebe:CalledDecision", "decisionId"),
    "process-named": needs("bpmn:CallActivity", "zeebe:CalledElement", "processId"),
    "form-known": known(forms.map((one) => one.value), formOf),
    "operation-known": known(operations.map((one) => one.value), workOf),
  };
}
