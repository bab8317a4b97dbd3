/** `npm start`: a discrete variational autoencoder, trained with several gradient estimators side by side. */
import {useWasm} from '../job/backend.js';
import {runJob} from '../job/job.js';
import {compare} from '../start/compare.js';
import {estimatorNames} from '../start/estimators.js';
import {parseOptions} from '../start/options.js';

await runJob(async () => {
  await useWasm();
  const options = parseOptions(process.argv.slice(2), estimatorNames());
  return options === null ? 0 : compare(options);
});
