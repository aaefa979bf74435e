// `npm run seed -- --scooters 200 --data FOLDER`: fills the database and ends.
import { buildPlan, makeReady, node, run } from './ready.mjs';

await run(async () => {
  await makeReady();
  return node(['--enable-source-maps', buildPlan().entry, '--seed-only', '--riders', '0', ...process.argv.slice(2)]);
});
