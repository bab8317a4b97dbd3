/**
 * The standard Cauchy distribution in double precision; nothing is squared that may overflow, and both tails keep their
 * digits.
 */

/** −ln π − ln(1 + z²). */
export function cauchyLogDensity(z: number): number {
  const a = Math.abs(z);
  const growth = a > 1 ? 2 * Math.log(a) + Math.log1p(1 / a ** 2) : Math.log1p(a * a);
  return -Math.log(Math.PI) - growth;
}

/** Its derivative, −2z / (1 + z²). */
export function cauchyLogSlope(z: number): number {
  if (Math.abs(z) > 1) return -2 / (z + 1 / z);
  return (-2 * z) / (1 + z * z);
}

/** 1/2 + atan(z)/π. */
export function cauchyCdf(z: number): number {
  return Math.atan2(1, -z) / Math.PI;
}

/** tan(π(p − 1/2)); NaN outside [0, 1]. */
export function cauchyQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p < 0.25) return -1 / Math.tan(Math.PI * p);
  return p > 0.75 ? 1 / Math.tan(Math.PI * (1 - p)) : Math.tan(Math.PI * (p - 0.5));
}

/** The part of the absolute values below z >= 0: (2/π) atan(z). */
export function halfCauchyCdf(z: number): number {
  return (2 / Math.PI) * Math.atan(z);
}

/** tan(πp/2); NaN outside [0, 1]. */
export function halfCauchyQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  return p > 0.5 ? 1 / Math.tan((Math.PI / 2) * (1 - p)) : Math.tan((Math.PI / 2) * p);
}
