// Somebody owns the broker: hears a whole day of the city, and says it all again a thousand times, in any order, to
// anybody, broken and whole, to units that were restarted, reset, cut off or whose clocks show the day of the tape.
// No bolt moves, no bay opens, no ride changes. What he has not got are the keys.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { Chance } from '../../firmware-sim/body/chance.js';
import { Modem } from '../../firmware-sim/unit/modem.js';
import { CHECKS, obeyBy, whyNotNow } from '../../firmware-sim/unit/obedience.js';
import type { Firmware } from '../../firmware-sim/unit/switch-on.js';
import { DownlinkService } from '../../src/commands/downlink.service.js';
import { IntakeService } from '../../src/uplink/intake.service.js';
import { BrokerTap, type Heard } from '../kit/broker-tap.js';
import type { TestScooter } from '../kit/garage.js';
import type { TestRider } from '../kit/people.js';
import { TruthLog } from '../kit/truth-log.js';
import { World } from '../kit/world.js';

const SEED = Number(process.env['SEED'] ?? 11);
const ROUNDS = Number(process.env['ROUNDS'] ?? 1_000);
/** So many of them through the real broker, up and down; the others straight into the ears of the units. */
const BROKER_ROUNDS = Number(process.env['BROKER_ROUNDS'] ?? 5);
const SCOOTERS = 14;
const RIDES_EACH = 3;
/** Units that are in a ride while it happens. */
const RIDDEN = 3;
const REST_EVERY = 25;
/** Real time for the city to hear the complaints of all units and to be itself again. */
const RECOVERS_WITHIN_MS = 120_000;

/** A modem whose socket is in the attacker's hand. */
const inHand = new Map<string, TakenModem>();
class TakenModem extends Modem {
  /** What the units complain of meanwhile he keeps from the city; they say it again afterwards. */
  static isSwallowed = false;

  constructor(...parts: ConstructorParameters<typeof Modem>) {
    super(...parts);
    inHand.set(parts[0].scooterId, this);
  }

  override say(topic: string, body: object): boolean {
    return !TakenModem.isSwallowed && super.say(topic, body);
  }

  hearFrom(topic: string, bytes: Buffer, retained: boolean): void {
    this.receive(topic, bytes, retained);
  }
}

const OWNED = { mayRead: () => true, mayWrite: () => true, mayRetain: () => true };
const forgetful: Partial<Firmware> = { Modem: TakenModem, obey: obeyBy(CHECKS.filter(({ reason }) => reason !== 'replayed'), whyNotNow) };

interface Said { readonly topic: string; readonly bytes: Buffer; readonly retained: boolean }

