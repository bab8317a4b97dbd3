/** The audit: its numbers against those known by hand, what it compares with, and what it leaves as it was. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {sigmoid} from '../helpers/estimates.js';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass
const key = st.random.key(11);
const f = (b: number): number => 3 * (b - 0.3) ** 2 + 1;

let theta: tf.Variable;
let before: number;

/** 3(b − 0.3)² + 1 of one Bernoulli b. */
const program: st.AuditProgram = estimator => {
  const {value} = new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator});
  return tf.add(tf.mul(tf.square(tf.sub(value, 0.3)), 3), 1);
};

/** z², z a Normal about `theta`. */
const continuous: st.AuditProgram = estimator =>
  tf.square(new st.DistributionTensor(new st.Normal({loc: theta, scale: 0.7}), {estimator}).value);

const wrongSign: st.LossFunction = (node, value, cost) => tf.neg(tf.mul(node.distribution.logProb(value), cost));

/** The row of `label`, which served the program. */
function served(audit: st.EstimatorAudit, label: string): st.AuditedEstimator {
  const row = audit.estimators.find(e => e.label === label);
  if (row === undefined || row.error !== null) throw new Error(`${label}: ${row?.error}`);
  return row;
}

function setUp(): void {
  theta = tf.tidy(() => tf.variable(tf.scalar(0.4)));
  before = tf.memory().numTensors;
}

function tearDown(): void {
  expect(tf.memory().numTensors).withContext('tensors left behind').toBe(before);
  theta.dispose();
}

