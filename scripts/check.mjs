// `npm run check`: types and lint rules, without a warning.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, makeReady, node, run, seconds } from './ready.mjs';

const has = (file) => fs.existsSync(path.join(ROOT, file));
const steps = [
  ['types of the city', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'], true],
  [
    'types of the tests',
    ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'test/tsconfig.json'],
    has('test/tsconfig.json'),
  ],
  ['lint', ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'], has('eslint.config.mjs')],
];

await run(async () => {
  await makeReady({ build: false });
  let failed = 0;
  for (const [name, command, wanted] of steps) {
    if (!wanted) continue;
    const began = performance.now();
    const code = await node(command);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds(began)})`);
    if (code !== 0) failed = 1;
  }
  return failed;
});
