/** What users may import says what it is. */
import {surface} from '../../scripts/surface/names.js';

describe('the docstrings', () => {
  it('are there for every exported name and for every member that users can reach', () => {
    const bare = surface().filter(({text}) => text.trim() === '');
    expect(bare.map(({name, place}) => `${name} needs a docstring (${place})`)).toEqual([]);
  }, 60_000);

  it('say more than the name', () => {
    const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+|[^\s\w.,:;()]+/g) ?? [];
    const filler = ['a', 'an', 'the', 'of', 'this', 'its', 'to', 'for', 'is'];
    const empty = surface().filter(({name, text}) => {
      const own = name.split('.').flatMap(part => words(part.replace(/([a-z])([A-Z])/g, '$1 $2')));
      const said = words(text).filter(word => !filler.includes(word) && !own.includes(word));
      return said.length === 0;
    });
    expect(empty.map(({name, text, place}) => `${name}: "${text}" (${place})`)).toEqual([]);
  }, 60_000);

  it('are looked for in every entry, in namespaces, and in members of classes, options and results', () => {
    const names = new Set(surface().map(({name}) => name));
    for (const name of [
      'st.Normal',
      'st.BetaConfig.concentration1',
      'st.random.key',
      'st.extension.check',
      'st.Distribution.logProb',
      'st.Distribution._entropy',
      'st.Estimator.combine',
      'st.stochasticGradientEstimators.getMeanBaseline',
      'st.NamedEstimator.config',
      'stl.normal',
      'stl.PriorOptions.prior',
      'ctl.Environment.step',
    ]) {
      expect(names).toContain(name);
    }
    expect([...names].filter(name => name.includes('#'))).toEqual([]);
    expect(names.size).toBeGreaterThan(1500);
  }, 60_000);
});
