/** One run of the browser suite in a headless Chromium; `npm run test:browser` bundles the specs and starts it. */
import {createRequire} from 'node:module';
import {dirname} from 'node:path';
import {findChromium} from './scripts/ensure.mjs';

const require = createRequire(import.meta.url);
const wasmFolder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));

const flags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// Threads of wasm need cross-origin isolation.
const headers = {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'};

export default function configure(config) {
  const chromium = findChromium();
  if (chromium !== null) process.env.CHROME_BIN = chromium;
  config.set({
    plugins: [require('karma-jasmine'), require('karma-chrome-launcher')],
    frameworks: ['jasmine'],
    files: [
      {pattern: process.env.SPEC_BUNDLE, watched: false},
      {pattern: `${wasmFolder}/*.wasm`, included: false, watched: false},
    ],
    proxies: {'/wasm/': `/absolute${wasmFolder}/`},
    browsers: ['Chromium'],
    customLaunchers: {Chromium: {base: 'ChromeHeadless', flags}},
    customHeaders: Object.entries(headers).map(([name, value]) => ({match: '.*', name, value})),
    client: {
      runInParent: true, // no frame: the page itself is cross-origin isolated
      useIframe: false,
      jasmine: {random: false, timeoutInterval: 120_000},
    },
    reporters: ['dots'],
    colors: process.stdout.isTTY === true,
    singleRun: true,
    autoWatch: false,
    // One spec on a software GPU can keep the page busy for long.
    browserNoActivityTimeout: 300_000,
    browserDisconnectTimeout: 30_000,
    pingTimeout: 300_000,
    captureTimeout: 120_000,
  });
}
