// How a unit takes a new command key, and what it does not take for one.
import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { KEY_NOTES, KeyRing, keyInForce } from '../../firmware-sim/unit/key-ring.js';
import { assemble } from '../../firmware-sim/unit/flash.js';
import type { Happening, Scooter } from '../../firmware-sim/unit/scooter.js';
import { sealKey, type KeyOffer } from '../../src/telematics/wire.js';

const ID = '018f0000-0000-7000-8000-00000000000a';
const OTHER = '018f0000-0000-7000-8000-00000000000b';
const card = {
  scooterId: ID, plate: 'A-1', vin: 'VF9A0000001', password: 'p', commandKey: 'a1'.repeat(16) + 'b2'.repeat(16),
  latitude: 48.85, longitude: 2.35, batterySerial: 'P', chargePercent: 80, odometerM: 0,
};
const secret = (): string => randomBytes(32).toString('hex');

/** A unit with flash, and what it said, in the order in which it was done. */
function unit(change: Partial<Scooter> = {}, burntIn = card.commandKey) {
  const done: string[] = [];
  let note: string | null = null;
  let nowMs = 1_000_000;
  let scooter: Scooter = { ...assemble({ ...card, commandKey: burntIn }, {}), ...change };
  const ring = new KeyRing({
    scooterId: ID, serviceKey: null, hasPower: () => true, nowMs: () => nowMs, scooter: () => scooter,
    become: (next: Scooter) => { scooter = next; done.push('become'); },
    tell: (what: Happening) => { done.push(what.kind === 'key_kept' ? `kept ${String(what.keyId)}` : what.kind); },
    fix: () => { throw new Error('nobody asked where it is'); },
    note: () => note, writeNote: (text: string) => { note = text; done.push('flash'); },
    reboot: () => undefined,
  });
  return {
    done, key: () => scooter.commandKey,
    hear: (offer: KeyOffer | string) => { ring.hear(Buffer.from(typeof offer === 'string' ? offer : JSON.stringify(offer))); },
    pass: (ms: number) => { nowMs += ms; },
    afterPowerCut: () => assemble({ ...card, commandKey: burntIn }, note === null ? {} : { notes: { [KEY_NOTES]: note } }).commandKey,
    note: () => note ?? undefined,
  };
}

describe('the key ring of a unit', () => {
  it('writes a new key into flash before it says so, obeys it from then on, and has it after a power cut', () => {
    const a = unit();
    const next = secret();
    a.hear(sealKey(card.commandKey, ID, 2, next));
    expect(a.done).toEqual(['flash', 'become', 'kept 2']);
    expect([a.key(), a.afterPowerCut()]).toEqual([next, next]);
  });

  it('takes the next one sealed under the last one', () => {
    const a = unit();
    const [second, third] = [secret(), secret()];
    a.hear(sealKey(card.commandKey, ID, 2, second));
    a.hear(sealKey(second, ID, 7, third));
    expect([a.key(), a.done.at(-1)]).toEqual([third, 'kept 7']);
  });

  it.each([
    ['sealed for another scooter',     sealKey(card.commandKey, OTHER, 2, secret())],
    ['sealed under another key',       sealKey(secret(), ID, 2, secret())],
    ['with another number on it',      { ...sealKey(card.commandKey, ID, 2, secret()), keyId: 3 }],
    ['with the number it has',         sealKey(card.commandKey, ID, 1, secret())],
    ['with a bit flipped',             { keyId: 2, sealed: sealKey(card.commandKey, ID, 2, secret()).sealed.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }],
    ['that everybody knows: one byte', sealKey(card.commandKey, ID, 2, 'ff'.repeat(32))],
    ['that everybody knows: a word',   sealKey(card.commandKey, ID, 2, 'deadbeef'.repeat(8))],
    ['that everybody knows: a count',  sealKey(card.commandKey, ID, 2, Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('hex'))],
    ['in half a message',              JSON.stringify(sealKey(card.commandKey, ID, 2, secret())).slice(0, 40)],
    ['with a word more',               JSON.stringify({ ...sealKey(card.commandKey, ID, 2, secret()), hurry: true })],
  ])('does not take one %s', (_, offer) => {
    const a = unit();
    a.hear(offer);
    expect([a.done, a.key()]).toEqual([[], card.commandKey]);
  });

  it('takes none that was there before: the number only rises', () => {
    const a = unit();
    const first = sealKey(card.commandKey, ID, 2, secret());
    a.hear(first);
    const key = a.key();
    a.hear(sealKey(key, ID, 2, secret()));
    a.hear(sealKey(card.commandKey, ID, 3, secret()));
    expect(a.key()).toBe(key);
  });

  it('takes none during a ride, for the pass in the rider\'s phone hangs on the one it has', () => {
    const a = unit({ inRide: true });
    a.hear(sealKey(card.commandKey, ID, 2, secret()));
    expect([a.done, a.key()]).toEqual([[], card.commandKey]);
  });

  it('says again that it has it when it is offered again, but not to whoever asks a thousand times', () => {
    const a = unit();
    const offer = sealKey(card.commandKey, ID, 2, secret());
    for (let i = 0; i < 1000; i++) a.hear(offer);
    a.pass(30_000);
    for (let i = 0; i < 1000; i++) a.hear(offer);
    expect(a.done).toEqual(['flash', 'become', 'kept 2', 'kept 2']);
  });

  it('forgets its notes when another key is burnt in', () => {
    const a = unit();
    const next = secret();
    a.hear(sealKey(card.commandKey, ID, 2, next));
    const burnt = secret();
    expect(keyInForce(card.commandKey, a.note())).toBe(next);
    expect(keyInForce(burnt, a.note())).toBe(burnt);
  });
});
