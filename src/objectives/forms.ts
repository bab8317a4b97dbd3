/** How an evidence lower bound is put together. */
import {check, failUnknown} from '../util/errors.js';

/**
 * `analyticKl` takes the divergence between a latent's distribution and its prior in closed form, `analyticEntropy` the
 * entropy in closed form and ln p(z) at the draw, `sample` both at the draw. `default` takes for each latent the first
 * of the three that there is.
 */
export const ELBOForms = {
  /** For each latent the first of the other three that there is. */
  default: 'default',
  /** KL(q ‖ p) in closed form. */
  analyticKl: 'analyticKl',
  /** H[q] in closed form, ln p(z) at the draw. */
  analyticEntropy: 'analyticEntropy',
  /** ln p(z) − ln q(z) at the draw. */
  sample: 'sample',
} as const;

/** The value of one of `ELBOForms`. */
export type ELBOForm = (typeof ELBOForms)[keyof typeof ELBOForms];

/**
 * The form, `default` where none is given; throws in the name of `who` for any other thing, or for one in `refused`.
 */
export function readForm(
  who: string,
  form: unknown,
  refused?: {readonly form: ELBOForm; readonly because: string},
): ELBOForm {
  const known = Object.values<ELBOForm>(ELBOForms);
  const found = form === undefined ? ELBOForms.default : known.find(f => f === form);
  if (found === undefined) failUnknown(who, 'form', form, known);
  check(found !== refused?.form, who, `form ${JSON.stringify(found)} ${refused?.because ?? ''}`);
  return found;
}
