/** The text of docs/distributions.md and its pictures, from the code. */
import * as dist from '../../src/distributions/index.js';
import {Distribution, type OptionalMethod} from '../../src/distributions/index.js';
import {klPairs} from '../../src/distributions/kl.js';
import {examples} from './examples.js';
import {picture} from './picture.js';

const COLUMNS: OptionalMethod[] = [
  'cdf',
  'quantile',
  'mean',
  'variance',
  'covariance',
  'mode',
  'entropy',
  'enumerateSupport',
];

/** The names of all families, by the index of src/distributions. */
export function familyNames(): string[] {
  return Object.entries(dist)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Distribution)
    .map(([name]) => name)
    .sort();
}

/** Every file of the documentation that this makes, by its name in docs/. */
export function documents(): Record<string, string> {
  const names = familyNames();
  const files: Record<string, string> = {'distributions.md': text(names)};
  for (const name of names) files[`distributions/${name}.svg`] = picture(exampleOf(name));
  return files;
}

function exampleOf(name: string) {
  const example = examples[name];
  if (example === undefined) throw new Error(`scripts/distributions/examples.ts: there must be an example of ${name}`);
  return example;
}

const firstOf = (name: string): Distribution => Object.values(exampleOf(name).curves)[0]!;

function parametersOf(name: string): string {
  const {takes} = exampleOf(name);
  if (takes !== undefined)
    return takes
      .split(', ')
      .map(p => `\`${p}\``)
      .join(', ');
  const d = firstOf(name);
  const groups = new Map(d.alternatives.flatMap(group => group.map(p => [p, group] as const)));
  const done = new Set<string>();
  return Object.entries(d.parameterConstraints)
    .flatMap(([p, constraint]) => {
      if (done.has(p)) return [];
      const group = groups.get(p) ?? [p];
      group.forEach(q => done.add(q));
      const shown = group.map(q => `\`${q}\` ${d.parameterConstraints[q]!.rule}`);
      return [group.length === 1 ? `\`${p}\` ${constraint.rule}` : shown.join(' or ')];
    })
    .join('; ');
}

function text(names: string[]): string {
  const rows = names.map(name => {
    const d = firstOf(name);
    const marks = COLUMNS.map(method => (d.has(method) ? '✓' : ''));
    return `| [${name}](#${name.toLowerCase()}) | ${d.isDiscrete ? 'discrete' : 'continuous'} | ${d.isReparameterized ? 'yes' : ''} | ${marks.join(' | ')} |`;
  });
  const pairs = klPairs(names.map(firstOf));
  const sections = names.map(name => {
    const d = firstOf(name);
    const kl = pairs
      .filter(([q]) => q === name)
      .map(([, p]) => (p !== '*' ? p : name === 'Independent' ? 'what its elements have one with' : 'any family'));
    const curves = Object.keys(exampleOf(name).curves).filter(label => label !== '');
    return [
      `### ${name}`,
      '',
      `![${d.isDiscrete ? 'The probabilities' : 'The density'} of ${name}${curves.length > 0 ? ` (${curves.join('; ')})` : ''}](distributions/${name}.svg)`,
      '',
      `- Parameters: ${parametersOf(name) || 'none'}.`,
      `- Values: ${d.support.rule}; an event has ${d.eventShape.length === 0 ? 'no axes' : d.eventShape.length === 1 ? 'one axis' : `${d.eventShape.length} axes`}.`,
      ...(kl.length > 0 ? [`- Closed-form \`klDivergence\` from: ${kl.join(', ')}.`] : []),
      '',
    ].join('\n');
  });
  return `<!-- Made by \`npm run docs\`; do not edit. -->
# Distributions

${names.length} families, named and parameterised as in TensorFlow Probability. Each has \`sample\`, \`logProb\` and \`prob\`; \`logCdf\` and \`survival\` come with \`cdf\`, \`stddev\`
with \`variance\`. "Reparameterised" families have samples that are differentiable in their parameters. What a family lacks is an error of the compiler, and at run time
one sentence. \`quantile\` of a discrete family is the smallest value whose cdf is at least p.

| family | values | reparameterised | ${COLUMNS.join(' | ')} |
|---|---|---|${COLUMNS.map(() => ':-:').join('|')}|
${rows.join('\n')}

Families made of others (Independent, Mixture, MixtureSameFamily, TransformedDistribution) have what their parts allow; the marks are those of the example in the picture.
Pairs without a closed form: \`klDivergence(q, p, {samples, key})\` estimates, and \`crossEntropy\` likewise.

${sections.join('\n')}`;
}
