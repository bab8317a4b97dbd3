/** Shows how a run is getting on: a bar in a terminal, now and then a line elsewhere. */
import {Presets, SingleBar} from 'cli-progress';
import {say} from '../job/output.js';
import {fixed} from './numbers.js';

export interface Progress {
  /** `figures`: those of the moment, in words. */
  update(step: number, figures: string): void;
  /** Ends the display and gives the cursor back; safe to call twice. */
  stop(): void;
}

const barUpdatesPerSecond = 10;
const linesPerRun = 5;

/** On stdout; `width`: columns of the longest label, so that the bars line up. */
export function startProgress(label: string, steps: number, {width = 0}: {readonly width?: number} = {}): Progress {
  const name = label.padEnd(width);
  return process.stdout.isTTY && process.env['CI'] === undefined
    ? bar(name, steps, process.stdout)
    : lines(name, steps);
}

/** `name value` for each; a dash where there is no value. */
export function describeFigures(
  figures: ReadonlyArray<readonly [name: string, value: number, digits: number]>,
): string {
  return figures.map(([name, value, digits]) => `${name} ${fixed(value, digits)}`).join('  ');
}

function bar(name: string, steps: number, stream: NodeJS.WriteStream): Progress {
  const besideBar = name.length + 2 * String(steps).length + 50;
  const shown = new SingleBar(
    {
      format: `${name} {bar} {value}/{total}  {figures}`,
      stream,
      hideCursor: true,
      fps: barUpdatesPerSecond,
      gracefulExit: false,
      linewrap: false,
      barsize: Math.min(30, Math.max(5, stream.columns - besideBar)),
    },
    Presets.shades_classic,
  );
  shown.start(steps, 0, {figures: ''});
  let running = true;
  return {
    update(step, figures) {
      if (running) shown.update(step, {figures});
    },
    stop() {
      if (running) shown.stop();
      running = false;
    },
  };
}

function lines(name: string, steps: number): Progress {
  const every = Math.max(1, Math.floor(steps / linesPerRun));
  return {
    update(step, figures) {
      if (step % every === 0 || step === steps) say(`${name} ${step}/${steps}  ${figures}\n`);
    },
    stop: () => undefined,
  };
}
