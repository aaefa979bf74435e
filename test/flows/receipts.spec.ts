// A scooter may forget an event when it has its receipt; so the receipt goes out when the database has the event for
// good, and not a moment before. (Promise T3.)
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '../../src/telematics/wire.js';
import { UplinkService } from '../../src/uplink/uplink.service.js';
import type { BrokerTap } from '../kit/broker-tap.js';
import type { TestScooter } from '../kit/garage.js';
import { World } from '../kit/world.js';

describe('the receipt of an event', () => {
  let world: World;
  let tap: BrokerTap;
  beforeAll(async () => {
    world = await World.start();
    tap = await world.tap();
  });
  afterEach(async () => { await world.mustBeQuiet(); });
  afterAll(async () => { await world.stop(); });

  /** Says no at the very last instant: everything is written, and the commit does not come. */
  const refuseCommits = () => world.db.query(`
    create or replace function not_today() returns trigger language plpgsql as $$ begin raise exception 'not today'; end $$;
    create constraint trigger not_today after insert on scooter_events deferrable initially deferred
      for each row when (new.kind = 'bay_opened') execute function not_today()`);
  const allowCommits = () => world.db.query('drop trigger not_today on scooter_events');
  const stored = async ({ id }: TestScooter): Promise<number> =>
    (await world.db.query<unknown[]>(`select 1 from scooter_events where scooter_id = $1 and kind = 'bay_opened'`, [id])).length;
  const said = ({ id }: TestScooter) => tap.on(topics.eventsFrom(id)).filter(({ kind }) => kind === 'bay_opened');
  const receiptOf = ({ id }: TestScooter, { boot, seq }: Record<string, unknown>) =>
    tap.on(topics.receiptsTo(id)).filter((receipt) => receipt['boot'] === boot && receipt['seq'] === seq);

  it('follows the commit, and until then the scooter keeps the event and says it again', async () => {
    const scooter = await world.garage.scooter();
    await world.until(() => scooter.unit.unreceiptedEvents === 0, 'a scooter at peace');
    await refuseCommits();
    scooter.unit.put({ thing: 'bay', state: 'forced' });
    await world.until(() => said(scooter).length >= 2, 'said again');
    expect(said(scooter).flatMap((one) => receiptOf(scooter, one))).toEqual([]);
    expect([await stored(scooter), scooter.unit.unreceiptedEvents]).toEqual([0, 1]);

    await allowCommits();
    await world.until(() => scooter.unit.unreceiptedEvents === 0, 'receipted');
    expect(await stored(scooter)).toBe(1);
    expect(new Set(said(scooter).map(({ boot, seq }) => `${String(boot)}.${String(seq)}`)).size).toBe(1);
    scooter.unit.put({ thing: 'bay', state: 'closed' });
  });

  it('is given again for an event that is said again, which is told on once', async () => {
    const scooter = await world.garage.scooter();
    scooter.unit.put({ thing: 'bay', state: 'forced' });
    await world.until(async () => (await stored(scooter)) === 1 && scooter.unit.unreceiptedEvents === 0, 'stored');
    const [event] = said(scooter);
    if (!event) throw new Error('nothing was said');
    const facts = async (): Promise<number> =>
      (await world.db.query<unknown[]>(`select 1 from outbox_events where name = 'scooter.bay_opened' and payload ->> 'scooterId' = $1`, [scooter.id])).length;
    const receipts = receiptOf(scooter, event).length;
    expect(await facts()).toBe(1);
    for (const seconds of [1, 3_600, 48 * 3_600]) {
      const receivedAt = new Date(world.clock.now().getTime() + seconds * 1000);
      const payload = Buffer.from(JSON.stringify({ ...event, ageMs: seconds * 1000 }));
      expect(await world.app.get(UplinkService).receive({ scooterId: scooter.id, kind: 'events', payload, receivedAt })).toBe('repeated');
    }
    expect([await facts(), await stored(scooter)]).toEqual([1, 1]);
    await world.until(() => receiptOf(scooter, event).length === receipts + 3, 'three receipts more');
    scooter.unit.put({ thing: 'bay', state: 'closed' });
  });
});
