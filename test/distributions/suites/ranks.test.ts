/** Every family at ranks 5 to 8, where its parameters vary along the last axis alone, against itself at rank 1. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {linked} from '../../helpers/derivatives.js';
import {describeBackends, gpuOf, inBrief} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';

const RANKS = inBrief ? [6] : [5, 6, 7, 8];
const headOf = (rank: number): number[] => [2, 1, 2, 1, 2, 1, 1].slice(0, rank - 1);

type Value = number | number[] | number[][];

interface Family {
  readonly create: (p: Record<string, tf.Tensor>) => st.Distribution;
  /** Three settings of each parameter. */
  readonly parameters: Record<string, Value[]>;
  /** Two values for each setting. */
  readonly x: [Value[], Value[]];
}
type Made<T> = new (config: T) => st.Distribution;

/** A family made of the parameters alone; each class takes those that the table names. */
function family<T>(made: Made<T>, parameters: Family['parameters'], x: Family['x'], rest: object = {}): Family {
  return {create: p => new made({...p, ...rest} as T), parameters, x};
}

const place = {loc: [-1, 0.5, 2], scale: [0.5, 1, 3]};
const anywhere: Family['x'] = [
  [0.3, -1.2, 2.5],
  [-0.7, 0.1, 4],
];
const positive: Family['x'] = [
  [0.3, 1.2, 2.5],
  [0.7, 0.1, 4],
];
const inside: Family['x'] = [
  [0.3, 0.6, 0.9],
  [0.7, 0.1, 0.5],
];
const shapes = {concentration1: [0.7, 2, 5], concentration0: [1.5, 3, 0.8]};
const counts: Family['x'] = [
  [0, 2, 5],
  [3, 1, 4],
];
const logits = [
  [0.1, -0.4, 1],
  [0.5, 0, -1],
  [2, 0.3, 0.3],
];
const simplex: Family['x'] = [
  [
    [0.2, 0.3, 0.5],
    [0.6, 0.3, 0.1],
    [0.1, 0.1, 0.8],
  ],
  [
    [0.5, 0.25, 0.25],
    [0.2, 0.2, 0.6],
    [0.3, 0.6, 0.1],
  ],
];
const plane: Family['x'] = [
  [
    [0.2, 1],
    [1, -1],
    [3, 0],
  ],
  [
    [-0.5, 0.1],
    [2, 2],
    [0, 1],
  ],
];
const classes: Family['x'] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0, 1, 0],
    [0, 0, 1],
    [0, 1, 0],
  ],
];

const families: Record<string, Family> = {
  Normal: family(st.Normal, place, anywhere),
  Laplace: family(st.Laplace, place, anywhere),
  Logistic: family(st.Logistic, place, anywhere),
  Gumbel: family(st.Gumbel, place, anywhere),
  Cauchy: family(st.Cauchy, place, anywhere),
  StudentT: family(st.StudentT, {df: [2, 5, 9], ...place}, anywhere),
  LogNormal: family(st.LogNormal, place, positive),
  LogitNormal: family(st.LogitNormal, place, inside),
  TruncatedNormal: family(st.TruncatedNormal, {...place, low: [-3, -2, 0], high: [2, 3, 5]}, [
    [0.3, -1.2, 2.5],
    [-0.7, 0.1, 4],
  ]),
  VonMises: family(st.VonMises, {loc: [-1, 0.5, 2], concentration: [0.5, 2, 8]}, [
    [0.3, -1.2, 2.5],
    [-0.7, 0.1, 3],
  ]),
  Uniform: family(st.Uniform, {low: [-1, -2, 0], high: [1, 2, 5]}, [
    [0.3, -1.2, 2.5],
    [-0.7, 0.1, 4],
  ]),
  HalfNormal: family(st.HalfNormal, {scale: [0.5, 1, 3]}, positive),
  HalfCauchy: family(st.HalfCauchy, {loc: [-1, 0, 0.5], scale: [0.5, 1, 3]}, [
    [0.3, 1.2, 2.5],
    [0.7, 0.1, 4],
  ]),
  Gamma: family(st.Gamma, {concentration: [0.5, 2, 7], rate: [1, 0.5, 3]}, positive),
  Chi2: family(st.Chi2, {df: [1, 3, 6]}, positive),
  InverseGamma: family(st.InverseGamma, {concentration: [1.5, 2, 7], scale: [1, 0.5, 3]}, positive),
  Exponential: family(st.Exponential, {rate: [1, 0.5, 3]}, positive),
  Weibull: family(st.Weibull, {concentration: [0.5, 2, 4], scale: [1, 0.5, 3]}, positive),
  Pareto: family(st.Pareto, {concentration: [0.5, 2, 4], scale: [0.2, 0.05, 1]}, positive),
  Beta: family(st.Beta, shapes, inside),
  Kumaraswamy: family(st.Kumaraswamy, shapes, inside),
  RelaxedBernoulli: family(st.RelaxedBernoulli, {logits: [-1, 0.5, 2], temperature: [0.5, 1, 2]}, inside),
  Bernoulli: family(st.Bernoulli, {logits: [-1, 0.5, 2]}, [
    [0, 1, 1],
    [1, 0, 1],
  ]),
  Geometric: family(st.Geometric, {logits: [-1, 0.5, 2]}, counts),
  Poisson: family(st.Poisson, {rate: [1, 0.5, 3]}, counts),
  Binomial: family(st.Binomial, {logits: [-1, 0.5, 2]}, counts, {totalCount: 6}),
  NegativeBinomial: family(st.NegativeBinomial, {totalCount: [2, 3, 5], logits: [-1, 0.5, 2]}, counts),
  Categorical: family(st.Categorical, {logits}, [
    [0, 1, 2],
    [2, 2, 0],
  ]),
  OneHotCategorical: family(st.OneHotCategorical, {logits}, classes),
  RelaxedOneHotCategorical: family(st.RelaxedOneHotCategorical, {logits, temperature: [0.5, 1, 2]}, simplex),
  Dirichlet: family(
    st.Dirichlet,
    {
      concentration: [
        [1, 2, 3],
        [0.5, 0.7, 4],
        [2, 2, 2],
      ],
    },
    simplex,
  ),
  Multinomial: family(
    st.Multinomial,
    {logits},
    [
      [
        [1, 2, 1],
        [0, 4, 0],
        [2, 2, 0],
      ],
      [
        [4, 0, 0],
        [1, 1, 2],
        [0, 1, 3],
      ],
    ],
    {totalCount: 4},
  ),
  MultivariateNormalDiag: family(
    st.MultivariateNormalDiag,
    {
      loc: [
        [0, 1],
        [1, 2],
        [-1, 0],
      ],
      scaleDiag: [
        [1, 2],
        [0.5, 1],
        [3, 1],
      ],
    },
    plane,
  ),
  MultivariateNormalTriL: family(
    st.MultivariateNormalTriL,
    {
      loc: [
        [0, 1],
        [1, 2],
        [-1, 0],
      ],
      scaleTril: [
        [
          [1, 0],
          [0.5, 2],
        ],
        [
          [0.5, 0],
          [-1, 1],
        ],
        [
          [3, 0],
          [1, 1],
        ],
      ],
    },
    plane,
  ),
  TransformedDistribution: {
    create: p =>
      new st.TransformedDistribution({
        distribution: new st.Normal(p as {loc: tf.Tensor; scale: tf.Tensor}),
        bijector: new st.bijectors.Softplus(),
      }),
    parameters: place,
    x: positive,
  },
  Mixture: {
    create: ({loc, scale, logits: l}) =>
      new st.Mixture({
        cat: new st.Categorical({logits: l!}),
        components: [new st.Normal({loc: loc!, scale: scale!}), new st.Laplace({loc: 0, scale: scale!})],
      }),
    parameters: {
      ...place,
      logits: [
        [0.1, -0.4],
        [0.5, 0],
        [2, 0.3],
      ],
    },
    x: anywhere,
  },
};

