// The code editors inside the tables write a <style> element into the head, which the policy of the
// page refuses; the same rules become a constructed sheet, which it allows.
export function constructedStyles() {
  const sheets = new WeakMap();
  const insert = document.head.insertBefore.bind(document.head);
  document.head.insertBefore = (node, before) => {
    if (node.nodeName !== "STYLE") {
      return insert(node, before);
    }
    if (!sheets.has(node)) {
      const sheet = new CSSStyleSheet();
      sheets.set(node, sheet);
      document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
    }
    sheets.get(node).replaceSync(node.textContent);
    return node;
  };
}
