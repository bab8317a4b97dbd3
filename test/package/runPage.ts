/** A page in headless Chromium, for what karma's own page cannot show: script tags and a content security policy. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {findChromium} from '../../scripts/ensure.mjs';

export interface PageOptions {
  /** The content security policy of the page. */
  readonly policy?: string;
  /** Of Chromium, beside those that it always gets. */
  readonly flags?: readonly string[];
  /** How long the page may take; default 90. */
  readonly seconds?: number;
  /** Scripts by URL that are served and not loaded. */
  readonly beside?: Record<string, string>;
}

/**
 * Serves `scripts` (text by URL) on a page that loads them in order, evaluates `expression` after them and gives the
 * awaited value, as JSON carries it. Rejects with the page's error.
 */
export async function runPage(
  scripts: Record<string, string>,
  expression: string,
  {policy, flags = ['--disable-gpu'], seconds = 90, beside = {}}: PageOptions = {},
): Promise<unknown> {
  // The first script notes what goes wrong while the others load.
  const first = `window.failures = []; addEventListener('error', event => failures.push(event.message));`;
  const main = `(async () => {
      if (failures.length > 0) throw new Error(failures.join('; '));
      return {value: await (${expression})};
    })()
    .catch(error => ({error: String(error && error.stack || error)}))
    .then(result => fetch('/result', {method: 'POST', body: JSON.stringify(result)}));`;
  const served: Record<string, string> = {'/first.js': first, ...scripts, '/main.js': main};
  const html = `<!doctype html><meta charset="utf-8"><title>test</title>
    ${Object.keys(served)
      .map(url => `<script src="${url}"></script>`)
      .join('\n')}`;

  const {promise: result, resolve, reject} = deferred<{value?: unknown; error?: string}>();
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (request.method === 'POST') {
      let body = '';
      request
        .on('data', chunk => (body += String(chunk)))
        .on('end', () => {
          response.end();
          resolve(JSON.parse(body) as {value?: unknown; error?: string}); // what main.js sends
        });
      return;
    }
    const text = url === '/' ? html : (served[url] ?? beside[url]);
    response
      .writeHead(text === undefined ? 404 : 200, {
        'Content-Type': url === '/' ? 'text/html' : 'text/javascript',
        ...(policy === undefined ? {} : {'Content-Security-Policy': policy}),
      })
      .end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const binary = findChromium();
  if (binary === null) throw new Error('no Chromium found');
  const profile = await mkdtemp(join(tmpdir(), 'tfjs-stochastic-page-'));
  const all = [
    ...flags,
    '--headless',
    '--no-sandbox',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
    '--disable-component-update',
    `--user-data-dir=${profile}`,
  ];
  const address = server.address() as AddressInfo; // listening on a port, not on a pipe
  const browser = spawn(binary, [...all, `http://127.0.0.1:${address.port}/`], {stdio: 'ignore'});
  const gone = once(browser, 'exit');
  void gone.then(() => reject(new Error('Chromium ended before the page had a result')));
  const timer = setTimeout(() => reject(new Error(`the page gave no result within ${seconds} s`)), 1000 * seconds);
  try {
    const {value, error} = await result;
    if (error !== undefined) throw new Error(`on the page: ${error}`);
    return value;
  } finally {
    clearTimeout(timer);
    browser.kill();
    await gone;
    server.closeAllConnections();
    server.close();
    await rm(profile, {recursive: true, force: true, maxRetries: 5});
  }
}

function deferred<T>(): {promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void} {
  let resolve!: (value: T) => void; // set by the next statement
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((ok, no) => ([resolve, reject] = [ok, no]));
  return {promise, resolve, reject};
}
