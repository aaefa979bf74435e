// `npm test`: one PostgreSQL for all test files, in a temporary folder, then jest with the words given.
// `npm run storms` (or `node scripts/test.mjs storms`) runs the long random cities too, `node scripts/test.mjs planted`
// plants faults into a copy and looks whether the tests notice.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { built, makeReady, node, run } from './ready.mjs';

await run(async () => {
  await makeReady();
  const [first, ...rest] = process.argv.slice(2);
  const isStorm = first === 'storms';
  const words = isStorm ? ['test/storms', ...rest] : process.argv.slice(2);
  const env = isStorm ? { ...process.env, STORMS: '1' } : process.env;
  const planted = (DATABASE_URL) => node(['test/storms/planted.mjs', ...rest], { env: { ...env, DATABASE_URL } });
  const jest = (DATABASE_URL) =>
    // A test that fails before it closes what it opened must not keep the whole run waiting for ever.
    node(['--enable-source-maps', 'node_modules/jest/bin/jest.js', '-c', 'test/jest.config.mjs', '--forceExit', ...words], {
      env: { ...env, DATABASE_URL },
    });
  const use = first === 'planted' ? planted : jest;
  if (process.env.DATABASE_URL) return use(process.env.DATABASE_URL);
  return withDatabase(use);
});

async function withDatabase(use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-test-'));
  // PostgreSQL of a test run as root belongs to another user, who must get through.
  fs.chmodSync(folder, 0o711);
  const { startPostgres } = await built('src/embedded/postgres.provider.js');
  const postgres = await startPostgres({ dataDir: folder, say: console.log });
  process.on('exit', () => postgres.abandon());
  try {
    return await use(postgres.url);
  } finally {
    await postgres.stop();
    fs.rmSync(postgres.root, { recursive: true, force: true });
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
