/** `npm run audit`: what the estimators of the library do on small programs. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {useCpu, useWasm} from './backend.js';
import {parseOptions} from './audit/options.js';
import {problems, type AuditProblem} from './audit/problems.js';

const {problem, json = false, backend, seed, ...options} = parseOptions(process.argv.slice(2), Object.keys(problems), st.estimators.names());
await (backend === 'wasm' ? useWasm() : useCpu());

for (const [name, {title, about, parameters, costs}] of Object.entries(problems)) {
  if (problem !== undefined && problem !== name) continue;
  const variables = variablesOf(parameters);
  const program = (estimator: st.Estimator): ReturnType<AuditProblem['costs']> => costs(variables, estimator);
  const audit = await st.auditEstimators({program, variables, ...options, key: st.random.key(seed)});
  tf.dispose(variables);
  console.log(json ? JSON.stringify({problem: name, ...audit}) : `${name}: ${title}\n${about}\n${st.formatAudit(audit)}\n`);
}

function variablesOf(parameters: AuditProblem['parameters']): Record<string, tf.Variable> {
  return tf.tidy(() => Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, tf.variable(tf.tensor(values))])));
}
