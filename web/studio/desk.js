// The desk around an editor: drafts saved as one writes, a conflict told and settled, leaving.
import { Drafts } from "./drafts.js";

function telling(form, drafts) {
  const status = document.getElementById("saved");
  const conflict = document.getElementById("conflict");
  const acts = {
    saved: ({ at }) => {
      status.textContent = status.dataset.saved.replace("{at}", at);
      conflict.hidden = true;
      if (form.elements.draft_mark) {
        form.elements.draft_mark.value = drafts().mark;
      }
    },
    failed: () => {
      status.textContent = status.dataset.failed;
    },
    moved: ({ by, at, id }) => {
      status.textContent = status.dataset.moved;
      conflict.querySelector("[data-who]").textContent = id ? `${by}, ${at}` : "";
      const link = conflict.querySelector("[data-theirs]");
      link.hidden = !id;
      link.href = `?draf=${encodeURIComponent(id ?? "")}`;
      conflict.hidden = false;
      conflict.focus();
    },
  };
  return (state, said) => acts[state](said);
}

// `form` holds the mark and the token, `place` the address; `content` gives what is kept. `go` says
// that the page is left on purpose.
export function openDesk({ form, place, content, saved }) {
  const drafts = new Drafts({
    place,
    csrf: form.elements.csrf_token.value,
    xml: content,
    told: telling(form, () => drafts),
    saved,
  });
  let leaving = false;
  document.querySelector("[data-take]").addEventListener("click", async () => {
    await drafts.leaveMine();
    leaving = true;
    window.location.assign(place.home);
  });
  document.querySelector("[data-keep]").addEventListener("click", () => drafts.keepMine());
  window.addEventListener("beforeunload", (event) => {
    if (drafts.unsaved && !leaving) {
      event.preventDefault();
    }
  });
  const go = () => {
    leaving = true;
  };
  return { drafts, go };
}
