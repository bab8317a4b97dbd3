/**
 * Compiles assembly/ and writes the bytes to src/simd/bytes.ts; with `--check` it compares them with what is there.
 * The compiler's version is pinned, so that the same source gives the same bytes.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import asc from 'assemblyscript/asc';

const target = 'src/simd/bytes.ts';

/** The text of the target, of the sources as they are. Throws what the compiler says. */
export async function compiledSimd() {
  let bytes;
  const {error, stderr} = await asc.main(
    [
      'assembly/index.ts',
      ...[
        '--outFile',
        'simd.wasm',
        '--runtime',
        'stub',
        '--enable',
        'simd',
        '--importMemory',
        '--noExportMemory',
        '-O3',
        '--shrinkLevel',
        '1',
        '--noAssert',
      ],
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(`${base}/${name}`, 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_, contents) => {
        bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`assembly/: ${error.message}\n${stderr.toString()}`);
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,112}/g)
    .map(line => `  '${line}'`);
  return `/** Made from assembly/ by \`npm run simd\`: a WebAssembly module, in base64. */\nexport const BYTES =\n${lines.join(' +\n')};\n`;
}

if (process.argv[1]?.endsWith('simd.mjs')) {
  const text = await compiledSimd();
  if (process.argv.includes('--check')) {
    if (readFileSync(target, 'utf8') !== text) {
      console.error(`${target} is not what assembly/ compiles to; run: npm run simd`);
      process.exitCode = 1;
    }
  } else writeFileSync(target, text);
}
