import {defaultEstimators, parseOptions} from '../../examples/start/options.js';

describe('the options of npm start', () => {
  const known = ['scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'relax'];
  const parse = (...args: string[]) => parseOptions(args, known);

  it('have defaults', () => {
    const options = parse()!;
    expect(options.estimators).toEqual(defaultEstimators);
    expect(options.batch).toBe(24);
    expect(options.out).toBe('out');
    expect(options.data).toBeUndefined();
    expect(options.steps).toBeGreaterThan(0);
  });

  it('are read in both spellings', () => {
    const expected = {data: 'd', estimators: ['nvil', 'relax'], steps: 7, batch: 3, layers: 2, seed: 0, out: 'o'};
    expect(
      parse(
        '--data',
        'd',
        '--estimators',
        'nvil,relax',
        '--steps',
        '7',
        '--batch',
        '3',
        '--layers',
        '2',
        '--seed',
        '0',
        '--out',
        'o',
      ),
    ).toEqual(expected);
    expect(
      parse('--data=d', '--estimators=nvil, relax', '--steps=7', '--batch=3', '--layers=2', '--seed=0', '--out=o'),
    ).toEqual(expected);
  });

  for (const [args, message] of [
    [['--stps', '3'], 'npm start: unknown option "--stps"; did you mean "--steps"?'],
    [['--stps=3'], 'npm start: unknown option "--stps"; did you mean "--steps"?'],
    [
      ['--zzzzzzzz'],
      'npm start: unknown option "--zzzzzzzz"; known: --data, --estimators, --steps, --batch, --layers, --seed, --out',
    ],
    [['--estimators', 'relx'], '--estimators: unknown estimator "relx"; did you mean "relax"?'],
    [['--estimators', ' , '], '--estimators: must name at least one estimator, got " , "'],
    [['--estimators', 'nvil,relax,nvil'], '--estimators: each name must occur once, got "nvil"'],
    [['--steps', '0'], '--steps: must be a positive integer, got "0"'],
    [['--steps', '-5'], '--steps: must be a positive integer, got "-5"'],
    [['--steps', '1.5'], '--steps: must be a positive integer, got "1.5"'],
    [['--batch', 'many'], '--batch: must be a positive integer, got "many"'],
    [['--layers', '0'], '--layers: must be a positive integer, got "0"'],
    [['--seed', '-1'], '--seed: must be an integer >= 0, got "-1"'],
  ] as const) {
    it(`reject ${args.join(' ')}`, () => expect(() => parse(...args)).toThrowError(message));
  }

  it('reject a missing value and a stray word', () => {
    expect(() => parse('--steps')).toThrowError(/^npm start: option '--steps <n>' argument missing/);
    expect(() => parse('fast')).toThrowError(/^npm start: too many arguments/);
  });

  it('give help that names each of them', () => {
    const write = spyOn(process.stdout, 'write').and.returnValue(true);
    expect(parse('--help')).toBeNull();
    const text = write.calls
      .allArgs()
      .map(([chunk]) => String(chunk))
      .join('');
    for (const word of ['--data', '--estimators', '--steps', '--batch', '--seed', '--out', ...known])
      expect(text).toContain(word);
  });
});
