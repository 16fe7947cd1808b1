// The modeler with all parts that the studio draws with.
import { layoutProcess } from "bpmn-auto-layout";
import BpmnModeler from "bpmn-js/lib/Modeler";
import lintModule from "bpmn-js-bpmnlint";
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from "bpmn-js-create-append-anything";
import { CloudElementTemplatesPropertiesProviderModule } from "bpmn-js-element-templates";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from "bpmn-js-properties-panel";
import simulationModule from "bpmn-js-token-simulation";
import { ZeebeVariableResolverModule } from "@bpmn-io/variable-resolver";
import behaviorsModule from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import minimapModule from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import { chooserModule } from "./chooser.js";
import { clipboardModule } from "./clipboard.js";
import { connectingModule } from "./connecting.js";
import { keysModule } from "./keys.js";
import { lintOf } from "./lint.js";
import { namesModule } from "./names.js";
import { placingModule } from "./placing.js";
import { walkingModule } from "./walking.js";
import { wordsModule } from "./words.js";

// pixels of the canvas that the palette covers, and that stay free around the drawing
const PALETTE = 130;
const MARGIN = 20;
const READABLE = 0.45;

// The panel's code editors write <style> elements into a document but adopt sheets in a shadow
// root; there no inline style needs to be allowed.
function panelPlace(host, stylesheet) {
  const root = host.attachShadow({ mode: "open" });
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = stylesheet;
  const place = document.createElement("div");
  const popups = document.createElement("div");
  root.append(link, place, popups);
  return { place, popups };
}

// The drawing begins to the right of the palette, as large as fits but never too small to read.
function besidePalette(canvas) {
  const { inner, outer } = canvas.viewbox();
  const fits = Math.min((outer.width - PALETTE - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
  const scale = Math.min(1, Math.max(fits, READABLE));
  const height = outer.height / scale;
  const middle = inner.y + inner.height / 2 - height / 2;
  canvas.viewbox({
    x: inner.x - PALETTE / scale,
    y: inner.height < height ? middle : inner.y - MARGIN / scale,
    width: outer.width / scale,
    height,
  });
}

// Opens a drawing; `offered` holds names to choose from, `templates` those of the operations.
export async function openModeler({ canvas, panel, stylesheet, xml, offered, templates }) {
  const { place, popups } = panelPlace(panel, stylesheet);
  const modeler = new BpmnModeler({
    container: canvas,
    regu: offered,
    elementTemplates: templates,
    linting: { active: true, bpmnlint: lintOf(offered) },
    propertiesPanel: { parent: place, feelPopupContainer: popups },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      CloudElementTemplatesPropertiesProviderModule,
      CreateAppendAnythingModule,
      CreateAppendElementTemplatesModule,
      ZeebeVariableResolverModule,
      behaviorsModule,
      lintModule,
      minimapModule,
      simulationModule,
      wordsModule,
      namesModule,
      chooserModule,
      placingModule,
      connectingModule,
      walkingModule,
      keysModule,
      clipboardModule,
    ],
  });
  await modeler.importXML(xml);
  besidePalette(modeler.get("canvas"));
  return modeler;
}

// Lays the drawing out anew; false when that would lose something that is drawn now.
export async function layOut(modeler) {
  const { xml } = await modeler.saveXML({ format: true });
  const before = drawn(modeler);
  let laid;
  try {
    laid = await layoutProcess(xml);
  } catch {
    return null;
  }
  await modeler.importXML(laid);
  const now = new Set(drawn(modeler));
  if (before.some((id) => !now.has(id))) {
    await modeler.importXML(xml);
    besidePalette(modeler.get("canvas"));
    return null;
  }
  besidePalette(modeler.get("canvas"));
  return xml;
}

function drawn(modeler) {
  return modeler.get("elementRegistry").filter((element) => element.parent && !element.labelTarget).map(({ id }) => id);
}
