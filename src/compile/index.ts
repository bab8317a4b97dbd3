export {compile, type Compiled, type CompileOptions} from './compile.js';
export type {RecordedKernel, RecordingDescription} from './describe.js';
