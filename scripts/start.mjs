// `npm start`: makes ready what is missing, then is the city itself, so that every signal reaches it.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, buildPlan, makeReady, run } from './ready.mjs';

const LOOK_FOR_NPM_EVERY_MS = 500;

await run(async () => {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) {
    console.log(fs.readFileSync(path.join(ROOT, buildPlan().sourceRoot, 'launch', 'help.txt'), 'utf8'));
    return;
  }
  await makeReady();
  process.setSourceMapsEnabled(true);
  endWithNpm();
  await import(new URL(`file://${buildPlan().entry}`).href);
});

/** npm that is told to end goes without telling us (its shell keeps the signal); so we look whether it is there. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_FOR_NPM_EVERY_MS).unref();
  // Whoever tells us directly has told us: a second signal would mean at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => clearInterval(watch));
}
