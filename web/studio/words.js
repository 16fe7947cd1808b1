// What the drawing parts say, in the reader's language where the server knows it.
function translateWith(offered) {
  const words = new Map(Object.entries(offered?.words ?? {}));
  // sentences that come in the reader's language already and are passed through once more
  const own = new Set([...Object.values(offered?.lint ?? {}), ...(offered?.operations ?? []).map((one) => one.label)]);
  const translate = (template, values = {}) => {
    if (!words.has(template) && !own.has(template)) {
      translate.untold.add(template);
    }
    return (words.get(template) ?? template).replace(/{([^}]+)}/g, (whole, key) => values[key] ?? whole);
  };
  // what was asked for and nobody has translated; the tests read it
  translate.untold = new Set();
  return translate;
}

translateWith.$inject = ["config.regu"];

// The walk through a drawing says its words straight into the page.
function SimulationWords(canvas, eventBus, translate, offered) {
  const words = offered.words;
  const tell = (place) => {
    const told = [place, ...place.querySelectorAll("*")].filter((one) => /\bbts-/.test(one.getAttribute("class") ?? ""));
    for (const one of [...told, ...place.querySelectorAll("[title^='Set animation']")]) {
      if (words[one.title]) {
        one.title = words[one.title];
        one.setAttribute("aria-label", one.title);
      }
      const only = one.children.length ? null : one.textContent.trim();
      if (only && words[only]) {
        one.textContent = words[only];
      }
    }
  };
  eventBus.on("diagram.init", () => {
    const place = canvas.getContainer();
    const watch = new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        if (node instanceof HTMLElement) {
          tell(node);
        }
      }
    });
    watch.observe(place, { childList: true, subtree: true });
    tell(place);
  });
}

SimulationWords.$inject = ["canvas", "eventBus", "translate", "config.regu"];

export const wordsModule = {
  __init__: ["reguSimulationWords"],
  reguSimulationWords: ["type", SimulationWords],
  translate: ["factory", translateWith],
};
