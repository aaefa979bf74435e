// Vectors about what a unit says, how often and how old: answers until their receipt, presence, and no place.
import { setTimeout as pause } from 'node:timers/promises';
import { must } from '../finding.js';
import { type Trial } from '../trial.js';
import { mustBeAsOld } from './memory.js';

const AWAY_MS = 3_000;
const HELLO_WITHIN_MS = 10_000;

export async function untilReceipt(trial: Trial): Promise<void> {
  const { look, first } = await trial.leaveWithoutReceipt();
  const again = await trial.link.until(() => trial.answersTo(look)[1], 'The answer was not said again', trial.pace.patienceMs);
  mustBeAsOld(first, again);
  await trial.link.receipt(first.said);
  await trial.mustDo('look');
  const heard = trial.answersTo(look).length;
  // Pauses may grow to twice the last one.
  await pause(2.5 * (again.atMs - first.atMs) + trial.pace.settleMs);
  must(trial.answersTo(look).length === heard, 'It goes on after the receipt');
}

export async function otherReceipt(trial: Trial): Promise<void> {
  const { link } = trial;
  const { look, first: { said } } = await trial.leaveWithoutReceipt();
  for (const other of [{ ...said, seq: said.seq + 100_000 }, { ...said, boot: said.boot + 1 }, { boot: 1, seq: 999_999 }]) await link.receipt(other);
  await trial.mustDo('look');
  const heard = trial.answersTo(look).length;
  await link.until(() => trial.answersTo(look)[heard], 'It forgot the event, whose receipt never came', trial.pace.patienceMs);
}

export async function ageAfterLinkLoss(trial: Trial): Promise<void> {
  const { look, first } = await trial.leaveWithoutReceipt();
  await trial.withoutNetwork(() => pause(AWAY_MS));
  const again = await trial.link.until(
    () => trial.answersTo(look).find(({ atMs }) => atMs > first.atMs + AWAY_MS), 'The event was not said again', trial.pace.patienceMs,
  );
  mustBeAsOld(first, again);
}

export async function presence(trial: Trial): Promise<void> {
  const { link } = trial;
  const boot = trial.boot();
  const from = link.presence.length;
  await trial.withoutNetwork(() => Promise.resolve());
  const said = link.presence.slice(from).map((heard) => heard.said);
  must(said.every((one) => one.boot === boot), 'Its presence names another boot than the one it runs under');
  must(said.some(({ connected }) => !connected) && said.at(-1)?.connected === true, 'Its coming and going was not told');
}

export async function withoutPlace(trial: Trial): Promise<void> {
  const { link } = trial;
  await trial.mustDo('unlock');
  await pause(trial.pace.settleMs);
  const from = link.telemetry.length;
  await link.hello(trial.nowMs());
  const sample = await link.until(() => link.telemetry[from], 'No telemetry in a ride', HELLO_WITHIN_MS + trial.pace.patienceMs);
  must(sample.said.inRide, 'Its telemetry does not know of the ride');
  const paused = await trial.ask('pause');
  must(paused.kind === 'command_done' && paused.fix === null, 'It tells its place when a ride is paused');
  await pause(trial.pace.settleMs);
  const placed = link.telemetry.slice(from).filter(({ said }) => said.inRide && said.fix !== null);
  must(placed.length === 0, 'Its telemetry tells a place during a ride');
  await trial.mustDo('lock');
}

export async function hello(trial: Trial): Promise<void> {
  const { link } = trial;
  const [here, samples] = [link.presence.length, link.telemetry.length];
  await link.hello(trial.nowMs());
  await link.until(() => (link.presence.length > here && link.telemetry.length > samples ? true : undefined), 'The hello was not answered', HELLO_WITHIN_MS);
}
