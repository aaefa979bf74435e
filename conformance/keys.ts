// The key of the unit, changed for a vector and changed back. The second key follows from the first, so that a
// run that breaks off in between has lost none.
import { createHmac } from 'node:crypto';
import { sealKey, topics } from '../src/telematics/wire.js';
import { NotJudged } from './finding.js';
import { type Trial } from './trial.js';

const KEPT_WITHIN_MS = 10_000;

export const benchKey = (commandKey: string): string =>
  createHmac('sha256', Buffer.from(commandKey, 'hex')).update('roue-libre/conformance').digest('hex');

async function changeKey(trial: Trial, newKey: string): Promise<void> {
  const { link, scooterId } = trial;
  // Rises from run to run, and from one change to the next.
  const keyId = Math.max(Math.floor(Date.now() / 1000), ...link.events.map(({ said }) => (said.kind === 'key_kept' ? said.keyId + 1 : 0)));
  await link.say(sealKey(trial.commandKey, scooterId, keyId, newKey), { topic: topics.keysTo(scooterId) });
  const isKept = link.until(() => link.events.find(({ said }) => said.kind === 'key_kept' && said.keyId === keyId), '', KEPT_WITHIN_MS);
  await isKept.catch(() => {
    throw new NotJudged('It says nothing to the offer of a new key, so its key cannot change.');
  });
  trial.commandKey = newKey;
}

/** Whatever is found out meanwhile, the unit gets its own key back, standing outside any ride. */
export async function underKey(trial: Trial, other: string, meanwhile: () => Promise<void>): Promise<void> {
  const own = trial.commandKey;
  await changeKey(trial, other);
  const found = await meanwhile().then(() => null, (error: unknown) => ({ error }));
  await trial.rest();
  await changeKey(trial, own);
  if (found !== null) throw found.error;
}

/** An earlier run may have broken off with the second key in the unit. */
export async function takeBackKey(trial: Trial): Promise<void> {
  const key = trial.commandKey;
  const isBelieved = async (): Promise<boolean> => {
    const answer = await trial.ask('look');
    return answer.kind === 'command_done' || answer.reason !== 'bad_signature';
  };
  if (await isBelieved()) return;
  trial.commandKey = benchKey(key);
  if (await isBelieved()) await changeKey(trial, key);
  else trial.commandKey = key;
}
