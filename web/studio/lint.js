// The lint as one draws: rules compiled in, sentences from the server, nothing evaluated.
import { BUILT_IN } from "./built-in-rules.js";
import { own } from "./rules.js";

const WARNINGS = new Set([
  "form-known",
  "label-required",
  "no-gateway-join-fork",
  "no-overlapping-elements",
  "operation-known",
  "superfluous-gateway",
]);

// The same rule with its sentence in the reader's language.
function told(factory, sentence) {
  return (config) => {
    const rule = factory(config);
    const check = (node, reporter) => rule.check(node, { report: (id, text, ...rest) => reporter.report(id, sentence ?? text, ...rest) });
    const enter = (node, reporter) => rule.check.enter(node, { report: (id, text, ...rest) => reporter.report(id, sentence ?? text, ...rest) });
    const leave = (node, reporter) => rule.check.leave(node, { report: (id, text, ...rest) => reporter.report(id, sentence ?? text, ...rest) });
    if (typeof rule.check === "function") {
      return { check };
    }
    return { check: { ...(rule.check.enter && { enter }), ...(rule.check.leave && { leave }) } };
  };
}

export function lintOf(offered) {
  const rules = { ...BUILT_IN, ...own(offered) };
  const names = Object.keys(rules);
  return {
    config: { rules: Object.fromEntries(names.map((name) => [name, WARNINGS.has(name) ? "warn" : "error"])) },
    resolver: {
      resolveRule: (_package, name) => told(rules[name], offered.lint[name]),
      resolveConfig: (_package, name) => {
        throw new Error(`no config ${name}`);
      },
    },
  };
}
