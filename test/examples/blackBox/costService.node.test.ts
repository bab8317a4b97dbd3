import {CostService, type ServiceConfig} from '../../../examples/blackBox/costService.js';
import {errorOfAsync} from '../helpers.js';

const config: ServiceConfig = {target: [1, -2], noise: 0.5, delay: 5, seed: 1};
const script = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

describe('the worker that is asked for costs', () => {
  const services: CostService[] = [];
  const serve = (...args: ConstructorParameters<typeof CostService>): CostService => {
    const service = new CostService(...args);
    services.push(service);
    return service;
  };
  afterEach(async () => {
    await Promise.all(services.splice(0).map(service => service.close()));
  });

  it('computes stairs that lead down to their target', async () => {
    const costs = await serve(config).costs(
      [
        [0, 0],
        [1, -2],
        [1.1, -2.2],
        [2, -2],
        [1, -1.5],
      ],
      {isExact: true},
    );
    expect(costs).toEqual([5, 0, 0, 1, 0.2]); // ‖·‖² = 5, 0, 0.05, 1, 0.25, down to tenths
  });

  it('adds noise of the deviation asked for, the same for the same seed', async () => {
    const places = Array.from({length: 4000}, () => [0, 0]);
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map(seed => serve({...config, seed}).costs(places)), // each the first question of its own worker
    );
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    const mean = one!.reduce((sum, x) => sum + x, 0) / 4000;
    const deviation = Math.sqrt(one!.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4000);
    expect(Math.abs(mean - 5)).toBeLessThan((4.5 * 0.5) / Math.sqrt(4000));
    expect(Math.abs(deviation - 0.5)).toBeLessThan((4.5 * 0.5) / Math.sqrt(8000));
  });

  it('answers questions that are asked together, each with its own costs', async () => {
    const service = serve({...config, delay: 20});
    const answers = Array.from({length: 20}, (_, i) => service.costs([[1 + i, -2]], {isExact: true}));
    expect(service.open).toBe(20);
    expect(await Promise.all(answers)).toEqual(Array.from({length: 20}, (_, i) => [i * i]));
    expect(service.open).toBe(0);
  });

  it('says in one sentence what went wrong, to all that wait and all that come', async () => {
    const service = serve(config);
    const waiting = errorOfAsync(() => service.costs([[0, 0]]));
    const failing = await errorOfAsync(() => service.costs([[NaN, 0]]));
    expect(failing).toBe('the worker: must answer, but failed: it takes 2 finite numbers, got NaN, 0');
    expect(['no error', failing]).toContain(await waiting);
    expect(await errorOfAsync(() => service.costs([[0, 0]]))).toBe(failing);
  });

  it('is missed when it ends, or is silent for too long', async () => {
    const [ending, silent] = [
      serve(config, 1000, script('process.exit(3)')),
      serve(config, 80, script('setInterval(() => 0, 1000)')),
    ];
    expect(await errorOfAsync(() => ending.costs([[0, 0]]))).toBe('the worker: must answer, but ended with code 3');
    expect(await errorOfAsync(() => silent.costs([[0, 0]]))).toBe('the worker: must answer, but has not for 0.08 s');
  });

  it('answers nobody once it is closed', async () => {
    const service = serve(config);
    let answered = false;
    const settle = (): void => void (answered = true);
    service.costs([[0, 0]]).then(settle, settle);
    await service.close();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(answered).toBeFalse();
    expect(service.open).toBe(0);
    expect(await errorOfAsync(() => service.costs([[0, 0]]))).toBe('the worker: must answer, but was closed');
  });
});