describeBackends(
  'an audit',
  () => {
    const samples = sizeFor({cpu: 200, wasm: 300, webgl: 100, webgpu: 100});
    beforeEach(setUp);
    afterEach(tearDown);

    it('compares with the exact gradient where all outcomes can be listed, and measures variance and evaluations', async () => {
      const estimators = {
        score: 'scoreFunction',
        loo: 'leaveOneOut',
        exact: 'enumerate',
        mu: 'muProp',
        wrong: wrongSign,
      } as const;
      const audit = await st.auditEstimators({program, variables: {theta}, estimators, samples, key});
      const p = sigmoid(0.4);
      const gradient = p * (1 - p) * (f(1) - f(0));
      expect(audit.reference!.kind).toBe('exact');
      expect(audit.reference!.mean['theta']![0]).toBeCloseTo(gradient, 5);
      const variance = p * (f(1) * (1 - p)) ** 2 + (1 - p) * (f(0) * p) ** 2 - gradient ** 2;
      const score = served(audit, 'score');
      expect(score.variance / variance).toBeGreaterThan(sizeFor({cpu: 0.75, wasm: 0.8, webgl: 0.6, webgpu: 0.6}));
      expect(score.variance / variance).toBeLessThan(sizeFor({cpu: 1.25, wasm: 1.2, webgl: 1.4, webgpu: 1.4}));
      expect(score.logVariance).toBeCloseTo(Math.log(score.variance), 9);
      const {mean, standardError, z, shape} = score.variables['theta']!;
      expect(shape).toEqual([]);
      expect(standardError[0]).toBeCloseTo(Math.sqrt(score.variance / samples), 9);
      expect(z).toBeCloseTo(Math.abs(mean[0]! - audit.reference!.mean['theta']![0]!) / standardError[0]!, 6);
      expect([score.name, score.bias, score.source]).toEqual(['scoreFunction', 'unbiased', st.scoreFunction().source]);
      for (const label of ['score', 'loo', 'mu'])
        expect(served(audit, label).z).withContext(label).toBeLessThan(audit.zLimit);
      expect(served(audit, 'wrong').z).toBeGreaterThan(audit.zLimit);
      expect(served(audit, 'loo').variance).toBeLessThan(0.5 * score.variance);
      expect([served(audit, 'exact').variance, served(audit, 'exact').logVariance]).toEqual([0, null]);
      expect(Object.keys(estimators).map(label => served(audit, label).evaluations)).toEqual([1, 4, 2, 2, 1]);
      expect(served(audit, 'mu').runs).toBe(2);
      expect(served(audit, 'loo').runs).toBe(1);
      expect(score.milliseconds).toBeGreaterThan(0);
      expect(JSON.parse(JSON.stringify(audit))).toEqual(audit);
      expect(audit.backend).toBe(tf.getBackend());
    });

    it('else compares with the unbiased estimator of least variance, or with the one that is named', async () => {
      const biased: st.Estimator = {...st.pathwise(), name: 'biased', bias: 'biased'};
      const options = {
        program: continuous,
        variables: [theta],
        estimators: ['scoreFunction', 'pathwise', biased],
        samples,
        key,
      };
      const audit = await st.auditEstimators(options);
      const {kind, label, reason, mean} = audit.reference!;
      expect([kind, label]).toEqual(['estimator', 'pathwise']);
      expect(reason).toMatch(/"enumerate" needs a distribution with a finite support .*, got Normal$/);
      expect(mean[theta.name]).toEqual(served(audit, 'pathwise').variables[theta.name]!.mean);
      expect(served(audit, 'pathwise').z).toBeNull();
      const score = served(audit, 'scoreFunction').variables[theta.name]!;
      const path = served(audit, 'pathwise').variables[theta.name]!;
      expect(score.z).toBeCloseTo(
        Math.abs(score.mean[0]! - path.mean[0]!) / Math.hypot(score.standardError[0]!, path.standardError[0]!),
        6,
      );
      expect(score.z).toBeLessThan(audit.zLimit);
      const other = await st.auditEstimators({...options, reference: 'scoreFunction', samples: 2});
      expect(other.reference!.label).toBe('scoreFunction');
      expect((await st.auditEstimators({...options, estimators: [biased], samples: 2})).reference).toBeNull();
    });

    it('says which estimators cannot serve the program, and why', async () => {
      const broken: st.LossFunction = (node, value) => tf.mul(node.distribution.logProb(value), NaN);
      const audit = await st.auditEstimators({
        program,
        variables: [theta],
        estimators: {pathwise: 'pathwise', broken, ok: 'scoreFunction'},
        samples: 3,
        key,
      });
      const errors = audit.estimators.map(e => e.error);
      expect(errors[0]).toMatch(
        /^DistributionTensor: estimator "pathwise" needs a reparameterised distribution .*, got Bernoulli$/,
      );
      expect(errors[1]).toBe(
        'auditEstimators: every estimate must be finite; that of element 0 of "' +
          theta.name +
          '" was not in estimate 0',
      );
      expect(errors[2]).toBeNull();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'an audit with a warm-up',
  () => {
    const samples = 120;
    beforeEach(setUp);
    afterEach(tearDown);

    it('trains what estimators keep, if asked, and nothing else', async () => {
      const steps = 60;
      const relax = st.relax({units: [6]});
      const average = st.scoreFunction({baseline: st.movingAverage({decay: 0.9})});
      const audited = async (warmup: number): Promise<number[]> => {
        const audit = await st.auditEstimators({
          program,
          variables: {theta},
          estimators: {relax, average, score: 'scoreFunction'},
          samples,
          warmup,
          learningRate: 0.1,
          key,
        });
        expect(audit.warmup).toBe(warmup);
        for (const label of ['relax', 'average'])
          expect(served(audit, label).z).withContext(label).toBeLessThan(audit.zLimit);
        return audit.estimators.map(({label}) => served(audit, label).variance);
      };
      const untrained = await audited(0);
      expect(untrained[1])
        .withContext('a baseline that has seen no cost')
        .toBeGreaterThan(0.5 * untrained[2]!);
      const trained = await audited(steps);
      expect(trained[0]).toBeLessThan(0.6 * untrained[0]!);
      expect(trained[1]).toBeLessThan(0.3 * untrained[1]!);
      const again = await audited(0);
      trained.forEach((v, i) =>
        expect(again[i]! / v)
          .withContext('measuring teaches nothing, and what was learnt is used')
          .toBeCloseTo(1, 5),
      );
      expect((await theta.data())[0]).toBeCloseTo(0.4, 7);
      relax.dispose!();
      average.dispose!();
    });
  },
  {only: ['cpu']},
);

describeBackends(
  'the random numbers of an audit',
  () => {
    beforeEach(setUp);
    afterEach(tearDown);
    const numbers = (audit: st.EstimatorAudit, label: string): unknown => {
      const {runs, evaluations, variables} = served(audit, label);
      return {runs, evaluations, variables};
    };

    it('come from its key, whatever else is audited, and the default stream goes on as if nothing had been', async () => {
      const options = {program, variables: {theta}, samples: 5};
      st.random.setSeed(6);
      const [one, two] = [await st.random.uniform([3]).data(), await st.random.uniform([3]).data()];
      st.random.setSeed(6);
      expect(await st.random.uniform([3]).data()).toEqual(one);
      const audit = await st.auditEstimators({...options, estimators: ['scoreFunction', 'movingAverage'], key});
      expect(await st.random.uniform([3]).data()).toEqual(two);
      const again = await st.auditEstimators({
        ...options,
        estimators: ['movingAverage', 'pathwise', 'scoreFunction'],
        key,
      });
      expect(numbers(again, 'scoreFunction')).toEqual(numbers(audit, 'scoreFunction'));
      expect(numbers(again, 'movingAverage')).toEqual(numbers(audit, 'movingAverage'));
      const other = await st.auditEstimators({...options, estimators: ['scoreFunction'], key: st.random.key(12)});
      expect(served(other, 'scoreFunction').variables).not.toEqual(served(audit, 'scoreFunction').variables);
      before += 4; // the draws above
    });

    it('are also those of the key that the program is given', async () => {
      const keyed: st.AuditProgram = (estimator, k) =>
        tf.square(
          tf.sub(
            new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator, key: st.random.foldIn(k, 1)})
              .value,
            0.3,
          ),
        );
      const options = {program: keyed, variables: {theta}, estimators: ['scoreFunction'], samples: 20, key};
      const audit = await st.auditEstimators(options);
      expect(served(audit, 'scoreFunction').variance).toBeGreaterThan(0.001);
      expect(numbers(await st.auditEstimators(options), 'scoreFunction')).toEqual(numbers(audit, 'scoreFunction'));
    });
  },
  {only: ['cpu', 'wasm']},
);

describeBackends(
  'the exact gradient of an audit',
  () => {
    beforeEach(setUp);
    afterEach(tearDown);
    const bernoulli = (logits: tf.Tensor, estimator: st.Estimator | string, samples: number[] = []): tf.Tensor =>
      new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, valueType: st.sampleValue(samples)}).value;
    const referenceOf = async (p: st.AuditProgram): Promise<st.AuditReference> =>
      (await st.auditEstimators({program: p, variables: {theta}, estimators: ['scoreFunction'], samples: 2, key}))
        .reference!;

    it('goes through all outcomes of a chain, and counts its evaluations', async () => {
      const chain: st.AuditProgram = estimator => {
        const a = bernoulli(theta, estimator);
        const b = bernoulli(tf.sub(tf.mul(a, 1.5), 0.5), estimator);
        return [tf.square(tf.sub(a, 0.2)), tf.mul(b, 2)];
      };
      const audit = await st.auditEstimators({
        program: chain,
        variables: {theta},
        estimators: ['enumerate'],
        samples: 2,
        key,
      });
      const p = sigmoid(0.4);
      expect(audit.reference!.kind).toBe('exact');
      expect(audit.reference!.mean['theta']![0]).toBeCloseTo(
        p * (1 - p) * (0.8 ** 2 - 0.2 ** 2 + 2 * (sigmoid(1) - sigmoid(-0.5))),
        5,
      );
      expect(served(audit, 'enumerate').evaluations).toBe(4);
    });

    it('looks into scalar costs to count evaluations', async () => {
      const scalar: st.AuditProgram = estimator => tf.mean(tf.square(bernoulli(tf.add(theta, [0.1, 0.2]), estimator)));
      const audit = await st.auditEstimators({
        program: scalar,
        variables: {theta},
        estimators: ['scoreFunction', 'leaveOneOut'],
        samples: 2,
        key,
      });
      expect(audit.estimators.map(({label}) => served(audit, label).evaluations)).toEqual([1, 4]);
    });

    /** How many of `n` Bernoullis are 1. */
    const many = (n: number, estimator: st.Estimator): tf.Tensor =>
      tf.sum(
        new st.DistributionTensor(st.independent(new st.Bernoulli({logits: tf.add(theta, tf.zeros([n]))})), {estimator})
          .value,
        -1,
      );
    const inexact: Array<[title: string, RegExp, st.AuditProgram]> = [
      [
        'another estimator at a node',
        /^auditEstimators: node "Bernoulli" has an estimator of its own, "scoreFunction"$/,
        estimator => tf.mul(bernoulli(theta, estimator), tf.add(bernoulli(tf.mul(theta, 2), 'scoreFunction'), 1)),
      ],
      [
        'other randomness',
        /^auditEstimators: the program has randomness beside its enumerated nodes$/,
        estimator => tf.mul(bernoulli(theta, estimator), st.random.normal([])),
      ],
      [
        'several samples at once',
        /^auditEstimators: a node takes several samples/,
        estimator => bernoulli(theta, estimator, [3]),
      ],
      [
        'too many outcomes',
        /^auditEstimators: at most 65536 outcomes are enumerated, and the program has more$/,
        estimator => tf.add(many(9, estimator), many(8, estimator)),
      ],
      ['too many outcomes of one node', /^enumerate: may list at most 65536 values/, estimator => many(17, estimator)],
    ];
    for (const [title, reason, p] of inexact) {
      it(`is not taken where there is: ${title}`, async () => {
        const reference = await referenceOf(p);
        expect(reference.kind).toBe('estimator');
        expect(reference.reason).toMatch(reason);
        st.disposeSharedEstimators();
      });
    }
  },
  {only: ['cpu']},
);

