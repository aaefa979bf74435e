import { describe, expect, it } from '@jest/globals';
import type { ScooterId } from '../../src/platform/ids.js';
import type { UplinkKind } from '../../src/telematics/sequence.js';
import { Inbox } from '../../src/uplink/inbox.js';

const put = (inbox: Inbox, scooter: string, kind: UplinkKind, text: string): string | null =>
  inbox.put({ scooterId: scooter as ScooterId, kind, payload: Buffer.from(text), receivedAt: new Date(0) })?.payload.toString() ?? null;
const take = (inbox: Inbox): string | null => inbox.take()?.payload.toString() ?? null;
const telemetry = (inbox: Inbox, most = 10): string[] => inbox.takeTelemetry(most).map(({ payload }) => payload.toString());

describe('what waits for its turn', () => {
  it('never works on two messages of one scooter at once', () => {
    const inbox = new Inbox();
    put(inbox, 'a', 'events', 'a1');
    put(inbox, 'a', 'events', 'a2');
    expect([take(inbox), take(inbox)]).toEqual(['a1', null]);
    inbox.done('a' as ScooterId);
    expect(take(inbox)).toBe('a2');
  });

  it('keeps what cannot wait apart from telemetry, of whichever scooter', () => {
    const inbox = new Inbox();
    put(inbox, 'a', 'telemetry', 'a1');
    put(inbox, 'b', 'events', 'b1');
    put(inbox, 'c', 'presence', 'c1');
    expect([take(inbox), take(inbox), take(inbox)]).toEqual(['b1', 'c1', null]);
    expect(telemetry(inbox)).toEqual(['a1']);
  });

  it('gives telemetry of many scooters at once, oldest first, and no scooter twice', () => {
    const inbox = new Inbox();
    for (const scooter of ['a', 'b', 'c', 'd']) put(inbox, scooter, 'telemetry', `${scooter}1`);
    put(inbox, 'b', 'events', 'b0');
    expect(take(inbox)).toBe('b0');
    expect(telemetry(inbox, 2)).toEqual(['a1', 'c1']);
    put(inbox, 'a', 'telemetry', 'a2');
    expect(telemetry(inbox)).toEqual(['d1']);
    for (const scooter of ['a', 'b']) inbox.done(scooter as ScooterId);
    expect([telemetry(inbox), inbox.telemetrySize]).toEqual([['b1', 'a2'], 0]);
  });

  it('keeps of telemetry only the newest, and says when it threw one away', () => {
    const inbox = new Inbox();
    expect(put(inbox, 'a', 'telemetry', 'old')).toBeNull();
    expect(put(inbox, 'a', 'telemetry', 'new')).toBe('old');
    expect([inbox.size, telemetry(inbox), telemetry(inbox)]).toEqual([1, ['new'], []]);
  });

  it('never throws an event away', () => {
    const inbox = new Inbox();
    for (let n = 0; n < 5000; n++) expect(put(inbox, 'a', 'events', String(n))).toBeNull();
    expect(inbox.size).toBe(5000);
  });

  it('lets a scooter with many events keep out nobody', () => {
    const inbox = new Inbox();
    for (const text of ['a1', 'a2', 'a3']) put(inbox, 'a', 'events', text);
    put(inbox, 'b', 'events', 'b1');
    expect(take(inbox)).toBe('a1');
    inbox.done('a' as ScooterId);
    expect(take(inbox)).toBe('b1');
  });

  it('is idle when nothing waits and nobody is busy', () => {
    const inbox = new Inbox();
    expect(inbox.isIdle).toBe(true);
    put(inbox, 'a', 'events', 'a1');
    expect(inbox.isIdle).toBe(false);
    inbox.take();
    expect(inbox.isIdle).toBe(false);
    inbox.done('a' as ScooterId);
    expect(inbox.isIdle).toBe(true);
  });
});