describeBackends('families of high rank', backend => {
  for (const [name, {create, parameters, x}] of Object.entries(families)) {
    if (
      inBrief &&
      (backend === 'webgl' || backend === 'webgpu') &&
      (gpuOf(name) !== backend || name.length % 3 !== 0) &&
      name !== 'Normal' &&
      name !== 'Weibull'
    )
      continue;
    it(`${name} is what it is at rank 1`, async () => {
      const names = Object.keys(parameters);
      const given = names.map(k => tf.tensor(parameters[k] as tf.TensorLike, undefined, 'float32'));
      const rows = x.map(v => tf.tensor(v as tf.TensorLike, undefined, 'float32'));
      const event = rows[0]!.shape.slice(1);
      const made = (ts: tf.Tensor[]): st.Distribution => create(Object.fromEntries(names.map((k, i) => [k, ts[i]!])));
      for (const rank of RANKS) {
        const head = headOf(rank);
        const count = head.reduce((a, b) => a * b, 1);
        // Data is where the backend computes: small tensors of the GPUs stay with the host until a kernel has touched
        // them.
        const flat = tf.tidy(() =>
          tf.add(
            tf.concat(Array.from({length: count}, (_, i) => rows[i % 3 === 0 ? 0 : 1]!)),
            tf.mul(tf.sqrt(tf.ones([1])), 0),
          ),
        );
        const high = tf.reshape(flat, [...head, 3, ...event]);
        const repeated = (t: tf.Tensor): tf.Tensor => tf.tile(t, [count, ...t.shape.slice(1).map(() => 1)]);
        const key = st.random.key(3);

        const compare = async (what: string, f: (q: st.Distribution, v: tf.Tensor) => tf.Tensor): Promise<void> => {
          const [a, b] = tf.tidy((): [tf.Tensor, tf.Tensor] => [
            f(made(given), high),
            f(made(given.map(repeated)), flat),
          ]);
          expect(a.shape)
            .withContext(`${name} ${what} at rank ${rank}`)
            .toEqual([...head, 3, ...b.shape.slice(1)]);
          expectNear(await read(a), await read(b), `${name} ${what} at rank ${rank}`);
        };
        await compare('logProb', (q, v) => q.logProb(v));
        if (event.length === 0 && name !== 'Categorical') await compare('cdf', (q, v) => q.cdf(v));
        const [drawn, again] = tf.tidy((): [tf.Tensor, tf.Tensor] => [
          made(given).sample(head, {key}),
          made(given).sample([count], {key}),
        ]);
        expect(drawn.shape)
          .withContext(`${name} sample at rank ${rank}`)
          .toEqual([...head, 3, ...event]);
        expectNear(await read(drawn), await read(again), `${name} sample at rank ${rank}`);

        const slopes = (v: tf.Tensor, grow: (t: tf.Tensor) => tf.Tensor): tf.Tensor[] =>
          tf.grads((...ts: tf.Tensor[]) => linked(made(ts.map(grow)).logProb(v), ...ts))(given);
        const [wide, narrow] = tf.tidy((): [tf.Tensor[], tf.Tensor[]] => [
          slopes(high, t => t),
          slopes(flat, repeated),
        ]);
        for (const [i, k] of names.entries())
          expectNear(
            await read(wide[i]!),
            await read(narrow[i]!),
            `${name} gradient by ${k} at rank ${rank}`,
            false,
            1e-4,
          );
        tf.dispose([flat, high]);
      }
      tf.dispose([given, rows]);
    });
  }
});
