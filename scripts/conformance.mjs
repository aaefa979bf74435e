// `npm run conformance -- --help`: judges a telematics unit, simulated or real, by the forty vectors.
import path from 'node:path';
import { ROOT, buildPlan, makeReady, node, run } from './ready.mjs';

await run(async () => {
  await makeReady({ say: console.error });
  return node(['--enable-source-maps', path.join(ROOT, buildPlan().outDir, 'conformance', 'main.js'), ...process.argv.slice(2)]);
});
