/**
 * The parts of docs/estimators.md that the registry's own data give: two tables, and the facts under the heading of
 * each estimator.
 */
import type {Distribution} from '../../src/distributions/index.js';
import type {Estimator} from '../../src/graph/estimator.js';
import '../../src/critics/index.js';
import {estimators} from '../../src/index.js';
import {between} from '../between.js';
import {families} from './families.js';

interface Entry {
  readonly name: string;
  readonly estimator: Estimator;
  /** The families that it serves, by label. */
  readonly serves: Array<[label: string, q: Distribution]>;
}

/** The names that the library registers. */
export function estimatorNames(): string[] {
  return estimators.names().sort();
}

/** `text` with its made parts made anew. Throws if a registered estimator has no section, or a section no estimator. */
export function estimatorsText(text: string): string {
  const all = families();
  const entries = estimatorNames().map((name): Entry => {
    const estimator = estimators.get(name);
    return {name, estimator, serves: all.filter(([, q]) => estimator.requires.accepts(q))};
  });
  const sections = [...text.matchAll(/^### (.+)$/gm)].map(([, name]) => name!);
  for (const {name} of entries)
    if (!sections.includes(name)) throw new Error(`docs/estimators.md: there must be a section "### ${name}"`);
  for (const name of sections)
    if (!entries.some(entry => entry.name === name))
      throw new Error(`docs/estimators.md: the section "### ${name}" must be of a registered estimator`);
  const withFacts = entries.reduce(
    (t, entry) =>
      t.replace(
        new RegExp(`^### ${entry.name}\n\n(> .*\n\n)?`, 'm'),
        () => `### ${entry.name}\n\n> ${facts(entry)}\n\n`,
      ),
    text,
  );
  const file = 'docs/estimators.md';
  return between(
    file,
    between(file, withFacts, 'estimators', estimatorTable(entries, all.length)),
    'families',
    familyTable(entries, all),
  );
}

function facts(entry: Entry): string {
  const {
    estimator: {bias, requires, source},
  } = entry;
  return `${bias === 'biased' ? '**Biased**' : 'Unbiased'}. Evaluations: ${evaluations(entry)}. Needs ${requires.rule}. Source: ${source}.`;
}

/** A number, where it is the same for all families that it serves. */
function evaluations({estimator: {evaluations: e}, serves}: Entry): string {
  if (typeof e === 'number') return String(e);
  const counts = serves.map(([, q]) => e(q));
  return counts.every(n => n === counts[0]) ? String(counts[0]) : 'by distribution';
}

function estimatorTable(entries: readonly Entry[], count: number): string {
  const rows = entries.map(entry => {
    const {
      name,
      estimator: {bias, source},
      serves,
    } = entry;
    const served =
      serves.length === count
        ? 'any'
        : serves.length > 12
          ? `${serves.length} of ${count}`
          : serves.map(([label]) => label).join(', ');
    return `| [\`${name}\`](#${name.toLowerCase()}) | ${bias === 'biased' ? '**biased**' : 'none'} | ${evaluations(entry)} | ${served} | ${source} |`;
  });
  return ['| estimator | bias | evaluations | distributions | source |', '|---|---|---|---|---|', ...rows].join('\n');
}

function familyTable(entries: readonly Entry[], all: ReadonlyArray<[string, Distribution]>): string {
  const general = entries.filter(({serves}) => serves.length === all.length);
  const rows = all.map(([label]) => {
    const names = entries.filter(entry => !general.includes(entry) && entry.serves.some(([l]) => l === label));
    return `| ${label} | ${names.map(({name}) => `\`${name}\``).join(' ')} |`;
  });
  return [
    `Any distribution: ${general.map(({name}) => `\`${name}\``).join(' ')}.`,
    '',
    '| family | estimators |',
    '|---|---|',
    ...rows,
  ].join('\n');
}
