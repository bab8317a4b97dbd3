/** Names of the parameters of a distribution that is made of others: the part, a point, and the part's own name. */
import {failUnknown} from '../util/errors.js';
import {checkRecord} from './declaration.js';

/** {loc} becomes {part.loc}. */
export function prefixed<T>(part: string, named: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`${part}.${name}`, value]));
}

/** Each rank with `more` axes. */
export function raised(ranks: Readonly<Record<string, number>>, more: number): Record<string, number> {
  return Object.fromEntries(Object.entries(ranks).map(([name, rank]) => [name, rank + more]));
}

/** {part.loc} becomes {part: {loc}}, with an entry for each part; throws at a name of no part. */
export function unprefixed<T>(
  who: string,
  named: Readonly<Record<string, T>>,
  parts: readonly string[],
): Record<string, Record<string, T>> {
  checkRecord(`${who}.withTensors`, named);
  const out: Record<string, Record<string, T>> = Object.fromEntries(parts.map(part => [part, {}]));
  for (const [name, value] of Object.entries(named)) {
    const dot = name.indexOf('.');
    const part = name.slice(0, dot);
    if (dot < 0 || !Object.hasOwn(out, part))
      failUnknown(
        `${who}.withTensors`,
        'parameter',
        name,
        parts.map(p => `${p}.…`),
      );
    out[part]![name.slice(dot + 1)] = value;
  }
  return out;
}
