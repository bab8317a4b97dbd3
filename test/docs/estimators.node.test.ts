/** The documentation of the estimators is complete, and its tables are what the registry gives. */
import {readFileSync} from 'node:fs';
import {estimatorNames, estimatorsText} from '../../scripts/estimators/document.js';
import {estimators} from '../../src/index.js';

const text = readFileSync(new URL('../../docs/estimators.md', import.meta.url), 'utf8');

/** A part between two headings of the second level. */
const part = (heading: string): string => text.split(/^## /m).find(p => p.startsWith(heading))!;

describe('docs/estimators.md', () => {
  it('is what `npm run docs` would leave it as', () => expect(estimatorsText(text)).toBe(text));

  it('has a section, a row and the facts of every estimator', () => {
    const table = part('All of them');
    for (const name of estimatorNames()) {
      const {
        bias,
        source,
        requires: {rule},
      } = estimators.get(name);
      expect(table)
        .withContext(name)
        .toContain(`| [\`${name}\`](#${name.toLowerCase()}) | ${bias === 'biased' ? '**biased**' : 'none'} |`);
      const section = text.split(/^### /m).find(s => s.startsWith(`${name}\n`));
      expect(section).withContext(name).toContain(rule);
      expect(section).withContext(name).toContain(source);
      expect(section!.length)
        .withContext(`${name}: more than the facts`)
        .toBeGreaterThan(rule.length + source.length + 150);
    }
  });

  it('says which estimators serve a family', () => {
    const row = (family: string): string =>
      part('By distribution')
        .split('\n')
        .find(line => line.startsWith(`| ${family} |`))!;
    expect(row('Bernoulli')).toContain('`disarm`');
    expect(row('Normal')).toContain('`pathwise`');
    expect(row('Normal')).not.toContain('`disarm`');
    expect(row('Independent of OneHotCategorical')).toContain('`relax`');
  });

  it('is refused without a section of an estimator, with one of none, and without the marks', () => {
    expect(() => estimatorsText(text.replace('### relax\n', '### relaxed\n'))).toThrowError(
      'docs/estimators.md: there must be a section "### relax"',
    );
    expect(() => estimatorsText(`${text}\n### another\n\nwords\n`)).toThrowError(
      'docs/estimators.md: the section "### another" must be of a registered estimator',
    );
    expect(() => estimatorsText(text.replace('<!-- families -->', ''))).toThrowError(
      /there must be the marks <!-- families -->/,
    );
  });
});
