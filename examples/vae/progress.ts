/** Shows how a run is getting on: a bar in a terminal, now and then a line elsewhere. */
import {Presets, SingleBar} from 'cli-progress';
import {say} from '../job/output.js';

/** Figures of the moment; NaN where there is none yet. */
export interface Figures {
  readonly elbo: number;
  readonly logVariance: number;
  readonly stepsPerSecond: number;
}

export interface Progress {
  update(step: number, figures: Figures): void;
  /** Ends the display and gives the cursor back; safe to call twice. */
  stop(): void;
}

const barUpdatesPerSecond = 10;
const linesPerRun = 5;

/** On stdout; `width`: columns of the longest label, so that the bars line up. */
export function startProgress(label: string, steps: number, {width}: {width: number}): Progress {
  const name = label.padEnd(width);
  return process.stdout.isTTY && process.env['CI'] === undefined
    ? bar(name, steps, process.stdout)
    : lines(name, steps);
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
      if (running) shown.update(step, {figures: describe(figures)});
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
      if (step % every === 0 || step === steps) say(`${name} ${step}/${steps}  ${describe(figures)}\n`);
    },
    stop: () => undefined,
  };
}

function describe({elbo, logVariance, stepsPerSecond}: Figures): string {
  const number = (x: number, digits: number): string => (Number.isFinite(x) ? x.toFixed(digits) : '-');
  return `ELBO ${number(elbo, 1)}  ln variance ${number(logVariance, 2)}  ${number(stepsPerSecond, 0)} steps/s`;
}
