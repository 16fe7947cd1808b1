// What the drawing parts say, in the reader's language where the server knows it.
function translateWith(offered) {
  const words = offered?.words ?? {};
  return (template, values = {}) =>
    (words[template] ?? template).replace(/{([^}]+)}/g, (whole, key) => values[key] ?? whole);
}

translateWith.$inject = ["config.regu"];

export const wordsModule = { translate: ["factory", translateWith] };