describeBackends(
  'an audit refuses',
  () => {
    beforeEach(setUp);
    afterEach(tearDown);
    const good = {program, variables: [] as tf.Variable[], estimators: ['scoreFunction'], samples: 2, key};
    it('variables that it cannot estimate a gradient for', async () => {
      const unused = tf.tidy(() => tf.variable(tf.scalar(1)));
      await expectAsync(st.auditEstimators({...good, variables: {theta, unused}})).toBeRejectedWithError(
        'auditEstimators: variables: the costs must depend on each of them, got "unused"',
      );
      await expectAsync(st.auditEstimators({...good, variables: [unused]})).toBeRejectedWithError(
        /^variableGrads: the costs must depend on at least one of the variables/,
      );
      unused.dispose();
    });

    it('a program that fails by itself', async () => {
      const failing = (): tf.Tensor => {
        throw new Error('no data');
      };
      await expectAsync(st.auditEstimators({...good, variables: [theta], program: failing})).toBeRejectedWithError(
        'no data',
      );
      await expectAsync(
        st.auditEstimators({...good, variables: [theta], program: stolen(() => 3)}),
      ).toBeRejectedWithError(/^variableGrads: cost 0 must be a tensor; .*, got 3/);
    });
  },
  {only: ['cpu']},
);
