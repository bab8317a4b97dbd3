/** `npm run example -- NAME [options]`: one system of a paper. */
import {runExample} from '../frame/run.js';
import {runJob} from '../job/job.js';

const [name, ...args] = process.argv.slice(2);

await runJob(async () => (await runExample(name, args)).code);
