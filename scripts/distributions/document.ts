/** `npm run docs`: writes docs/distributions.md and its pictures. */
import {mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import '../../test/helpers/setup-node.js';
import {documents} from './table.js';

const docs = new URL('../../docs/', import.meta.url);
const files = documents();
mkdirSync(new URL('distributions/', docs), {recursive: true});
for (const old of readdirSync(new URL('distributions/', docs))) {
  if (!(`distributions/${old}` in files)) rmSync(new URL(`distributions/${old}`, docs));
}
for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, docs), text);
console.log(`docs/distributions.md and ${Object.keys(files).length - 1} pictures written`);
