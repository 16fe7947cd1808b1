// What nobody changed is kept as it was written: the editor adds ids, labels, rows and versions of
// its own when it reads a form, and they are taken out again when it is saved.

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// Components of a form in the order of reading, with their ids as the editor knows them.
function byId(written, read, found = new Map()) {
  (read.components ?? []).forEach((one, place) => {
    const before = written.components?.[place];
    if (before && one.id) {
      found.set(one.id, { written: before, read: one });
      byId(before, one, found);
    }
  });
  return found;
}

// Whether a component shares its row with a sibling, or takes a part of it.
function isPlaced(one, siblings) {
  const { row, columns } = one.layout ?? {};
  return Boolean(columns) || siblings.some((other) => other !== one && other.layout?.row === row && row);
}

function kept(now, before, siblings, known) {
  const made = {};
  const names = [...Object.keys(before?.written ?? {}), ...Object.keys(now)];
  for (const name of new Set(names)) {
    if (name === "components") {
      made.components = now.components?.map((one) => kept(one, known.get(one.id), now.components, known));
    } else if (before && same(now[name], before.read[name])) {
      made[name] = before.written[name];
    } else if (name !== "layout" || before?.written.layout || isPlaced(now, siblings)) {
      made[name] = now[name];
    }
  }
  return JSON.parse(JSON.stringify(made));
}

// The same form with ids of its own for all: the editor refuses an id that stands twice.
export function told(written) {
  const copy = JSON.parse(JSON.stringify(written));
  const seen = new Set();
  const visit = (component) => {
    const { id } = component;
    for (let n = 2; component.id && seen.has(component.id); n += 1) {
      component.id = `${id}_${n}`;
    }
    seen.add(component.id);
    (Array.isArray(component.components) ? component.components : []).forEach(visit);
  };
  visit(copy);
  return copy;
}

// `written`: as it came; `read`: as the editor gave it right after reading; gives what to save.
export function keeper(written, read) {
  const known = byId(written, read);
  return (now) => kept(now, { written, read }, [], known);
}
