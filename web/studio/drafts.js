// Saves the drawing two seconds after a change; never over what somebody else saved.
const PAUSE_MS = 2000;
const AGAIN_MS = 10000;

export class Drafts {
  // `place` holds the address, the state that was opened and the words; `xml` gives the drawing
  constructor({ place, csrf, xml, told, saved }) {
    Object.assign(this, { place, csrf, xml, told, saved });
    this.mark = place.mark;
    this.keeps = place.keeps === "yes";
    // how often something was drawn, and up to which of these the server has it
    this.drawn = 0;
    this.kept = 0;
    this.standing = null;
    this.running = Promise.resolve();
  }

  // Also while it is on its way: only the server's answer says that it is kept.
  get unsaved() {
    return this.drawn > this.kept;
  }

  changed() {
    this.drawn += 1;
    this.since = true;
    this._later(PAUSE_MS);
  }

  // Whatever is under way ends, and nothing more begins by itself.
  async settle() {
    clearTimeout(this.timer);
    await this.running;
  }

  save() {
    clearTimeout(this.timer);
    this.running = this.running.then(() => this._save());
    return this.running;
  }

  // Goes on with what is drawn here; what the other one saved is kept beside it.
  async keepMine() {
    this.mark = this.standing?.mark ?? "";
    this.keeps = Boolean(this.mark);
    this.standing = null;
    await this.save();
  }

  // Leaves this drawing beside the other one, with what was drawn since the two met.
  async leaveMine() {
    if (this.since) {
      await this._putAside();
    }
  }

  _later(wait) {
    clearTimeout(this.timer);
    if (!this.standing) {
      this.timer = setTimeout(() => this.save(), wait);
    }
  }

  _headers(more = {}) {
    return { "X-CSRF-Token": this.csrf, "X-Requested-With": "draft", ...more };
  }

  async _save() {
    if (!this.unsaved || this.standing) {
      return;
    }
    const { drawn } = this;
    try {
      const answer = await this._send("PUT", this.place.address, { "If-Match": `"${this.mark}"` });
      const said = await answer.json();
      if (answer.status === 409 && "mark" in said) {
        await this._moved(said);
      } else if (answer.ok) {
        this.mark = said.mark;
        this.kept = drawn;
        this.keeps = false;
        this.aside = "";
        this.told("saved", said);
        this.saved();
      } else {
        this._failed();
      }
    } catch {
      this._failed();
    }
  }

  // Somebody else saved meanwhile: this drawing is kept beside at once, then the reader chooses.
  async _moved(said) {
    await this._putAside();
    this.standing = said;
    this.told("moved", said);
  }

  async _putAside() {
    this.since = false;
    const kept = await this._send("POST", `${this.place.address}/sisih`);
    if (!kept.ok) {
      throw new Error(`not kept: ${kept.status}`);
    }
    this.aside = (await kept.json()).mark;
  }

  _failed() {
    this.told("failed");
    this._later(AGAIN_MS);
  }

  async _send(method, address, more) {
    const asked = new URLSearchParams({ dari: this.place.base, ganti: this.aside ?? "" });
    if (method === "PUT" && this.keeps) {
      asked.set("sisihkan", "1");
    }
    const headers = this._headers({ "Content-Type": this.place.type ?? "application/xml", ...more });
    return fetch(`${address}?${asked}`, { method, body: await this.xml(), headers });
  }
}
