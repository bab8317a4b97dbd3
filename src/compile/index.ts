export {compile, type CompiledStep, type CompileOptions} from './compiled.js';
export type {RecordedKernel, RecordingDescription} from './recordingDescription.js';
