import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'a family of layers',
  () => {
    it('says how many parameters values of a size need, and gives values of that size for as many', () => {
      for (const [layer, expected] of [
        [stl.bernoulli(), 3],
        [stl.oneHotCategorical(), 3],
        [stl.exponential(), 3],
        [stl.normal(), 6],
        [stl.laplace(), 6],
        [stl.logistic(), 6],
        [stl.gumbel(), 6],
      ] as const) {
        expect(layer.paramsSize(3)).withContext(layer.distribution!.name).toBe(expected);
        expect(layer.computeOutputShape([null, expected]))
          .withContext(layer.distribution!.name)
          .toEqual([null, 3]);
      }
      expect(() => stl.normal({name: 'a'}).paramsSize(0)).toThrowError(
        'stl layer "a": size must be an integer >= 1, got 0',
      );
      const own = stl.stochastic({name: 'b', distribution: ([loc]) => new st.Normal({loc: loc!, scale: 1})});
      expect(() => own.paramsSize(1)).toThrowError(
        'stl layer "b": the distribution does not say how many parameters it needs',
      );
    });

    it('may be given by name and options, and is a layer as its function makes it', () => {
      const layer = stl.stochastic({distribution: {name: 'normal', config: {}}, name: 'a'});
      expect(layer.getConfig()).toEqual(stl.normal({name: 'a'}).getConfig());
      expect(stl.stochastic({distribution: 'normal', name: 'a'}).getConfig()).toEqual(layer.getConfig());
      expect(() => stl.stochastic({distribution: {name: 'normal', config: {components: 3}}, name: 'a'})).toThrowError(
        'stl layer "a": normal takes no options, got an object with keys components',
      );
      // @ts-expect-error: no name
      expect(() => stl.stochastic({distribution: {config: {}}, name: 'a'})).toThrowError(
        /^stl layer "a": unknown distribution undefined/,
      );
    });
  },
  {inBrief: []},
);
