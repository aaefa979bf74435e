// The conformance kit itself: our simulated unit passes all forty vectors, worse makes do not, a person can do
// what the street does, and what nobody could see is never taken for a pass.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ByHand } from '../../conformance/by-hand.js';
import { judge, type Verdict } from '../../conformance/judge.js';
import { personAt } from '../../conformance/keyboard.js';
import { exitCodeOf, lineOf, summaryOf } from '../../conformance/report.js';
import type { Rig } from '../../conformance/rig.js';
import { vectors } from '../../conformance/vectors.js';
import { KitBench } from '../kit/kit-bench.js';
import { ROOT } from '../kit/source.js';

const WITHIN_MS = 120_000;
const some = (...ids: string[]) => vectors.filter(({ id }) => ids.includes(id));
const said = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ vector, result }) => `${vector.id} ${result}`);
const silently = (): void => undefined;

describe('the conformance kit', () => {
  let bench: KitBench;
  beforeAll(async () => { bench = await KitBench.open(); });
  afterAll(() => bench.close());

  it('has forty vectors, each with a number, a name, a sentence and a script of its own', () => {
    expect(vectors.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, at) => `V${String(at + 1).padStart(2, '0')}`));
    for (const word of ['name', 'sentence', 'script'] as const) expect(new Set(vectors.map((vector) => vector[word])).size).toBe(40);
  });

  it('passes our simulated unit in forty of forty', async () => {
    const verdicts = await judge([await bench.trial(await bench.unit())], vectors, silently);
    expect(verdicts.filter(({ result }) => result !== 'passed').map(lineOf)).toEqual([]);
    expect(summaryOf(verdicts, 40)).toBe('40 of 40 passed');
    expect(exitCodeOf(verdicts)).toBe(0);
  }, WITHIN_MS);

  it('lets several units of one make share the work', async () => {
    const trials = [await bench.trial(await bench.unit()), await bench.trial(await bench.unit())];
    const verdicts = await judge(trials, vectors.slice(0, 9), silently);
    expect(said(verdicts)).toEqual(vectors.slice(0, 9).map(({ id }) => `${id} passed`));
    expect(exitCodeOf(verdicts)).toBe(1);
  }, WITHIN_MS);

  it('judges nothing that nobody could see: without a bench the rest is passed, and not all', async () => {
    const verdicts = await judge([await bench.trial(await bench.unit(), { rig: null })], some('V01', 'V02', 'V10', 'V30', 'V32'), silently);
    expect(said(verdicts)).toEqual(['V01 not judged', 'V02 passed', 'V10 not judged', 'V30 not judged', 'V32 passed']);
    expect(summaryOf(verdicts, 5)).toBe('2 of 5 passed, 3 not judged');
    expect(exitCodeOf(verdicts)).toBe(1);
  }, WITHIN_MS);

  it('judges no silence while another service gives the receipts', async () => {
    const card = await bench.unit();
    const [trial, rival] = [await bench.trial(card), await bench.trial(card)];
    expect(said(await judge([trial], some('V33', 'V34', 'V35', 'V36'), silently)))
      .toEqual(['V33 not judged', 'V34 not judged', 'V35 not judged', 'V36 not judged']);
    await rival.link.close();
  }, WITHIN_MS);

  it('has a person do by hand what the street does, question by question', async () => {
    const card = await bench.unit();
    const street = bench.rig(card);
    const [typed, asked] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })];
    const { ask, leave } = personAt(typed, asked);
    const questions: string[] = [];
    asked.on('data', (question: string) => {
      questions.push(question);
      obeyQuestion(street, question).then((answer) => typed.write(`${answer}\n`), () => typed.end());
    });
    const trial = await bench.trial(card, { rig: new ByHand(ask, () => Date.now()) });
    const verdicts = await judge([trial], vectors.filter(({ needsRig, id }) => needsRig && id !== 'V30'), silently);
    expect(verdicts.filter(({ result }) => result !== 'passed').map(lineOf)).toEqual([]);
    expect(questions.length).toBeGreaterThan(25);
    leave();
  }, WITHIN_MS);

  it('does not judge what the person cannot do, and nothing once the person has left', async () => {
    const trial = await bench.trial(await bench.unit(), { rig: new ByHand((question) => Promise.resolve(question.includes('clock') ? ' SKIP ' : null), () => 0) });
    const verdicts = await judge([trial], some('V01', 'V29'), silently);
    expect(said(verdicts)).toEqual(['V01 not judged', 'V29 not judged']);
    expect(verdicts[1]?.why).toContain('1970-01-01T00:00:00.000Z');
  }, WITHIN_MS);

  it('judges the example unit of the guide, another program in another process', async () => {
    const card = bench.card();
    const example = spawn(process.execPath, ['docs/example-unit.mjs'], {
      cwd: ROOT, stdio: 'ignore',
      env: {
        PATH: process.env['PATH'], SCOOTER_ID: card.scooterId, SCOOTER_PASSWORD: card.password, SCOOTER_KEY: card.commandKey, MQTT_URL: bench.scootersUrl,
        FLASH: join(mkdtempSync(join(tmpdir(), 'example-unit-')), 'flash.json'),
      },
    });
    try {
      const verdicts = await judge([await bench.trial(card, { rig: null })], vectors, silently);
      expect(verdicts.filter(({ result }) => result === 'failed').map(lineOf)).toEqual([]);
      expect(summaryOf(verdicts, 40)).toBe('25 of 40 passed, 15 not judged');
    } finally {
      example.kill();
    }
  }, WITHIN_MS);
});

/** A person who does what the sentence asks. */
async function obeyQuestion(street: Rig, question: string): Promise<string> {
  const deeds: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['Restart the unit', () => street.reboot()], ['Pull the plug', () => street.cutPower()], ['plug of the unit back', () => street.restorePower()],
    ['left the factory', () => street.factoryReset()], ['clock right again', () => street.setClock('right')],
    ["Take the unit's network", () => street.loseNetwork()], ["Give the unit's network", () => street.findNetwork()],
    ['Block the bolt', () => street.jamBolt()], ['Free the bolt', () => street.freeBolt()],
  ];
  if (question.includes('Look at the bolt')) return street.bolt();
  const at = /set it to (\S+)\. /.exec(question)?.[1];
  if (at !== undefined) await street.setClock({ atMs: Date.parse(at) });
  else await deeds.find(([words]) => question.includes(words))?.[1]();
  return '';
}
