// `npm run sim -- fleet --help` or `npm run sim -- people --help`: the simulators by themselves.
import path from 'node:path';
import { ROOT, Trouble, buildPlan, makeReady, node, run } from './ready.mjs';

const PROGRAMS = { fleet: 'firmware-sim', people: 'people-sim' };

await run(async () => {
  const [which = '', ...words] = process.argv.slice(2);
  const program = PROGRAMS[which];
  if (program === undefined) throw new Trouble('npm run sim -- fleet … | people …');
  await makeReady();
  return node(['--enable-source-maps', path.join(ROOT, buildPlan().outDir, program, 'main.js'), ...words]);
});
