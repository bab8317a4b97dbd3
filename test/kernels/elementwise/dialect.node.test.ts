import {readdirSync} from 'node:fs';
import type {ElementwiseKernel} from '../../../src/kernels/elementwise/definition.js';
import {toGlsl, toWgsl} from '../../../src/kernels/elementwise/dialect.js';

/** The kernels among exported values and what these hold, with derivatives in tables. */
function kernelsIn(value: unknown, seen = new Set<unknown>()): ElementwiseKernel[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if ('kernelName' in value && 'shader' in value) return [value as ElementwiseKernel]; // has what makes it one
  return Object.values(value).flatMap(held => kernelsIn(held, seen));
}

async function allKernels(): Promise<ElementwiseKernel[]> {
  const root = new URL('../../../src/', import.meta.url);
  const files = ['functions/', 'random/elements/'].flatMap(folder =>
    readdirSync(new URL(folder, root), {recursive: true, encoding: 'utf8'})
      .filter(file => (folder === 'functions/' ? file.endsWith('kernels.ts') : !file.endsWith('Shader.ts')))
      .map(file => new URL(folder + file, root).href),
  );
  const modules = await Promise.all(files.filter(file => file.endsWith('.ts')).map(file => import(file) as unknown));
  const seen = new Set<unknown>();
  return modules.flatMap(module => kernelsIn({...(module as object)}, seen));
}

/** The functions that a source defines, and how often each is named. */
function definitions(source: string): Map<string, number> {
  const names = [...source.matchAll(/^fn (\w+)/gm)].map(m => m[1]!);
  return new Map(names.map(name => [name, [...source.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length]));
}

describe('the program of a kernel', () => {
  it('holds only functions that are called', async () => {
    const kernels = await allKernels();
    expect(kernels.length).toBeGreaterThan(200);
    for (const kernel of kernels) {
      const isSampler = 'draw' in kernel;
      const defined = definitions(toWgsl(kernel.shader, ...(isSampler ? ['streamStart'] : [])));
      // what the program itself calls is named once, in its definition
      const entries = [kernel.shader.name, ...(isSampler ? ['streamStart'] : [])];
      const idle = [...defined].filter(([name, times]) => times < 2 && !entries.includes(name)).map(([name]) => name);
      expect(idle).withContext(kernel.kernelName).toEqual([]);
      for (const entry of entries) expect(defined.has(entry)).withContext(kernel.kernelName).toBeTrue();
    }
  });

  it('holds every function that it calls, each once', async () => {
    const sources = new Map((await allKernels()).map(kernel => [kernel.kernelName, toWgsl(kernel.shader)]));
    const all = new Set([...sources.values()].flatMap(source => [...definitions(source).keys()]));
    for (const [kernelName, source] of sources) {
      const names = [...source.matchAll(/^fn (\w+)/gm)].map(m => m[1]!);
      expect(new Set(names).size).withContext(kernelName).toBe(names.length);
      const called = [...source.matchAll(/(\w+)\(/g)].map(m => m[1]!).filter(name => all.has(name));
      expect(called.filter(name => !names.includes(name)))
        .withContext(kernelName)
        .toEqual([]);
    }
  });

  it('of the cdf of Beta has no function of derivatives', async () => {
    const kernel = (await allKernels()).find(({kernelName}) => kernelName === 'StBetainc')!;
    const names = [...definitions(toWgsl(kernel.shader)).keys()];
    expect(names.some(name => /polygamma|digamma|Score|Derivative|Inv/.test(name))).toBeFalse();
    expect(names.length).toBeLessThan(40);
    expect(toGlsl(kernel.shader)).toBe(toGlsl(kernel.shader));
  });
});
