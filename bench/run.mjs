// Reads what to measure, measures it, prints every result as one block and, when asked, as one line of JSON.
import fs from 'node:fs';
import { Trouble } from '../scripts/ready.mjs';
import { closeAll } from './kit/closing.mjs';
import { aboutThisMachine, shortly } from './kit/machine.mjs';
import { print, summarise } from './kit/results.mjs';
import { Stage } from './kit/stage.mjs';

const LINES = {
  'start-up': './lines/start-up.mjs',
  'near-me': './lines/near-me.mjs',
  unlock: './lines/unlock.mjs',
  rush: './lines/rush.mjs',
  commands: './lines/commands.mjs',
  ingest: './lines/ingest.mjs',
  lossless: './lines/lossless.mjs',
  scale: './lines/scale.mjs',
  nearby: './lines/nearby.mjs',
  fleet: './lines/fleet.mjs',
  day: './lines/day.mjs',
};

const HELP = `npm run bench -- [${Object.keys(LINES).join('] [')}] [options]      all of them when none is named

  --rounds N      rounds of floor and product, one after the other (5; start-up 3)
  --seconds N     length of one measurement of near-me (2) or unlock (5)
  --hours N       service hours of the simulated day (16)
  --speed N       how much faster than reality that day is asked to pass (120)
  --scooters N    scooters of start-up and of the day (1000)
  --riders N      people of the day (400)
  --json FILE     add one line of JSON for each result to this file
  --profile DIR   write CPU profiles of the service (near-me, unlock) into this folder; slows it a little
  --help          this page`;

const NUMBERS = ['rounds', 'seconds', 'hours', 'speed', 'scooters', 'riders'];

/** @returns the exit code: goals that are not reached do not fail a bench, a broken measurement or a wrong book does. */
export async function bench(words) {
  const { names, options } = readWords(words);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  process.once('SIGINT', () => stop(130));
  process.once('SIGTERM', () => stop(143));
  const stage = new Stage({ profile: options.profile });
  try {
    const machine = { ...aboutThisMachine(), postgres: await stage.postgresVersion() };
    console.log(`${shortly(machine)}\n`);
    let wrong = 0;
    for (const name of names) wrong += await runLine(name, { options, machine, stage });
    return wrong === 0 ? 0 : 1;
  } finally {
    await closeAll();
  }
}

async function stop(code) {
  await closeAll();
  process.exit(code);
}

async function runLine(name, { options, machine, stage }) {
  const { measure } = await import(LINES[name]);
  const say = (text) => process.stderr.write(`  ${name}: ${text}\n`);
  const began = performance.now();
  let wrong = 0;
  for await (const result of measure({ options, stage, say })) {
    const summary = summarise({ line: name, ...result });
    print(summary);
    wrong += result.wrong?.length ?? 0;
    if (options.json === undefined) continue;
    fs.appendFileSync(options.json, `${JSON.stringify({ at: new Date().toISOString(), ...summary, machine })}\n`);
  }
  say(`took ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return wrong;
}

function readWords(words) {
  const names = [];
  const options = {};
  for (let at = 0; at < words.length; at++) {
    const [word, given] = words[at].split(/=(.*)/s);
    if (Object.hasOwn(LINES, word)) names.push(word);
    else if (word === '--help' || word === '-h') options.help = true;
    else if (word === '--json' || word === '--profile') options[word.slice(2)] = given ?? words[++at] ?? missing(word);
    else if (NUMBERS.includes(word.slice(2)) && word.startsWith('--'))
      options[word.slice(2)] = numberAfter(word, given ?? words[++at]);
    else throw new Trouble(`${word} is nothing the bench knows; --help shows what is.`);
  }
  return { names: names.length > 0 ? names : Object.keys(LINES), options };
}

function numberAfter(word, text) {
  const number = Number(text);
  if (text === undefined || !(number > 0)) throw new Trouble(`${word} wants a number above 0 after it.`);
  return number;
}

function missing(word) {
  throw new Trouble(`${word} wants a file or folder after it.`);
}
