// Vectors about freshness and order: an order counts once, in its time, and never after a newer one.
import { must } from '../finding.js';
import { type Trial } from '../trial.js';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

export async function obeys(trial: Trial): Promise<void> {
  const open = await trial.mustDo('unlock');
  must(open.lock === 'open', 'It says unlock was done, and its lock sensor says closed');
  await trial.mustSee('open');
  const closed = await trial.mustDo('lock');
  must(closed.lock === 'closed', 'It says lock was done, and its lock sensor says open');
  await trial.mustSee('closed');
}

export async function late(trial: Trial): Promise<void> {
  const ended = [3 * SECOND_MS, 3_600_000, DAY_MS].map((agoMs) => trial.order('unlock', { notAfter: Math.round(trial.nowMs()) - agoMs }));
  await trial.mustIgnore(ended.map((bytes) => ({ bytes })), ['expired']);
}

export async function early(trial: Trial): Promise<void> {
  const inMs = (ms: number): number => Math.round(trial.nowMs()) + ms;
  const ends = [inMs(75 * SECOND_MS), inMs(DAY_MS), Number.MAX_SAFE_INTEGER];
  await trial.mustIgnore(ends.map((notAfter) => ({ bytes: trial.order('unlock', { notAfter }) })), ['too_far_ahead']);
}

export async function spentNonce(trial: Trial): Promise<void> {
  const nonce = trial.nextNonce();
  await trial.ask('look', { nonce });
  await trial.mustIgnore([nonce, nonce - 1, nonce - 1000, 1].map((spent) => ({ bytes: trial.order('unlock', { nonce: spent }) })), ['replayed']);
}

export async function thrice(trial: Trial): Promise<void> {
  const unlock = trial.order('unlock');
  for (let copy = 1; copy <= 3; copy += 1) await trial.link.say(unlock);
  await trial.answerTo(unlock);
  await trial.mustBe('open');
  await trial.mustDo('lock');
  await trial.link.say(unlock);
  await trial.mustBe('closed');
  const said = new Set(trial.answersTo(unlock).map(({ said: { boot, seq } }) => `${boot}.${seq}`));
  must(said.size === 1, `It gave ${said.size} answers to one order`);
}

export async function reordered(trial: Trial): Promise<void> {
  const [unlock, lock] = [trial.order('unlock'), trial.order('lock')];
  await trial.link.say(lock);
  await trial.link.say(unlock);
  const answer = await trial.answerTo(lock);
  must(answer.said.kind === 'command_done', 'It did not do the newer lock');
  await trial.mustIgnore([], ['replayed']);
  must(trial.answersTo(unlock).every(({ said }) => said.kind === 'command_refused'), 'It did the older unlock');
}

export async function gapped(trial: Trial): Promise<void> {
  const before = trial.nextNonce();
  const after = await trial.ask('look', { nonce: trial.nextNonce(1000) });
  must(after.kind === 'command_done', 'It refused a nonce because it did not follow at once');
  await trial.mustIgnore([1, 500, 999].map((step) => ({ bytes: trial.order('unlock', { nonce: before + step }) })), ['replayed']);
}

export async function fenced(trial: Trial): Promise<void> {
  const older = [trial.order('unlock'), trial.order('unlock'), trial.order('resume'), trial.order('open_bay'), trial.order('unlock')];
  const unheard = trial.order('unlock', { notAfter: Math.round(trial.nowMs()) - 3 * SECOND_MS });
  await trial.mustIgnore([{ bytes: unheard }], ['expired']);
  await trial.mustDo('lock');
  await trial.mustIgnore([...older, ...older].map((bytes) => ({ bytes })), ['replayed']);
}
