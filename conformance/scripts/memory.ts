// Vectors about what must survive: the nonce, the events nobody has stored yet, and the count of starts.
import { must } from '../finding.js';
import { type Trial } from '../trial.js';

/** How far an age may be from the time that passed here; the radio takes its share. */
const AGE_TOLERANCE_MS = 2_000;

export const replayAfterReboot = (trial: Trial): Promise<void> => replayAfter(trial, () => trial.rig.reboot());
export const replayAfterReset = (trial: Trial): Promise<void> => replayAfter(trial, () => trial.rig.factoryReset());
export const replayAfterPowerCut = (trial: Trial): Promise<void> => replayAfter(trial, () => cutPower(trial));

async function cutPower({ rig }: Trial): Promise<void> {
  await rig.cutPower();
  await rig.restorePower();
}

/**
 * Both as it was sent, and made anew with the nonce that was used: the time alone must not be what stops it. The lock
 * is the last thing it does before the restart, and the unlock the first thing it hears after it.
 */
async function replayAfter(trial: Trial, restart: () => Promise<void>): Promise<void> {
  const [unlock, lock] = [trial.order('unlock'), trial.order('lock')];
  for (const order of [unlock, lock]) {
    await trial.link.say(order);
    const { said } = await trial.answerTo(order);
    must(said.kind === 'command_done', `It refused a good ${order.kind}`);
  }
  await trial.andComesBack(restart);
  const anew = [lock.nonce, unlock.nonce, unlock.nonce - 1].map((nonce) => trial.order('unlock', { nonce }));
  await trial.mustIgnore([unlock, ...anew].map((bytes) => ({ bytes })), ['replayed', 'expired']);
}

export async function eventsOutliveReboot(trial: Trial): Promise<void> {
  const { look, first } = await trial.leaveWithoutReceipt();
  await trial.andComesBack(() => cutPower(trial));
  const again = await trial.link.until(
    () => trial.answersTo(look).findLast(({ atMs, said }) => atMs > first.atMs && said.boot === first.said.boot && trial.boot() > said.boot),
    'The event was not said again after the restart', trial.pace.patienceMs,
  );
  mustBeAsOld(first, again);
}

export function mustBeAsOld(first: Said, again: Said): void {
  must(again.said.boot === first.said.boot && again.said.seq === first.said.seq, 'It was said again under another number');
  const [passedMs, olderMs] = [again.atMs - first.atMs, again.said.ageMs - first.said.ageMs];
  must(Math.abs(passedMs - olderMs) <= AGE_TOLERANCE_MS, `After ${Math.round(passedMs)} ms it is only ${olderMs} ms older`);
}
interface Said {
  readonly said: { readonly boot: number; readonly seq: number; readonly ageMs: number };
  readonly atMs: number;
}

export async function startsCounted(trial: Trial): Promise<void> {
  const { link } = trial;
  const before = trial.boot();
  await trial.andComesBack(() => trial.rig.reboot());
  const boot = trial.boot();
  await link.until(() => link.events.find(({ said }) => said.kind === 'started' && said.boot === boot), 'It did not tell of its start', trial.pace.patienceMs);
  await trial.mustDo('look');
  must(boot > before, 'Its boot did not rise');
  const numbers = (said: { boot: number; seq: number }[]): number[] => said.filter((one) => one.boot === boot).map(({ seq }) => seq);
  const events = new Set(numbers(link.events.map(({ said }) => said)));
  const telemetry = numbers(link.telemetry.map(({ said }) => said));
  must(Math.min(...events, ...telemetry) === 1, 'Its messages of this boot are not numbered from one');
  must(new Set(telemetry).size === telemetry.length, 'Two samples have one number');
  must(telemetry.every((seq) => !events.has(seq)), 'A sample and an event have one number');
}
