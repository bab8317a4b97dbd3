/** Windows on images. */
import * as st from 'tfjs-stochastic';
import type {Generator} from '../generate.js';
import type {Target} from '../judge.js';

/** Images of three rows and four columns, and their options. */
function images(g: Generator, size: st.Sides): {x: st.Param; batch: number[]; options: st.WindowOptions} {
  const channels = g.maybe();
  const batch = g.pick([[], [1], [3], [2, 3]]);
  return {
    x: g.numbers([...batch, 3, 4, ...(channels ? [2] : [])], -1, 1),
    batch,
    options: {size, channels},
  };
}

const window = (g: Generator, batch: number[]): st.GlimpseWindow => ({
  centre: g.numbers([...batch, 2], -9, 9),
  stride: g.parameter(batch, 0.2, 3),
  variance: g.parameter(batch, 0.2, 3),
  intensity: g.parameter(batch, 0.2, 3),
});

export const attentionTargets: readonly Target[] = [
  {
    name: 'glimpseWindow',
    run: (g, m) => ({
      ...st.glimpseWindow(
        ...m(g.numbers([...g.shape(), 5], -200, 200), {imageSize: [3, 4] as st.Sides, glimpseSize: 2}),
      ),
    }),
  },
  {
    name: 'readGlimpse',
    run: (g, m) => {
      const {x, batch, options} = images(g, [2, 3]);
      return st.readGlimpse(...m(x, window(g, batch), options));
    },
  },
  {
    name: 'writeGlimpse',
    run: (g, m) => {
      const {x, batch, options} = images(g, 5);
      return st.writeGlimpse(...m(x, window(g, batch), options));
    },
  },
  {
    name: 'crop',
    run: (g, m) => {
      const {x, batch, options} = images(g, [2, 5]);
      return st.crop(...m(x, g.numbers([...batch, 2], -9, 9), options));
    },
  },
];
