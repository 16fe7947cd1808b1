// The form-js editor as Regu uses it: its own field types, words, panel; nothing unknown is lost.
import { FormEditor } from "@bpmn-io/form-js-editor";

import { fieldsModule } from "./fields.js";
import { keeper, told } from "./merge.js";
import { panelModule } from "./panel.js";

// Code editors write <style> elements into a document but adopt sheets in a shadow root.
function panelPlace(host, stylesheet) {
  const root = host.attachShadow({ mode: "open" });
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = stylesheet;
  const place = document.createElement("div");
  place.className = "fjs-container";
  const popups = document.createElement("div");
  root.append(link, place, popups);
  return { place, popups };
}

// Opens a form; `text()` gives it back, to the letter while nobody changed it.
export class Opened {
  constructor({ canvas, panel, stylesheet, words }) {
    const { place, popups } = panelPlace(panel, stylesheet);
    this.words = words;
    this.editor = new FormEditor({
      container: canvas,
      regu: words,
      keyboard: { bind: true },
      propertiesPanel: { parent: place, feelPopupContainer: popups },
      additionalModules: [fieldsModule, panelModule],
    });
    // Enter adds a field and moves the focus to it, where the same press would let go of it again
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.closest(".fjs-palette-field")) {
        event.preventDefault();
      }
    });
  }

  async read(text) {
    const written = JSON.parse(text);
    await this.editor.importSchema(told(written));
    this.kept = keeper(written, this.editor.saveSchema());
    this.original = text;
    this.touched = false;
  }

  text() {
    return this.touched ? `${JSON.stringify(this.kept(this.editor.saveSchema()), null, 2)}\n` : this.original;
  }
}
