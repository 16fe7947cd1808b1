// The form as people will see it, in frames in which nothing runs and nothing is sent anywhere.
const PAUSE_MS = 400;

function typedIn(page) {
  const found = new URLSearchParams();
  for (const one of page.querySelectorAll("input[name], select[name], textarea[name]")) {
    const ticked = !["checkbox", "radio"].includes(one.type) || one.checked;
    if (ticked && one.type !== "file") {
      found.append(one.name, one.value);
    }
  }
  return found;
}

class Frame {
  constructor(frame, asked) {
    this.frame = frame;
    this.asked = asked;
    this.latest = 0;
    frame.addEventListener("load", () => this._listen());
    if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.querySelector("main")) {
      this._listen();
    }
  }

  get page() {
    return this.frame.contentDocument;
  }

  async show(more = {}) {
    const mine = ++this.latest;
    const body = await this.asked({ bahasa: this.frame.dataset.language, ...more });
    if (body !== null && mine === this.latest) {
      this.page.body.innerHTML = body.innerHTML;
      this._measured();
    }
  }

  // Only what hides and shows changes while somebody types.
  async hide() {
    const body = await this.asked({ bahasa: this.frame.dataset.language, typed: String(typedIn(this.page)) });
    for (const one of body?.querySelectorAll("[data-name]") ?? []) {
      const here = this.page.querySelector(`[data-name="${CSS.escape(one.dataset.name)}"]`);
      here?.classList.toggle("concealed", one.classList.contains("concealed"));
    }
    this._measured();
  }

  _listen() {
    this._measured();
    this.page.addEventListener("change", () => this.hide());
    this.page.addEventListener("click", (event) => this._pressed(event));
  }

  _pressed(event) {
    const button = event.target.closest("button[name]");
    if (button) {
      event.preventDefault();
      const typed = typedIn(this.page);
      const sends = button.name === "_send";
      typed.append(button.name, button.value);
      this.show({ typed: String(typed), ...(sends ? { sent: "1" } : {}) });
    }
  }

  _measured() {
    const tall = this.page?.querySelector("main")?.getBoundingClientRect().height;
    if (tall) {
      this.frame.style.height = `${Math.ceil(tall) + 32}px`;
    }
  }
}

// `schema` gives the form's text; controls stand in `place`.
export function previews(place, { schema, csrf }) {
  let timer;
  const brought = place.querySelector("[name=brought]");
  const untouched = brought.value;
  const asked = async (more) => {
    const body = new URLSearchParams({ schema: schema(), ...more });
    if (brought.value !== untouched) {
      body.set("brought", brought.value);
    }
    const answer = await fetch(place.dataset.address, { method: "POST", body, headers: { "X-CSRF-Token": csrf } });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").body : null;
  };
  const frames = [...place.querySelectorAll("iframe")].map((frame) => new Frame(frame, asked));
  const all = (more) => frames.forEach((frame) => frame.show(more));
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(all, PAUSE_MS);
  };
  const acts = {
    empty: () => all({ sent: "1" }),
    fresh: () => all(),
    narrow: (button) => {
      const on = place.classList.toggle("previews--narrow");
      button.setAttribute("aria-pressed", String(on));
      frames.forEach((frame) => frame._measured());
    },
  };
  for (const button of place.querySelectorAll("[data-preview]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      acts[button.dataset.preview](button);
    });
  }
  brought.addEventListener("input", later);
  return { later };
}
