// Vectors about bytes that are no message: cut, too many, in no or another encoding, with words too many.
// Each is made from an order that would be obeyed.
import { randomUUID } from 'node:crypto';
import { MAX_MESSAGE_BYTES } from '../../src/telematics/wire.js';
import { type Shot, type Trial } from '../trial.js';

const text = (trial: Trial): string => JSON.stringify(trial.order('unlock'));
const shots = (all: readonly (string | Uint8Array)[]): Shot[] => all.map((bytes) => ({ bytes }));

export async function bytesCut(trial: Trial): Promise<void> {
  const whole = text(trial);
  const pieces = [0, 1, 2, 40, Math.floor(whole.length / 2), whole.length - 66, whole.length - 1].map((length) => whole.slice(0, length));
  await trial.mustIgnore(shots([...pieces, 'null', '[]', '""', '0', '{}', `[${text(trial)}]`]), []);
}

export async function bytesTooMany(trial: Trial): Promise<void> {
  const padded = [1, 2000].map((more) => text(trial).replace(/\}$/, ' '.repeat(MAX_MESSAGE_BYTES + more - text(trial).length)) + '}');
  await trial.mustIgnore(shots(padded), []);
}

export async function bytesNotUtf8(trial: Trial): Promise<void> {
  const whole = (): Buffer => Buffer.from(text(trial));
  const at = whole().indexOf('unlock');
  const inside = Buffer.concat([whole().subarray(0, at), Buffer.from([0xc3, 0x28, 0xff]), whole().subarray(at)]);
  await trial.mustIgnore(shots([
    inside, Buffer.concat([whole(), Buffer.from([0xff])]), Buffer.concat([Buffer.from([0xff, 0xfe]), whole()]), Buffer.from(text(trial), 'utf16le'),
    Buffer.alloc(300), Buffer.alloc(300, 0xff),
  ]), []);
}

export async function strangeFields(trial: Trial): Promise<void> {
  const withField = (field: string): string => text(trial).replace(/\}$/, `,${field}}`);
  await trial.mustIgnore(shots([
    withField('"__proto__":{"kind":"unlock"}'), withField('"constructor":{"prototype":{"lastNonce":0}}'), withField('"note":"x"'),
    withField('"force":true'), withField(`"scooterIds":["${randomUUID()}"]`),
  ]), []);
}

export async function numberAsString(trial: Trial): Promise<void> {
  const [a, b, c] = [trial.order('unlock'), trial.order('unlock'), trial.order('unlock')];
  const orders = [{ ...a, nonce: String(a.nonce) }, { ...b, notAfter: String(b.notAfter) }, { ...c, nonce: [c.nonce] }];
  await trial.mustIgnore(orders.map((bytes) => ({ bytes })), ['bad_signature']);
}
