/** Windows on images: soft ones that derivatives move, and hard ones at places that are drawn. */
export {
  glimpseWindow,
  readGlimpse,
  writeGlimpse,
  type GlimpseParameters,
  type GlimpseWindow,
  type GlimpseWindowOptions,
} from './glimpse.js';
export type {Sides, WindowOptions} from './windowOptions.js';
export {crop} from './hardWindow.js';
