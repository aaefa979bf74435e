// The rules of a life without a network: was it done, has it died, and from what is a bill given back.
import { describe, expect, it } from '@jest/globals';
import { diedAt, type LastHeard } from '../../src/offline/why-dead.js';
import { wasDone } from '../../src/offline/was-done.js';
import { howToGiveBack, type GivenBack } from '../../src/refunds/how-to-give-back.js';
import { correctionEntries, refundEntries } from '../../src/ledger/posting.js';

const at = (minutes: number): Date => new Date(1_800_000_000_000 + minutes * 60_000);
const sensors = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' } as const;

describe('what somebody did at the scooter', () => {
  it.each([
    ['end', 'closed', true], ['end', 'open', false], ['pause', 'closed', true], ['pause', 'open', false],
    ['resume', 'open', true], ['resume', 'closed', false],
  ] as const)('%s with the bolt %s was done: %s', (doing, lock, done) => {
    expect(wasDone({ doing, sensors: { ...sensors, lock } })).toBe(done);
  });
});

describe('a silent scooter', () => {
  const silent: LastHeard = { connected: false, connectionChangedAt: at(1), lastSeenAt: at(0), chargePercent: 3 };
  it.each<[string, Partial<LastHeard>, number, boolean]>([
    ['has died with an empty pack after ten minutes',       {},                            11,   true],
    ['is only silent a moment before',                      {},                            10.9, false],
    ['is only silent with a little more charge',            { chargePercent: 3.1 },        600,  false],
    ['is not taken for empty when nobody knows',            { chargePercent: null },       600,  false],
    ['is not taken for empty by a gauge that says no number', { chargePercent: NaN },      600,  false],
    ['has not died while the broker still has it',          { connected: true },           600,  false],
    ['counts its silence from the broker’s word, too',      { connectionChangedAt: at(5) }, 14.9, false],
    ['that never spoke never died',                         { lastSeenAt: null },          600,  false],
  ])('%s', (_what, changes, nowMinutes, died) => {
    expect(diedAt({ ...silent, ...changes }, at(nowMinutes - 10))).toEqual(died ? at(0) : null);
  });
});

describe('a bill that was too high', () => {
  const paid = (paymentId: string, leftCents: number) => ({ paymentId, paymentIntentId: `pi_${paymentId}`, leftCents });
  const from = (paymentId: string, amountCents: number) => ({ paymentId, paymentIntentId: `pi_${paymentId}`, amountCents });
  it.each<[string, number, number, ReturnType<typeof paid>[], GivenBack | null]>([
    ['comes back from the one payment',                 308,  0,    [paid('hold', 1000)],                   { forgiveCents: 0, refunds: [from('hold', 308)] }],
    ['comes back from the newest payment first',        3080, 0,    [paid('rest', 2360), paid('hold', 1000)], { forgiveCents: 0, refunds: [from('rest', 2360), from('hold', 720)] }],
    ['is forgiven as far as it is still owed',          3080, 2360, [paid('hold', 1000)],                   { forgiveCents: 2360, refunds: [from('hold', 720)] }],
    ['is only forgiven where nothing was paid',         280,  3360, [],                                     { forgiveCents: 280, refunds: [] }],
    ['leaves alone what was given back before',         100,  0,    [paid('rest', 0), paid('hold', 100)],   { forgiveCents: 0, refunds: [from('hold', 100)] }],
    ['waits while its money is not there yet',          3080, 0,    [paid('hold', 1000)],                   null],
  ])('%s', (...[, amountCents, debtCents, received, how]) => {
    expect(howToGiveBack({ amountCents, debtCents, received })).toEqual(how);
  });

  it('is taken back in the books from what we earned and from the tax, and balances', () => {
    expect(correctionEntries({ totalCents: 3360, netCents: 2800, taxCents: 560 }, { totalCents: 280, netCents: 233, taxCents: 47 })).toEqual([
      { account: 'ride_revenue', side: 'debit', amountCents: 2567 },
      { account: 'vat_collected', side: 'debit', amountCents: 513 },
      { account: 'riders_receivable', side: 'credit', amountCents: 3080 },
    ]);
    expect(refundEntries(3080)).toEqual([
      { account: 'riders_receivable', side: 'debit', amountCents: 3080 }, { account: 'stripe_balance', side: 'credit', amountCents: 3080 },
    ]);
    const fare = { totalCents: 280, netCents: 233, taxCents: 47 };
    expect(() => correctionEntries(fare, fare)).toThrow();
    expect(() => correctionEntries(fare, { totalCents: 308, netCents: 257, taxCents: 51 })).toThrow();
  });
});
