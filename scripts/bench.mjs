// `npm run bench [name …]`: measures the city beside floors measured in the same run; bench/README.md says how.
import { makeReady, run } from './ready.mjs';

await run(async () => {
  await makeReady();
  const { bench } = await import('../bench/run.mjs');
  return bench(process.argv.slice(2));
});
