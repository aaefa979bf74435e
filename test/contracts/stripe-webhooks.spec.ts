// Who may tell us that money moved: only Stripe, and only now.
import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { whyNotStripe } from '../../src/cards/webhook-signature.js';

const SECRET = 'whsec_of_the_test';
const NOW = new Date('2026-11-23T09:00:00Z');
const at = (ageSeconds: number): number => NOW.getTime() / 1000 - ageSeconds;
const body = Buffer.from('{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1"}}}');
const sign = (t: number, content: Buffer | string = body, secret = SECRET): string =>
  createHmac('sha256', secret).update(`${String(t)}.`).update(content).digest('hex');

describe('a message of Stripe', () => {
  it.each`
    age     | taken
    ${0}    | ${true}
    ${300}  | ${true}
    ${301}  | ${false}
    ${86400} | ${false}
    ${-60}  | ${true}
    ${-61}  | ${false}
    ${-3600} | ${false}
  `('$age seconds old is taken: $taken', ({ age, taken }) => {
    const t = at(Number(age));
    expect(whyNotStripe(body, `t=${String(t)},v1=${sign(t)}`, SECRET, NOW) === null).toBe(taken);
  });

  const t = at(1);
  const right = sign(t);
  it.each`
    what                              | header                                                | taken
    ${'one right signature'}          | ${`t=${String(t)},v1=${right}`}                       | ${true}
    ${'an old secret beside the new'} | ${`t=${String(t)},v1=${'0'.repeat(64)},v1=${right}`}  | ${true}
    ${'a test signature beside'}      | ${`t=${String(t)},v1=${right},v0=${'0'.repeat(64)}`}  | ${true}
    ${'no signature'}                 | ${`t=${String(t)}`}                                   | ${false}
    ${'an empty header'}              | ${''}                                                 | ${false}
    ${'an empty signature'}           | ${`t=${String(t)},v1=`}                               | ${false}
    ${'the wrong secret'}             | ${`t=${String(t)},v1=${sign(t, body, 'whsec_other')}`} | ${false}
    ${'another time than signed'}     | ${`t=${String(t - 1)},v1=${right}`}                   | ${false}
    ${'only the old scheme'}          | ${`t=${String(t)},v0=${right}`}                       | ${false}
    ${'no time'}                      | ${`v1=${right}`}                                      | ${false}
    ${'a time that is no number'}     | ${`t=now,v1=${right}`}                                | ${false}
    ${'a huge header'}                | ${`t=${String(t)},v1=${'a'.repeat(100_000)}`}         | ${false}
  `('with $what is taken: $taken', ({ header, taken }) => {
    expect(whyNotStripe(body, String(header), SECRET, NOW) === null).toBe(taken);
  });

  it('is refused when one byte of it changed, or it was written anew', () => {
    const header = `t=${String(t)},v1=${right}`;
    expect(whyNotStripe(Buffer.concat([body, Buffer.from(' ')]), header, SECRET, NOW)).toBe('signature_wrong');
    expect(whyNotStripe(Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1)), header, SECRET, NOW)).toBe('signature_wrong');
    expect(whyNotStripe(null, header, SECRET, NOW)).toBe('signature_wrong');
  });

  it('is read as Stripe’s own library reads it', () => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload: body.toString(), secret: SECRET, timestamp: at(5) });
    expect(whyNotStripe(body, header, SECRET, NOW)).toBeNull();
  });
});
