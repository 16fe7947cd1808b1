// Draws a connection without a mouse: the partner is chosen from a list that can be searched.
import { isLabel } from "bpmn-js/lib/util/LabelUtil";

import { byKeyboard } from "./placing.js";
import { titleOf, typeOf } from "./walking.js";

const MENU = "regu-connect";
const ANY = "regu-connect-from";

export class Connecting {
  constructor(canvas, connect, elementRegistry, globalConnect, modeling, popupMenu, rules, selection, translate) {
    Object.assign(this, { canvas, elementRegistry, modeling, popupMenu, rules, selection, translate });
    popupMenu.registerProvider(MENU, { getPopupMenuEntries: (source) => this._targets(source) });
    popupMenu.registerProvider(ANY, { getPopupMenuEntries: () => this._sources() });
    const begun = connect.start.bind(connect);
    connect.start = (event, source, ...more) => (byKeyboard(event) ? this.open(source) : begun(event, source, ...more));
    const anywhere = globalConnect.start.bind(globalConnect);
    globalConnect.start = (event, ...more) => (byKeyboard(event) ? this.begin() : anywhere(event, ...more));
  }

  // From what is selected, else asks from where.
  begin() {
    const [source] = this.selection.get();
    if (source && this._targetsOf(source).length) {
      return this.open(source);
    }
    return this._show(this.canvas.getRootElement(), ANY, this.translate("Connect from"));
  }

  // Asks where a connection from here leads.
  open(source) {
    this._show(source, MENU, this.translate("Connect to"));
  }

  _show(element, menu, title) {
    const { left, top, width } = this.canvas.getContainer().getBoundingClientRect();
    this.popupMenu.open(element, menu, { x: left + width / 3, y: top + 40 }, { title, width: 320, search: true });
  }

  _shapes() {
    return this.elementRegistry.filter((one) => one.parent && !one.waypoints && !isLabel(one));
  }

  _targetsOf(source) {
    return this._shapes()
      .filter((target) => target !== source)
      .map((target) => ({ target, given: this.rules.allowed("connection.create", { source, target }) }))
      .filter(({ given }) => given);
  }

  _targets(source) {
    const entries = this._targetsOf(source).map(({ target, given }) => [
      target.id,
      this._entry(target, () => this._connect(source, target, given)),
    ]);
    return Object.fromEntries(entries);
  }

  _sources() {
    const able = this._shapes().filter((one) => this.rules.allowed("connection.start", { source: one }) !== false);
    const from = able.filter((one) => this._targetsOf(one).length);
    const next = (one) => () => {
      this.popupMenu.close();
      this.open(one);
    };
    return Object.fromEntries(from.map((one) => [one.id, this._entry(one, next(one))]));
  }

  _entry(element, action) {
    const label = titleOf(element) || typeOf(element, this.translate);
    return { label, description: `${typeOf(element, this.translate)} · ${element.id}`, action };
  }

  _connect(source, target, given) {
    this.popupMenu.close();
    const made = this.modeling.connect(source, target, given === true ? undefined : given);
    this.selection.select(made ?? source);
    this.canvas.focus();
  }
}

Connecting.$inject = [
  ...["canvas", "connect", "elementRegistry", "globalConnect", "modeling", "popupMenu", "rules", "selection"],
  "translate",
];

export const connectingModule = { __init__: ["reguConnecting"], reguConnecting: ["type", Connecting] };
