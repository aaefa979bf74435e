// Vectors about who gives the order: meant for this scooter, on its topic, unchanged, and under its own key.
import { randomBytes, randomUUID } from 'node:crypto';
import { topics, type Command } from '../../src/telematics/wire.js';
import { must } from '../finding.js';
import { benchKey, underKey } from '../keys.js';
import { type Shot, type Trial } from '../trial.js';

/** Keys that makers have shipped, and those a careless hand types. */
const KNOWN_KEYS = ['ff', '00', '11', '0123456789abcdef', 'deadbeef', '31323334', '70617373776f7264'].map((piece) => piece.repeat(32).slice(0, 64));

const shots = (orders: readonly (object | Uint8Array)[]): Shot[] => orders.map((bytes) => ({ bytes }));

export async function otherScooter(trial: Trial): Promise<void> {
  const scooterId = randomUUID();
  const orders = [trial.order('unlock', { scooterId }), trial.order('unlock', { scooterId }, randomBytes(32).toString('hex'))];
  await trial.mustIgnore(shots(orders), ['wrong_scooter', 'bad_signature']);
}

export async function otherTopic(trial: Trial): Promise<void> {
  const { scooterId } = trial;
  const elsewhere = [
    topics.commandsTo(randomUUID()), topics.commandsTo('all'), topics.receiptsTo(scooterId), topics.helloToAll, topics.updatesTo(scooterId), topics.keysTo(scooterId),
  ];
  await trial.mustIgnore(elsewhere.map((topic) => ({ bytes: trial.order('unlock'), topic })), []);
}

export async function otherOperation(trial: Trial): Promise<void> {
  const orders = (['lock', 'locate', 'look', 'open_case'] as const).map((kind) => ({ ...trial.order(kind), kind: 'unlock' }));
  await trial.mustIgnore(shots(orders), ['bad_signature']);
}

export async function changedBody(trial: Trial): Promise<void> {
  const order = trial.order('unlock', { nonce: trial.nextNonce(100) });
  const changed = [
    { ...order, nonce: order.nonce + 1 }, { ...order, notAfter: order.notAfter + 1 }, { ...order, notAfter: order.notAfter - 1 },
    { ...order, commandId: randomUUID() }, { ...order, scooterId: randomUUID() },
  ];
  await trial.mustIgnore([...shots(changed), ...shots(flippedBits(order))], ['bad_signature', 'wrong_scooter', 'expired', 'too_far_ahead', 'replayed']);
}

/** The signature stands last in the message; what stands before it is flipped here, a bit in every ninth byte. */
function flippedBits(order: Command): Uint8Array[] {
  const good = Buffer.from(JSON.stringify(order));
  const until = good.indexOf('"signature"');
  return Array.from({ length: Math.floor(until / 9) }, (_, index) => {
    const flipped = Buffer.from(good);
    flipped[index * 9] = (flipped[index * 9] ?? 0) ^ 0x01;
    return flipped;
  });
}

export async function changedSignature(trial: Trial): Promise<void> {
  const orders = Array.from({ length: 16 }, (_, index) => {
    const order = trial.order('unlock');
    const signature = Buffer.from(order.signature, 'hex');
    signature[index * 2] = (signature[index * 2] ?? 0) ^ (1 << (index % 8));
    return { ...order, signature: signature.toString('hex') };
  });
  await trial.mustIgnore(shots(orders), ['bad_signature']);
}

export async function unsigned(trial: Trial): Promise<void> {
  const signatures = [undefined, null, '', '00'.repeat(32), '00', true, []];
  await trial.mustIgnore(shots(signatures.map((signature) => ({ ...trial.order('unlock'), signature }))), ['bad_signature']);
}

export async function foreignKey(trial: Trial): Promise<void> {
  must(!KNOWN_KEYS.includes(trial.commandKey), 'Its own key is one that everybody knows');
  const keys = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex'), ...KNOWN_KEYS];
  await trial.mustIgnore(shots(keys.map((key) => trial.order('unlock', {}, key))), ['bad_signature']);
}

export async function oldKey(trial: Trial): Promise<void> {
  const old = trial.commandKey;
  const fresh = benchKey(old);
  await underKey(trial, fresh, async () => {
    await trial.mustIgnore([{ bytes: trial.order('unlock', {}, old) }], ['bad_signature']);
    await trial.mustDo('look');
  });
  await trial.mustIgnore([{ bytes: trial.order('unlock', {}, fresh) }], ['bad_signature']);
}
