/** The table of an audit. */
import * as st from 'tfjs-stochastic';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass

function row(
  label: string,
  change: Partial<st.AuditedEstimator> = {},
  variable: Partial<st.VariableAudit> = {},
): st.AuditedEstimator {
  const theta: st.VariableAudit = {
    shape: [],
    mean: [0.123456],
    standardError: [0.000789],
    z: 1.26,
    variance: 0.0003,
    logVariance: -8.1117,
    ...variable,
  };
  return {
    label,
    name: label,
    bias: 'unbiased',
    source: 'a paper',
    error: null,
    variables: {theta},
    z: theta.z,
    variance: theta.variance,
    logVariance: theta.logVariance,
    runs: 1,
    evaluations: 1,
    milliseconds: 1.234,
    ...change,
  };
}

const audit: st.EstimatorAudit = {
  backend: 'cpu',
  samples: 500,
  warmup: 0,
  zLimit: 4.417,
  reference: {kind: 'exact', label: 'enumerate', reason: null, mean: {theta: [0.1]}, standardError: {theta: [0]}},
  estimators: [
    row('one'),
    row('another', {evaluations: 2.5, bias: 'biased'}, {z: 12.34}),
    row('exact', {}, {mean: [2e-5], standardError: [0], logVariance: null, variance: 0}),
    {label: 'x', error: 'DistributionTensor: estimator "pathwise" needs more, got less'},
    {label: 'lax', error: 'DistributionTensor: estimator "lax" needs more, got less'},
    {label: 'rest', error: 'cannot'},
  ],
};

describe('formatAudit', () => {
  it('aligns a line for each estimator, marks what is past the limit, and groups the reasons of the others', () => {
    expect(st.formatAudit(audit)).toBe(
      [
        '500 estimates each, on cpu. z: the mean against the exact gradient, in standard errors.',
        'Unbiased estimates stay below 4.4 but for once in 100,000 audits.',
        '',
        'estimator  says          mean ± error       z  ln variance  evaluations    ms',
        '---------  --------  ----------------  ------  -----------  -----------  ----',
        'one        unbiased  0.1235 ± 0.00079     1.3        -8.11            1  1.23',
        'another    biased    0.1235 ± 0.00079  ! 12.3        -8.11          2.5  1.23',
        'exact      unbiased      2.000e-5 ± 0     1.3            -            1  1.23',
        '',
        'Cannot serve this program:',
        '  x, lax: needs more, got less',
        '  rest: cannot',
      ].join('\n'),
    );
  });

  it('has a column for each of several variables', () => {
    const {theta} = row('one').variables;
    const two = {...audit, estimators: [row('one', {variables: {a: theta!, b: {...theta!, logVariance: -1}}})]};
    expect(st.formatAudit(two).split('\n').slice(3)).toEqual([
      'estimator  says        z  ln variance   of a   of b  evaluations    ms',
      '---------  --------  ---  -----------  -----  -----  -----------  ----',
      'one        unbiased  1.3        -8.11  -8.11  -1.00            1  1.23',
    ]);
  });

  it('says what it compares with', () => {
    const reference: st.AuditReference = {...audit.reference!, kind: 'estimator', label: 'one', reason: 'too large'};
    const estimators = [row('one', {}, {z: null})];
    const lines = st.formatAudit({...audit, warmup: 30, reference, estimators}).split('\n');
    expect(lines[0]).toBe(
      '500 estimates each after 30 steps of training, on cpu. z: the mean against that of one, in standard errors of both.',
    );
    expect(lines[2]).toBe('Not enumerated: too large');
    expect(lines[6]).toMatch(/ - +-8\.11 /);
    expect(st.formatAudit({...audit, reference: null, estimators: []})).toBe(
      '500 estimates each, on cpu. There is nothing to compare with: no unbiased estimator serves the program.',
    );
  });

  it('refuses what is no audit', () => {
    expect(() => st.formatAudit(stolen(null))).toThrowError('formatAudit: needs what auditEstimators gave, got null');
    expect(() => st.formatAudit(stolen({}))).toThrowError(/^formatAudit: needs what auditEstimators gave/);
  });
});
