// Every way a ride can end out of reach, heard of at once or two days later, from units that were restarted and units
// whose clocks are wrong: each is billed to the cent for the minutes that were ridden. Seeded, so what fails fails again.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Chance } from '../../firmware-sim/body/chance.js';
import type { ClockSet } from '../../firmware-sim/unit/senses.js';
import type { TestScooter } from '../kit/garage.js';
import type { TestRider } from '../kit/people.js';
import { World } from '../kit/world.js';

const SEED = 20261123;
const MINUTE = 60;
const HOUR = 3600;
const clocks: readonly (readonly [name: string, set: ClockSet])[] = [
  ['right', null], ['an hour slow', { byMs: -HOUR * 1000 }], ['a year fast', { byMs: 365 * 24 * HOUR * 1000 }],
  ['in 1970', { atMs: 0 }], ['in 2106', { atMs: Date.UTC(2106, 1, 7, 6, 28, 15) }],
];
const ways = ['button', 'bluetooth', 'keypad', 'power lost'] as const;
type Way = (typeof ways)[number];

interface Case { readonly name: string; readonly way: Way; readonly reboots: boolean; readonly clock: ClockSet; readonly minute: number }
interface OnTheWay extends Case { readonly rider: TestRider; readonly scooter: TestScooter; readonly rideId: string; readonly startedAt: number; readonly pass: string; readonly code: string }

/** `STORMS=1` (the long storms) rides all of them; every day it is one in four, another quarter for each delay. */
const IS_LONG = process.env['STORMS'] === '1';
const SHARE = 4;

/** Each at a minute of its own. */
function table(delaySeconds: number): Case[] {
  const chance = new Chance(SEED + delaySeconds);
  const all = clocks.flatMap(([clockName, clock]) => [false, true].flatMap((reboots) => ways.map((way) => ({
    name: `${way}, ${reboots ? 'restarted' : 'not restarted'}, clock ${clockName}`, way, reboots, clock, minute: 3 + Math.floor(chance.next() * 5),
  }))));
  return IS_LONG ? all : all.filter((_, number) => number % SHARE === (delaySeconds / MINUTE) % 7 % SHARE);
}

describe('a ride that ends out of reach', () => {
  let world: World;
  beforeEach(async () => { world = await World.start(); });
  afterEach(async () => {
    await world.mustBeQuiet();
    await world.stop();
  });

  const setOff = async (one: Case): Promise<OnTheWay> => {
    const [rider, scooter] = [await world.people.rider(), await world.garage.scooter({ rangeKm: 60 })];
    const { id: rideId } = await rider.take(scooter.id);
    const { startedAt, offline } = await rider.ride(rideId);
    scooter.unit.loseNetwork();
    scooter.unit.setClock(one.clock);
    return { ...one, rider, scooter, rideId, startedAt: new Date(startedAt ?? 0).getTime(), pass: offline?.pass ?? '', code: offline?.code ?? '' };
  };
  /** To its minute, and away from the turn of a minute, where a millisecond on the air would decide. */
  const rideOn = async ({ startedAt, minute }: OnTheWay): Promise<number> => {
    const rodeMs = (): number => world.clock.now().getTime() - startedAt;
    await world.pass(Math.max(0, (minute * 60_000 - rodeMs()) / 1000));
    const secondOfMinute = (rodeMs() / 1000) % 60;
    if (secondOfMinute < 15 || secondOfMinute > 45) await world.pass((75 - secondOfMinute) % 60);
    return rodeMs();
  };
  const end = ({ way, scooter: { unit }, pass, code }: OnTheWay): void => {
    unit.park();
    if (way === 'button') expect(unit.act({ by: 'button' })).toBeNull();
    if (way === 'bluetooth') expect(unit.act({ by: 'bluetooth', pass, doing: 'end' })).toBeNull();
    if (way === 'keypad') expect(unit.act({ by: 'keypad', code, doing: 'end' })).toBeNull();
    if (way === 'power lost') unit.cutPower();
  };
  const comeBack = ({ way, reboots, scooter: { unit } }: OnTheWay): void => {
    if (way === 'power lost') unit.powerBack();
    if (reboots) unit.reboot();
    unit.findNetwork();
  };

  it.each<[string, number, number]>([
    ['at once', 0, 1], ['after ten minutes', 10 * MINUTE, 4], ['after an hour', HOUR, 6], ['after a day', 24 * HOUR, 24], ['after two days', 48 * HOUR, 48],
  ])('and is heard of %s is billed for its minutes', async (_when, delaySeconds, steps) => {
    const rides: OnTheWay[] = [];
    for (const one of table(delaySeconds)) rides.push(await setOff(one));
    const due = new Map<string, number>();
    for (const ride of [...rides].sort((a, b) => a.minute - b.minute)) {
      const rodeMs = await rideOn(ride);
      end(ride);
      due.set(ride.rideId, Math.ceil(rodeMs / 60_000) * 28);
    }
    if (delaySeconds > 0) await world.pass(delaySeconds, steps);
    for (const ride of rides) comeBack(ride);

    for (const ride of rides) {
      const cents = due.get(ride.rideId) ?? -1;
      await world.until(async () => {
        const seen = await ride.rider.ride(ride.rideId);
        return seen.state === 'ended' && seen.fareCents === cents && seen.payment.paidCents === cents;
      }, `${String(cents)} cents for ${ride.name}`);
    }
    const { fares, captured, debts } = await world.books();
    expect(captured).toBe(fares);
    expect(debts).toBe(0);
  }, 180_000);
});
