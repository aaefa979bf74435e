// Faults of the kind that services like this one really have, planted one at a time into a copy of the tree, and the
// tests that must turn red of each. `node scripts/test.mjs planted [name …]` calls it with a database at
// DATABASE_URL; it takes some minutes.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_OUT = new Set(['.git', '.data', 'dist', 'node_modules']);
const LIMIT_MS = 240_000;

const FAULTS = [
  {
    name: 'no nonce',
    file: 'src/commands/commands.service.ts',
    // Both ways in which a command leaves: right after the commit, and from the row.
    find: ['kind, nonce, notAfter: notAfter.getTime() });\n    this.send', 'kind, nonce, notAfter: notAfter.getTime() })];'],
    replace: ['kind, nonce: 1, notAfter: notAfter.getTime() });\n    this.send', 'kind, nonce: 1, notAfter: notAfter.getTime() })];'],
    tests: ['test/flows/first-ride'],
  },
  {
    name: 'no expiry',
    file: 'src/commands/commands.service.ts',
    find: 'const notAfter = this.clock.inReal(COMMAND_LIVES_SECONDS);',
    replace: 'const notAfter = this.clock.inReal(COMMAND_LIVES_SECONDS * 10_000);',
    tests: ['test/flows/scooter-link'],
  },
  {
    name: 'timeout taken for failure',
    file: 'src/rides/ride-course.service.ts',
    find: "if (ride.state === 'unlocking') return this.fence(tx, ride);",
    replace: "if (ride.state === 'unlocking') return this.ending.fail(tx, ride, 'scooter_silent');",
    tests: ['test/flows/silence'],
  },
  {
    name: 'acknowledgement before commit',
    file: 'src/uplink/uplink.service.ts',
    find: 'const result = await this.outbox.transaction(async (tx) => {\n      const [scooter, { isNew',
    replace: 'await this.broker.publish(topics.receiptsTo(scooterId), { boot: event.boot, seq: event.seq });\n    const result = await this.outbox.transaction(async (tx) => {\n      const [scooter, { isNew',
    tests: ['test/flows/receipts'],
  },
  {
    name: 'receipt time for age',
    file: 'src/uplink/told-on.ts',
    find: 'new Date(receivedAt.getTime() - event.ageMs)',
    replace: 'new Date(receivedAt.getTime())',
    tests: ['test/flows/late-words'],
  },
  {
    name: 'no dedupe',
    file: 'src/uplink/uplink.service.ts',
    find: "if (!isNew) return 'repeated';",
    replace: '',
    tests: ['test/flows/receipts'],
  },
];

const wanted = process.argv.slice(2);
const chosen = FAULTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roue-libre-planted-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
for (const name of wanted) if (!FAULTS.some((fault) => fault.name === name)) throw new Error(`no fault is called "${name}": ${FAULTS.map((fault) => fault.name).join(', ')}`);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

copyTree();
const soundTests = [...new Set(chosen.flatMap(({ tests }) => tests))];
const sound = await jest(soundTests);
if (sound.failed !== 0 || sound.passed === 0) {
  console.log(sound.text);
  throw new Error('the tests must be green before a fault is planted');
}
console.log(`ok      nothing planted: ${sound.passed} tests green (${soundTests.join(', ')})`);
let missed = 0;
for (const fault of chosen) {
  const mend = plant(fault);
  const { passed, failed, first } = await jest(fault.tests);
  mend();
  // A tree that does not even start proves nothing about the fault.
  const caught = failed > 0 && first !== null;
  if (!caught) missed++;
  console.log(`${caught ? 'caught ' : 'MISSED '} ${fault.name}: ${failed} red, ${passed} green${caught ? `; first: ${first}` : ''}`);
}
console.log(`${chosen.length - missed} of ${chosen.length} planted faults caught`);
process.exit(missed === 0 ? 0 : 1);

/** Nothing is ever planted here: a copy with packages of its own (hard links), so that nothing in it leads back. */
function copyTree() {
  for (const name of fs.readdirSync(ROOT)) {
    if (!LEFT_OUT.has(name)) fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  const packages = path.join(ROOT, 'node_modules');
  const linked = spawnSync('cp', ['-al', packages, path.join(folder, 'node_modules')]);
  if (linked.status !== 0) fs.cpSync(packages, path.join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
}

function plant({ name, file, find, replace }) {
  const at = path.join(folder, file);
  const text = fs.readFileSync(at, 'utf8');
  let planted = text;
  for (const [index, place] of [find].flat().entries()) {
    const count = planted.split(place).length - 1;
    if (count !== 1) throw new Error(`"${name}" cannot be planted: its place in ${file} is there ${count} times, not once`);
    planted = planted.replace(place, () => [replace].flat()[index]);
  }
  fs.writeFileSync(at, planted);
  return () => fs.writeFileSync(at, text);
}

async function jest(tests) {
  const report = path.join(folder, 'report.json');
  fs.rmSync(report, { force: true });
  const words = ['--enable-source-maps', 'node_modules/jest/bin/jest.js', '-c', 'test/jest.config.mjs', '--forceExit', '--json', `--outputFile=${report}`, ...tests];
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], env: process.env });
  const late = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let text = '';
  child.stderr.on('data', (piece) => { text += piece; });
  await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(late);
  if (!fs.existsSync(report)) throw new Error(`jest told nothing:\n${text.slice(-2000)}`);
  const { numPassedTests: passed, numFailedTests: failed, testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  const red = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed');
  return { passed, failed, first: red?.fullName ?? null, text };
}
