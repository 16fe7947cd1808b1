// What is copied in one drawing can be pasted into another one, also in another window. It is
// kept by the page and its window only: closed with them, never stored on a shared computer.
const KEPT = "regu.copied";
const CHARACTERS_MAX = 1_000_000;

// Gives parsed text its BPMN types back; an element met again is the same one.
function reviver(moddle) {
  const known = new Map();
  return (_key, value) => {
    if (value === null || typeof value !== "object" || typeof value.$type !== "string") {
      return value;
    }
    const { $type: type, ...properties } = value;
    if (value.id && known.has(value.id)) {
      return known.get(value.id);
    }
    const made = moddle.create(type, properties);
    adopt(made);
    if (value.id) {
      known.set(value.id, made);
    }
    return made;
  };
}

function adopt(made) {
  for (const { name } of made.$descriptor.properties) {
    for (const one of [made[name]].flat()) {
      if (one?.$type && !one.$parent) {
        one.$parent = made;
      }
    }
  }
}

class Clipboard {
  constructor(eventBus, moddle) {
    Object.assign(this, { moddle });
    this.channel = new BroadcastChannel(KEPT);
    this.channel.addEventListener("message", ({ data }) => this._heard(data));
    eventBus.on("diagram.destroy", () => this.channel.close());
    eventBus.on("copyPaste.elementsCopied", ({ tree, hints }) => hints?.clip !== false && this._copied(tree));
    eventBus.on("copyPaste.pasteElements", 3000, (context) => this._paste(context));
    this.text = sessionStorage.getItem(KEPT) ?? "";
    if (!this.text) {
      this.channel.postMessage({ asked: true });
    }
  }

  _copied(tree) {
    const text = JSON.stringify(tree);
    if (text.length > CHARACTERS_MAX) {
      return;
    }
    this.own = true;
    this._keep(text);
    this.channel.postMessage({ text });
  }

  _heard({ asked, text }) {
    if (asked && this.text) {
      this.channel.postMessage({ text: this.text });
    } else if (typeof text === "string") {
      this.own = false;
      this._keep(text);
    }
  }

  _keep(text) {
    this.text = text;
    try {
      sessionStorage.setItem(KEPT, text);
    } catch {
      // a full store keeps nothing; pasting in this page goes on
    }
  }

  _paste(context) {
    if (!context.tree && !this.own && this.text) {
      context.tree = JSON.parse(this.text, reviver(this.moddle));
    }
  }
}

Clipboard.$inject = ["eventBus", "moddle"];

export const clipboardModule = { __init__: ["reguClipboard"], reguClipboard: ["type", Clipboard] };
