/** What users call things is what files are called. */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import * as st from 'tfjs-stochastic';
import * as baselines from '../../src/baselines/all.js';

/** What stands in src/estimators beside estimators: what exports them, by function or by name. */
const LISTS = ['all', 'index', 'presets'];

const sourceOf = (folders: readonly string[], name: string): string | undefined =>
  folders.map(folder => `src/${folder}/${name}.ts`).find(path => existsSync(path));

describe('files', () => {
  const estimators = st.estimators.names();

  it('have the name of the estimator, preset or critic that they define', () => {
    expect(estimators.length).toBeGreaterThan(25);
    for (const name of estimators) {
      const path = sourceOf(['estimators', 'critics'], name);
      expect(path).withContext(name).toBeDefined();
      if (path !== undefined) expect(readFileSync(path, 'utf8')).toMatch(`export function ${name}[(<]`);
    }
  });

  it('have the name of the baseline that they define', () => {
    expect(Object.keys(baselines)).toContain('learned');
    for (const name of Object.keys(baselines)) {
      expect(readFileSync(`src/baselines/${name}.ts`, 'utf8')).toMatch(`export function ${name}[(<]`);
    }
  });

  it('of src/estimators are estimators and lists of them; what they share lies in folders', () => {
    const files = readdirSync('src/estimators').filter(file => file.endsWith('.ts'));
    const names = files.map(file => file.slice(0, -'.ts'.length));
    expect(names.filter(name => !LISTS.includes(name) && !estimators.includes(name))).toEqual([]);
  });
});
