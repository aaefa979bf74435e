// `npm start`: makes ready what is missing, then is the city itself, so that every signal reaches it.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, buildPlan, makeReady, run } from './ready.mjs';

await run(async () => {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) {
    console.log(fs.readFileSync(path.join(ROOT, buildPlan().sourceRoot, 'launch', 'help.txt'), 'utf8'));
    return;
  }
  await makeReady();
  process.setSourceMapsEnabled(true);
  await import(new URL(`file://${buildPlan().entry}`).href);
});
