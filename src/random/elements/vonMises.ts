/**
 * Von Mises draws by Best and Fisher, "Efficient simulation of the von Mises distribution" (1979), from a wrapped
 * Cauchy, in a form that is stable for every concentration κ >= 0. With R = √(1 + 4κ²) their s is (1 + R)/(2κ), s − 1 =
 * (1 + 1/(R + 2κ))/(2κ), and the proposal is θ = 2 arctan t with t = β·tan of a uniform angle, β² = (s − 1)/(s + 1) =
 * (1 + 1/(R + 2κ))/(1 + R + 2κ). It is accepted if ln u <= ln c + 1 − c, c = κ(s − cos θ) = κ(s − 1) + 2κ·t²/(1 + t²):
 * 1 − cos θ is never formed, nor the angle through its cosine.
 */
import {LARGEST_CONCENTRATION, openUniform, PI_BELOW, ROUNDS} from './noise.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';
import {vonMisesSamplerShader} from './vonMisesShader.js';
import type {ElementStream} from '../../keys/elementStream.js';

function standard(stream: ElementStream, concentration: number): number {
  const k = 2 * Math.min(concentration, LARGEST_CONCENTRATION);
  const root = Math.sqrt(1 + k * k);
  const lift = 1 + 1 / (root + k);
  const beta = Math.sqrt(lift / (1 + root + k));
  for (let i = 0; i < ROUNDS; i++) {
    const t = beta * Math.tan(Math.PI * (openUniform(stream) - 0.5));
    const c = lift / 2 + (k * t * t) / (1 + t * t);
    if (Math.log(openUniform(stream)) <= Math.log(c) + 1 - c) return 2 * Math.atan(t);
  }
  return NaN;
}

/** loc + θ, moved by full turns into [−π, π]. */
export const vonMisesSampler: SamplerKernel = {
  kernelName: 'StSampleVonMises',
  inputs: ['loc', 'concentration'],
  shader: vonMisesSamplerShader,
  draw: (stream, loc, concentration) => {
    const angle = loc + standard(stream, concentration);
    const turned = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
    return Math.min(Math.max(turned, -PI_BELOW), PI_BELOW);
  },
};
