// form-js says its own words in English only. They are told in the reader's language where its
// parts are made; what an author wrote, on the canvas and in inputs, is never touched.
import { options } from "preact";

// classes of the elements in which form-js itself speaks
const OURS = /(^|\s)(bio-properties-panel|fjs-palette|fjs-context-pad|fjs-empty|fjs-editor|fjs-properties|fjs-repeat-render|fjs-select-placeholder|fjs-form-field-placeholder)/;
// of these, those that show what the author wrote
const THEIRS = /header-label|entry-header-title/;
// elements without a class in which only form-js speaks
const BARE = new Set(["option", "h2", "span", "code", "p"]);
const ATTRIBUTES = ["title", "placeholder", "aria-label"];
const CREATE = /^Create an? (.+) element$/;

export function speakWith(words) {
  const long = Object.entries(words).filter(([text]) => text.endsWith("…")).map(([text, known]) => [text.slice(0, -1), known]);
  const told = (text) => {
    const made = CREATE.exec(text);
    if (made && words["Create {name}"]) {
      return words["Create {name}"].replace("{name}", made[1]);
    }
    return words[text] ?? long.find(([begin]) => text.startsWith(begin))?.[1] ?? text;
  };
  const before = options.vnode;
  options.vnode = (vnode) => {
    if (typeof vnode.type === "string") {
      speak(vnode, told);
    } else if (typeof vnode.type === "function" && "forId" in vnode.props) {
      captioned(vnode.props, told);
    }
    before?.(vnode);
  };
}

// What stands on groups and inputs of the panel, with the hint behind it.
function captioned(props, told) {
  for (const name of ["children", "value"]) {
    if (typeof props[name] === "string") {
      props[name] = told(props[name]);
    }
  }
}

function speak({ type, props }, told) {
  for (const name of ATTRIBUTES) {
    if (typeof props[name] === "string") {
      props[name] = told(props[name]);
    }
  }
  const names = String(props.class ?? props.className ?? "");
  const ours = names ? OURS.test(names) && !THEIRS.test(names) : BARE.has(type) || type === "div" || type === "label";
  if (!ours) {
    return;
  }
  const { children } = props;
  if (typeof children === "string") {
    props.children = told(children);
  } else if (Array.isArray(children)) {
    props.children = children.map((one) => (typeof one === "string" ? told(one) : one));
  }
}
