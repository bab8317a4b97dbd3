/** Control: environments, the tasks of the literature, and what lies between them and a policy. */
export {Environment, type Actions, type EnvironmentStep, type ResetOptions, type StepBuffers} from './environment.js';
export {EpisodeDraws} from './episodeDraws.js';
export {simulate, type ControlTask, type SimulateOptions, type Simulator} from './simulation.js';
export {BoxSpace, DiscreteSpace, type ActionSpace, type SpaceSampleOptions} from './space.js';
export {acrobot} from './tasks/acrobot.js';
export {cartPoleBalancing, invertedPendulum} from './tasks/cartPole.js';
export {doubleInvertedPendulum} from './tasks/doubleInvertedPendulum.js';
export {mountainCar} from './tasks/mountainCar.js';
export {cartPoleV1, pendulumV1, type GymnasiumOptions} from './tasks/gymnasium.js';
export type {TaskVariant, VariantOptions} from './tasks/variants.js';
export {clipActions} from './wrappers/clipActions.js';
export {delayActions, type DelayActionsOptions} from './wrappers/delayActions.js';
export {limitSensors, type LimitSensorsOptions} from './wrappers/limitSensors.js';
export {noisyObservations, type NoisyObservationsOptions} from './wrappers/noisyObservations.js';
export {normalizeObservations, type NormalizeObservationsOptions} from './wrappers/normalizeObservations.js';
export {normalizeRewards, type NormalizeRewardsOptions} from './wrappers/normalizeRewards.js';
export {timeLimit, type TimeLimitOptions} from './wrappers/timeLimit.js';
export {EnvironmentWrapper, type WrapperParts} from './wrappers/wrapper.js';
