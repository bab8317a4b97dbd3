/** `npm run audit`: what the estimators of the library do on small programs. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {useCpu, useWasm} from '../job/backend.js';
import {parseOptions} from '../audit/options.js';
import {auditDigits} from '../audit/digits.js';
import {problems, type AuditProblem} from '../audit/problems.js';
import {loadDataset} from '../data/dataset.js';
import {yieldToEvents} from '../job/interrupt.js';
import {runJob} from '../job/job.js';
import {outputLost, say} from '../job/output.js';

const {
  problem,
  json = false,
  backend,
  seed,
  data,
  pretrain,
  ...options
} = parseOptions(process.argv.slice(2), [...Object.keys(problems), 'digits'], st.estimators.names());

const print = (name: string, title: string, about: string, audit: st.EstimatorAudit): void =>
  say(
    json
      ? `${JSON.stringify({problem: name, ...audit})}\n`
      : `${name}: ${title}\n${about}\n${st.formatAudit(audit)}\n\n`,
  );

// What is measured is printed problem by problem; a signal ends the rest at once.
await runJob(async () => {
  await (backend === 'wasm' ? useWasm() : useCpu());
  if (problem === 'digits') {
    const dataset = loadDataset({data, seed});
    const audit = await auditDigits({dataset, seed, pretrain, ...options});
    print(
      'digits',
      `The autoencoder of npm start, 784-200-784, on ${dataset.name}`,
      `−ELBO of a minibatch of 24 after ${pretrain} steps of training; the gradient of the encoder's bias`,
      audit,
    );
  }
  for (const [name, {title, about, parameters, costs}] of Object.entries(problems)) {
    if (problem !== undefined && problem !== name) continue;
    const variables = variablesOf(parameters);
    const program = (estimator: st.Estimator): ReturnType<AuditProblem['costs']> => costs(variables, estimator);
    const audit = await st.auditEstimators({program, variables, ...options, key: st.random.key(seed)});
    tf.dispose(variables);
    print(name, title, about, audit);
    await yieldToEvents();
    if (outputLost() !== null) return 1;
  }
  return 0;
});

function variablesOf(parameters: AuditProblem['parameters']): Record<string, tf.Variable> {
  return tf.tidy(() =>
    Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, tf.variable(tf.tensor(values))])),
  );
}