describe('whoever owns the broker', () => {
  const chance = new Chance(SEED);
  const scooters: TestScooter[] = [];
  const bays: string[] = [];
  let world: World;
  let truth: TruthLog;
  let tap: BrokerTap;
  let attacker: MqttClient;
  let replayed = 0;

  const park = async (firmware: Partial<Firmware> = { Modem: TakenModem }): Promise<TestScooter> => {
    let watch: ReturnType<TruthLog['watch']> | null = null;
    let bay = 'closed';
    const scooter = await world.garage.scooter({
      rangeKm: 60, firmware,
      watch: (written) => {
        watch?.(written);
        if (written.sensors?.bay === 'open' && bay !== 'open') bays.push(scooter.id);
        bay = written.sensors?.bay ?? bay;
      },
    });
    watch = truth.watch(scooter.id);
    return scooter;
  };

  beforeAll(async () => {
    world = await World.start({ doors: OWNED });
    truth = new TruthLog(() => world.clock.now());
    tap = await world.tap();
    attacker = await mqtt.connectAsync(world.serviceBrokerUrl, { protocolVersion: 4, clientId: `service-attacker-${String(process.pid)}` });
    while (scooters.length < SCOOTERS) scooters.push(await park());
  }, 60_000);
  afterAll(async () => {
    await attacker.endAsync(true);
    await world.stop();
  });

  const end = async (rider: TestRider, scooter: TestScooter, rideId: string): Promise<void> => {
    scooter.unit.park();
    await rider.post(`/rider/rides/${rideId}/end`);
    await rider.until(rideId, 'ended');
  };

  /** Rides with pauses, a crew at a bay, new keys: whatever is said in a day is on the tape. */
  const aDay = async (): Promise<void> => {
    const riders = await Promise.all(scooters.map(() => world.people.rider()));
    for (let turn = 0; turn < RIDES_EACH; turn++) {
      const ends = await Promise.all(scooters.map(async (scooter, at) => {
        const rider = riders[at] ?? (await world.people.rider());
        const { id } = await rider.take(scooter.id);
        if (at % 2 === turn % 2) {
          await rider.post(`/rider/rides/${id}/pause`);
          await rider.until(id, 'paused');
          await rider.post(`/rider/rides/${id}/resume`);
          await rider.until(id, 'riding');
        }
        return () => end(rider, scooter, id);
      }));
      await world.pass(600, 5);
      await Promise.all(ends.map((go) => go()));
      await world.pass(3_600, 4);
    }
    const operator = await world.people.staff('operator');
    for (const scooter of scooters.slice(1, 4)) {
      const before = tap.heard.length;
      await operator.post(`/operator/scooters/${scooter.id}/keys`, { reason: 'the tenth of the month' });
      await world.until(() => tap.heard.slice(before).some(({ text }) => text.includes('"key_kept"')), 'a new key');
    }
    await serve();
  };

  /** Another scooter, whose bay is opened once: what follows of it is the crews' business. */
  const serve = async (): Promise<void> => {
    const scooter = await park();
    scooters.push(scooter);
    await world.db.transaction((tx) => world.app.get(DownlinkService).command(tx, { scooterId: scooter.id, kind: 'open_bay', requestedBy: 'test' }));
    await world.until(() => scooter.unit.sensors.bay === 'open', 'an open bay');
    scooter.unit.put({ thing: 'bay', state: 'closed' });
  };

  const stateOfRides = (): Promise<unknown> => world.db.query(
    `select r.id, r.state, r.started_at, r.ended_at, r.fare_cents, (select count(*) from ride_steps s where s.ride_id = r.id) as steps from rides r order by r.id`);

  /** One word of the tape as the attacker says it this time. */
  const twist = ({ topic, text }: Heard, round: number): Said => {
    const bytes = Buffer.from(text);
    const at = Math.floor(chance.next() * bytes.length);
    const other = topic.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, scooters[Math.floor(chance.next() * scooters.length)]?.id ?? '');
    switch (round % 6) {
      case 1: return { topic: other, bytes, retained: false };
      case 2: return { topic, bytes, retained: true };
      case 3: return { topic, bytes: flipped(bytes, at, 1 << Math.floor(chance.next() * 8)), retained: false };
      case 4: return { topic, bytes: bytes.subarray(0, at), retained: false };
      // Said to be for somebody else inside, too.
      case 5: return { topic: other, bytes: Buffer.from(text.replaceAll(topic.split('/')[2] ?? '-', other.split('/')[2] ?? '-')), retained: false };
      default: return { topic, bytes, retained: false };
    }
  };

  /** What befalls the units between two rounds; a clock that shows the hour of the tape is the attacker's best hour. */
  const befall = (round: number, tapedAt: readonly number[]): void => {
    const unit = scooters[round % SCOOTERS]?.unit;
    const atMs = [0, tapedAt[Math.floor(chance.next() * tapedAt.length)] ?? 0, Date.UTC(2106, 1, 7, 6, 28, 15)][round % 3] ?? 0;
    unit?.setClock(round % 5 === 0 ? null : { atMs });
    if (round % 7 === 0) unit?.reboot();
    if (round % 11 === 0 && unit?.inRide === false) unit.factoryReset();
    if (round % 13 === 0) unit?.loseNetwork();
    else for (const each of scooters) each.unit.findNetwork();
  };

  const throughTheBroker = async (tape: readonly Heard[], round: number): Promise<void> => {
    for (const said of shuffled(tape, chance)) {
      // Upwards every word is a copy: what he makes up about a scooter is another crime than playing a tape.
      const { topic, bytes, retained } = said.topic.startsWith('v1/down/') ? twist(said, round) : { topic: said.topic, bytes: Buffer.from(said.text), retained: round % 6 === 2 };
      attacker.publish(topic, bytes, { qos: (round % 3) as 0 | 1 | 2, retain: retained });
      replayed += 1;
    }
    await attacker.publishAsync('v1/down/all/nothing', '', { qos: 1 });
    await world.pass(60, 2);
  };

  const intoTheEars = (down: readonly Heard[], round: number): void => {
    for (const word of shuffled(down, chance)) {
      const said = twist(word, round);
      const to = said.topic.split('/')[2] ?? '';
      const ears = inHand.has(to) ? [to] : round % REST_EVERY === 0 ? [...inHand.keys()] : [];
      for (const ear of ears) inHand.get(ear)?.hearFrom(said.topic, said.bytes, said.retained);
      replayed += 1;
    }
  };

  const attack = async (tape: readonly Heard[], rounds: number, brokerRounds: number): Promise<void> => {
    const down = tape.filter(({ topic }) => topic.startsWith('v1/down/'));
    const tapedAt = down.flatMap(({ text }) => { const [, notAfter] = /"notAfter":(\d+)/.exec(text) ?? []; return notAfter === undefined ? [] : [Number(notAfter) - 5_000]; });
    const brokerEvery = Math.floor(rounds / brokerRounds);
    for (let round = 0; round < rounds; round++) {
      befall(round, tapedAt);
      TakenModem.isSwallowed = round % brokerEvery !== 0;
      if (!TakenModem.isSwallowed) await throughTheBroker(tape, round / brokerEvery);
      else intoTheEars(down, round);
      if (round % REST_EVERY === 0) await world.turn();
    }
    TakenModem.isSwallowed = false;
    for (const { unit } of scooters) {
      unit.setClock(null);
      unit.findNetwork();
    }
  };

  const recover = async (): Promise<number> => {
    const began = performance.now();
    const isQuiet = () => world.app.get(IntakeService).isIdle && scooters.every(({ unit }) => unit.connected && unit.unreceiptedEvents === 0);
    while (!isQuiet() && performance.now() - began < RECOVERS_WITHIN_MS) {
      await world.turn();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(scooters.map(({ unit }) => [unit.connected, unit.unreceiptedEvents])).toEqual(scooters.map(() => [true, 0]));
    return (performance.now() - began) / 1000;
  };

  it('opens nothing with a thousand replays of a day, and the city goes on', async () => {
    await aDay();
    const tape = [...tap.heard];
    const rides = scooters.slice(0, RIDDEN).map((scooter) => ({ scooter, rider: null as TestRider | null, id: '' }));
    for (const ride of rides) {
      ride.rider = await world.people.rider();
      ride.id = (await ride.rider.take(ride.scooter.id)).id;
    }
    await world.until(() => scooters.every(({ unit }) => unit.unreceiptedEvents === 0), 'quiet units');
    const [before, moved, opened, books] = [await stateOfRides(), truth.moves.length, bays.length, await world.books()];
    const began = performance.now();
    await attack(tape, ROUNDS, BROKER_ROUNDS);
    const seconds = (performance.now() - began) / 1000;
    const recovered = await recover();
    process.stdout.write(`attacker, seed ${String(SEED)}: a day of ${String(moved)} moves of bolts on ${String(tape.length)} words, ${replayed.toLocaleString('en')} words said again `
      + `in ${seconds.toFixed(0)} s, all told after ${recovered.toFixed(0)} s\n`);

    expect(truth.moves.slice(moved)).toEqual([]);
    expect(truth.broken).toEqual([]);
    expect(bays).toHaveLength(opened);
    expect(await stateOfRides()).toEqual(before);
    expect(await world.books()).toEqual(books);
    expect(moved).toBeGreaterThan(2 * SCOOTERS * RIDES_EACH);
    expect(opened).toBe(1);

    for (const { scooter, rider, id } of rides) if (rider) await end(rider, scooter, id);
    for (const scooter of scooters.slice(0, SCOOTERS)) {
      await world.until(async () => (await world.garage.stateOf(scooter.id))['state'] === 'available', () => `${scooter.plate} for riders`);
      const rider = await world.people.rider();
      await end(rider, scooter, (await rider.take(scooter.id)).id);
    }
    expect(truth.broken).toEqual([]);
    await world.mustBeQuiet();
  }, 400_000);

  it('would have opened a scooter that forgets its nonces', async () => {
    const scooter = await park(forgetful);
    const rider = await world.people.rider();
    const from = tap.heard.length;
    await end(rider, scooter, (await rider.take(scooter.id)).id);
    const moved = truth.moves.length;
    await recover();
    scooters.push(scooter);
    for (const [, notAfter = 0] of tap.heard.slice(from).flatMap(({ text }) => { const found = /"kind":"unlock".*"notAfter":(\d+)/.exec(text); return found ? [[0, Number(found[1])] as const] : []; })) {
      scooter.unit.setClock({ atMs: notAfter - 5_000 });
      intoTheEars(tap.heard.slice(from), 0);
    }
    expect(truth.moves.slice(moved).some(({ scooterId, kind }) => scooterId === scooter.id && kind === 'opened')).toBe(true);
  }, 60_000);
});

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ bit;
  return copy;
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(chance.next() * (last + 1));
    const [a, b] = [copy[last], copy[other]];
    if (a !== undefined && b !== undefined) [copy[last], copy[other]] = [b, a];
  }
  return copy;
}
