// The field types of the editor: those that Regu shows and checks are offered; the others stay in
// a form that holds them, to the letter, and say that they are not supported.
import { MarkdownRenderer } from "@bpmn-io/form-js-viewer";
import { h } from "preact";

const SUPPORTED = new Set([
  ..."textfield textarea number checkbox select radio checklist datetime filepicker".split(" "),
  ..."text separator spacer group dynamiclist".split(" "),
]);

function unsupported(type, words) {
  const told = () => h("div", { class: "fjs-form-field studio-unsupported" }, `${words.unsupported}: ${type}`);
  told.config = { type, keyed: false, name: type, create: (given) => given, propertiesPanelEntries: [] };
  return told;
}

// New fields begin with words of the author's language; read ones stay as they are.
function begun(create, told, words) {
  return (given, isNew) => {
    const made = create(given, isNew);
    for (const name of ["label", "dateLabel"]) {
      if (isNew && made[name] && !given[name]) {
        made[name] = told;
      }
    }
    if (isNew && Array.isArray(made.values)) {
      made.values = made.values.map((one, n) => ({ ...one, label: `${words.newOption} ${n + 1}`, value: `option_${n + 1}` }));
    }
    // the canvas shows these, and nothing of `label`; what is only shown is not saved
    if (made.type === "datetime" && made.label) {
      made.dateLabel ??= made.label;
      made.timeLabel ??= made.subtype === "time" ? made.label : undefined;
    }
    if (isNew && made.type === "text") {
      made.text = words.newText;
    }
    return made;
  };
}

class Fields {
  constructor(formFields, { types, words }) {
    const known = formFields._formFields;
    const hidden = {};
    for (const type of Object.keys(known)) {
      if (SUPPORTED.has(type)) {
        const { config } = known[type];
        const label = config.label ? { label: types[type] } : {};
        known[type].config = { ...config, ...label, name: types[type], create: begun(config.create, types[type], words) };
      } else if (type !== "default") {
        delete known[type];
      }
    }
    formFields.get = (type) => known[type] ?? (hidden[type] ??= unsupported(type, words));
  }
}

Fields.$inject = ["formFields", "config.regu"];

// As Regu's own renderer: marks are escaped first, so that no HTML of the author is ever parsed.
class PlainMarkdown extends MarkdownRenderer {
  render(text) {
    return super.render(String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;"));
  }
}

export const fieldsModule = {
  __init__: ["reguFields"],
  reguFields: ["type", Fields],
  markdownRenderer: ["type", PlainMarkdown],
};
