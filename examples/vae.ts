/** `npm start`: a discrete variational autoencoder, trained with several gradient estimators side by side. */
import {useWasm} from './backend.js';
import {compare} from './vae/compare.js';
import {estimatorNames} from './vae/estimators.js';
import {parseOptions} from './vae/options.js';

try {
  await useWasm();
  const options = parseOptions(process.argv.slice(2), estimatorNames());
  if (options !== null) process.exitCode = await compare(options);
} catch (error) {
  const expected = error instanceof Error && error.name === 'StochasticError';
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}
