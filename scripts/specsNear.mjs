/** Which specs to run first when some files have changed. */

/**
 * The spec files that reach one of `changed` by imports, nearest first: the changed ones themselves, then those at the
 * mirrored path, then by the number of imports between; of equally near ones first those that reach little else.
 * @param {Record<string, readonly string[]>} imports for each file, what it imports
 * @param {readonly string[]} changed
 */
export function specsNear(imports, changed) {
  const importers = new Map();
  for (const [file, list] of Object.entries(imports)) {
    for (const imported of list) importers.set(imported, [...(importers.get(imported) ?? []), file]);
  }
  const distance = new Map(changed.map(file => [file, 0]));
  for (const file of distance.keys()) {
    // grows while it is walked: nearest first
    for (const importer of importers.get(file) ?? [])
      if (!distance.has(importer)) distance.set(importer, distance.get(file) + 1);
  }
  const mirrored = new Set(
    changed.flatMap(file =>
      ['', '.node'].map(kind =>
        file
          .replace(/^src\//, 'test/')
          .replace(/^(?=(layers|control)\/)/, 'test/')
          .replace(/\.ts$/, `${kind}.test.ts`),
      ),
    ),
  );
  const rank = file => (mirrored.has(file) ? 0.5 : distance.get(file));
  const found = [...new Set([...distance.keys(), ...mirrored])].filter(
    file => file.endsWith('.test.ts') && file in imports,
  );
  const reach = new Map(found.map(file => [file, reachable(imports, file).size]));
  return found.sort((a, b) => rank(a) - rank(b) || reach.get(a) - reach.get(b) || (a < b ? -1 : 1));
}

/** A file and all that it imports, directly or not. */
function reachable(imports, file) {
  const all = new Set([file]);
  for (const one of all) for (const imported of imports[one] ?? []) all.add(imported);
  return all;
}
