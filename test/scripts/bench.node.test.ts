import {execFile} from 'node:child_process';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {against, withRatios} from '../../bench/report.js';
import {families} from '../../bench/families.js';
import type {NotMeasured} from '../../bench/families.js';
import {interleaved, median} from '../../bench/measure.js';
import type {FamilyName} from '../../scripts/distributions/examples.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the command as `npm run bench` does, without what that installs. */
function bench(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise(resolve => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'bench/index.ts', ...args],
      {cwd: root, env: {...process.env, ...env}},
      (error, out, err) => resolve({code: error === null ? 0 : Number(error.code), out, err}),
    );
  });
}

const linesOf = ({out}: Ended): Array<Record<string, unknown>> =>
  out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);

const noPython = {BENCH_PYTHON: join(root, 'no-such-python')};

describe('npm run bench', () => {
  let original: number;
  beforeAll(() => {
    original = jasmine.DEFAULT_TIMEOUT_INTERVAL;
    jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;
  });
  afterAll(() => {
    jasmine.DEFAULT_TIMEOUT_INTERVAL = original;
  });

  it('refuses what it does not know', async () => {
    const [name, file, place] = await Promise.all([
      bench(['stepp']),
      bench(['step', '--against', 'nothing.json']),
      bench(['imports', '--backend', 'webgl']),
    ]);
    expect(name.code).toBe(2);
    expect(name.err).toContain('unknown benchmark "stepp"; known: step, samplers, logProb, functions,');
    expect(file.code).toBe(2);
    expect(file.err).toContain('--against must name a file or one of');
    expect(place.err).toContain('imports runs in Node alone');
  });

  it('prints a line of JSON for each step, with those who are there and with ratios', async () => {
    const lines = linesOf(await bench(['step', '--quick', '--json'], noPython));
    expect(lines.map(({name}) => name)).toEqual(
      ['scoreFunction', 'nvil', 'leaveOneOut', 'disarm', 'relax', 'pathwise'].map(name => `step ${name}`),
    );
    for (const line of lines) {
      expect(Object.keys(line).sort()).toEqual(
        ['name', 'backend', 'size', 'ours', 'byHand', 'plain', 'toByHand', 'toPlain'].sort(),
      );
      for (const column of ['ours', 'byHand', 'plain', 'toPlain']) expect(line[column]).toBeGreaterThan(0);
    }
  });

  it('asks peers line by line, leaves out what they lack, and compares with an earlier run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tfjs-stochastic-bench-'));
    try {
      const [peer, earlier] = [join(folder, 'peer'), join(folder, 'earlier.json')];
      await writeFile(
        peer,
        `#!${process.execPath}
        console.log('ready but slow');
        require('readline').createInterface({input: process.stdin})
          .on('line', line => console.log(line.includes('logDet') ? 'none' : 1.5));`,
        {mode: 0o755},
      );
      const before = {name: 'function lgamma', backend: 'wasm', size: 100, ours: 1e-6};
      await writeFile(earlier, `a comment\n${JSON.stringify(before)}\n`);
      const ended = await bench(['functions', '--quick', '--json', '--against', earlier], {BENCH_PYTHON: peer});
      expect(ended.err).toContain(`${peer}: but slow`);
      const lines = linesOf(ended);
      expect(lines.length).toBeGreaterThan(30);
      for (const line of lines) {
        expect(line['torch']).toBe(line['name'] === 'function logDet' ? undefined : 1.5);
        expect(line['earlier']).toBe(line['name'] === before.name ? before.ours : undefined);
        const {ours, toEarlier} = line as Record<string, number>;
        if ('earlier' in line) expect(toEarlier! / (ours! / before.ours)).toBeCloseTo(1, 2);
      }
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  });
});

describe('what benchmarks say', () => {
  const line = {name: 'step nvil', backend: 'wasm', size: 24, ours: 2, torch: 4};

  it('is how ours compares with those who were measured', () => {
    expect(withRatios(line)).toEqual({...line, toTorch: 0.5});
    expect(withRatios({...line, plain: 3})['toPlain']).toBe(0.6667);
  });

  it('is compared with a line of the same name, backend and size alone', () => {
    const earlier = {...line, ours: 8};
    expect(against(line, [{...earlier, size: 100}, earlier])).toEqual({...line, earlier: 8, toEarlier: 0.25});
    expect(against(line, [{...earlier, backend: 'cpu'}])).toEqual(line);
  });

  it('is a median of rounds in turn, the first left out, without those who cannot', async () => {
    const order: string[] = [];
    const contender = (name: string, ...times: number[]) => {
      return (repeats: number) => {
        order.push(`${name}${repeats}`);
        return Promise.resolve(times.shift() ?? null);
      };
    };
    const measured = await interleaved(
      {a: contender('a', 100, 3, 1, 2), b: contender('b'), c: null, d: contender('d', 0, 5, 7, 6)},
      {rounds: 3, repeats: 4},
    );
    expect(measured).toEqual({a: 2, d: 6});
    expect(order).toEqual(['a3', 'b3', 'd3', 'a4', 'd4', 'a4', 'd4', 'a4', 'd4']);
    expect(median([3, 1, 2])).toBe(2);
  });

  it('is of every family, but of those that are said to be left out', () => {
    // a family that is in neither list, or in both, does not compile
    const all: Record<Exclude<FamilyName, NotMeasured>, unknown> & Partial<Record<NotMeasured, never>> = families;
    expect(Object.keys(all).length).toBeGreaterThan(30);
  });
});

describe('peers in Python', () => {
  it('have the families and functions under our names', async () => {
    const text = await readFile(join(root, 'bench/peers/elementwise.py'), 'utf8');
    const table = text.slice(text.indexOf('FAMILIES = dict('), text.indexOf('DISCRETE ='));
    const names = [...table.matchAll(/^ {4}(\w+)=/gm)].map(match => match[1]!);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(name => !(name in families))).toEqual([]);
  });
});
