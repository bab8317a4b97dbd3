import {check, fail} from '../util/errors.js';
import {isListOf} from '../util/tensors.js';
import type {AuditedEstimator, EstimatorAudit, RefusedEstimator, VariableAudit} from './auditResult.js';

interface Column {
  readonly title: string;
  readonly cell: (row: AuditedEstimator) => string;
  /** Default right. */
  readonly left?: boolean;
}

/**
 * An audit as a table in plain text: for each estimator what it says of itself, the worst z-score (marked `!` beyond
 * the limit), the natural logarithm of the variance of one estimate (the mean over the components, in all and for each
 * variable), cost evaluations, and milliseconds.
 */
export function formatAudit(audit: EstimatorAudit): string {
  const rule = 'needs what auditEstimators gave';
  check(isAudit(audit), 'formatAudit', rule, audit);
  try {
    return format(audit);
  } catch {
    return fail('formatAudit', rule, audit);
  }
}

/** Whether what is printed are numbers and words: what is huge and hostile would take long to print. */
function isAudit(x: unknown): x is EstimatorAudit {
  const audit = x as Partial<Record<keyof EstimatorAudit, unknown>> | null | undefined;
  return (
    [audit?.samples, audit?.warmup, audit?.zLimit].every(n => typeof n === 'number') &&
    typeof audit?.backend === 'string' &&
    isListOf(audit.estimators, isRow)
  );
}

function isRow(x: unknown): x is AuditedEstimator | RefusedEstimator {
  const row = x as Partial<Record<keyof AuditedEstimator, unknown>> | null | undefined;
  if (typeof row?.label !== 'string') return false;
  if (typeof row.error === 'string') return true;
  const {variables} = row;
  return (
    typeof row.bias === 'string' &&
    [row.evaluations, row.milliseconds].every(n => typeof n === 'number') &&
    [row.z, row.logVariance].every(isNumberOrNull) &&
    typeof variables === 'object' &&
    variables !== null &&
    Object.values(variables as AuditedEstimator['variables']).every(
      (v: VariableAudit | null) =>
        isListOf(v?.mean, isNumber) && isListOf(v.standardError, isNumber) && isNumberOrNull(v.logVariance),
    )
  );
}

const isNumber = (x: unknown): x is number => typeof x === 'number';
const isNumberOrNull = (x: unknown): x is number | null => x === null || isNumber(x);

function format(audit: EstimatorAudit): string {
  const served = audit.estimators.flatMap(row => (row.error === null ? [row] : []));
  const refused = audit.estimators.flatMap(row => (row.error === null ? [] : [row]));
  return [
    ...heading(audit),
    ...(served.length === 0 ? [] : ['', ...table(columns(audit, served), served)]),
    ...(refused.length === 0 ? [] : ['', 'Cannot serve this program:', ...reasons(refused)]),
  ].join('\n');
}

function heading({samples, warmup, reference, zLimit, backend}: EstimatorAudit): string[] {
  const compared =
    reference === null
      ? 'There is nothing to compare with: no unbiased estimator serves the program.'
      : reference.kind === 'exact'
        ? 'z: the mean against the exact gradient, in standard errors.'
        : `z: the mean against that of ${reference.label}, in standard errors of both.`;
  return [
    `${samples} estimates each${warmup > 0 ? ` after ${warmup} steps of training` : ''}, on ${backend}. ${compared}`,
    ...(reference === null
      ? []
      : [`Unbiased estimates stay below ${zLimit.toFixed(1)} but for once in 100,000 audits.`]),
    ...(reference?.kind === 'estimator' && reference.reason !== null ? [`Not enumerated: ${reference.reason}`] : []),
  ];
}

function columns({zLimit}: EstimatorAudit, served: readonly AuditedEstimator[]): Column[] {
  const names = Object.keys(served[0]!.variables); // there is at least one
  const single =
    served.every(({variables}) => Object.values(variables).every(({mean}) => mean.length === 1)) && names.length === 1;
  const number = (x: number | null, digits: number): string => (x === null ? '-' : x.toFixed(digits));
  const first = (row: AuditedEstimator) => Object.values(row.variables)[0]!;
  return [
    {title: 'estimator', cell: row => row.label, left: true},
    {title: 'says', cell: row => row.bias, left: true},
    ...(single
      ? [
          {
            title: 'mean ± error',
            cell: (row: AuditedEstimator) =>
              `${significant(first(row).mean[0]!)} ± ${significant(first(row).standardError[0]!, 2)}`,
          },
        ]
      : []),
    {title: 'z', cell: row => (row.z === null ? '-' : `${row.z > zLimit ? '! ' : ''}${row.z.toFixed(1)}`)},
    {title: 'ln variance', cell: row => number(row.logVariance, 2)},
    ...(names.length === 1
      ? []
      : names.map(name => ({
          title: `of ${name}`,
          cell: (row: AuditedEstimator) => number(row.variables[name]!.logVariance, 2),
        }))),
    {title: 'evaluations', cell: row => String(Number(row.evaluations.toFixed(2)))},
    {title: 'ms', cell: row => row.milliseconds.toFixed(2)},
  ];
}

/** A line for each reason, with all that have it. */
function reasons(refused: readonly RefusedEstimator[]): string[] {
  const labels = new Map<string, string[]>();
  for (const {label, error} of refused) {
    const reason = error.replace(/^DistributionTensor: estimator "[^"]*" /, ''); // the label says it
    labels.set(reason, [...(labels.get(reason) ?? []), label]);
  }
  return [...labels].map(([reason, list]) => `  ${list.join(', ')}: ${reason}`);
}

/** A number with `digits` significant digits. */
function significant(x: number, digits = 4): string {
  return x === 0
    ? '0'
    : Math.abs(x) < 1e-4 || Math.abs(x) >= 1e6
      ? x.toExponential(digits - 1)
      : String(Number(x.toPrecision(digits)));
}

function table(columns: readonly Column[], rows: readonly AuditedEstimator[]): string[] {
  const cells = [columns.map(c => c.title), ...rows.map(row => columns.map(c => c.cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map(line => line[i]!.length)));
  const lines = cells.map(line =>
    line
      .map((text, i) => (columns[i]!.left ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0]!, widths.map(w => '-'.repeat(w)).join('  '), ...lines.slice(1)];
}
