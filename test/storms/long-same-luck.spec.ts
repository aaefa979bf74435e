// Trouble that was seen once can be seen again: a fleet with the same seed and the same faults lives through the same
// hour, message by message. Time is the test's alone, and behind the radios stands a network without any service.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IClientOptions, MqttClient } from 'mqtt';
import { Chance } from '../../firmware-sim/body/chance.js';
import { faultNames, type Faults } from '../../firmware-sim/body/faults.js';
import { placeBeside } from '../../firmware-sim/body/geo.js';
import { FlashStore } from '../../firmware-sim/unit/flash.js';
import { Modem } from '../../firmware-sim/unit/modem.js';
import { SimulatedScooter } from '../../firmware-sim/unit/simulated-scooter.js';
import { BASTILLE } from '../kit/places.js';
import { TestClock } from '../kit/test-clock.js';

const SCOOTERS = 50;
const MINUTES = 60;
const STEP_MS = 1_000;
const HANDSHAKE_MS = 40;
/** Each of them, and often enough to meet every scooter in an hour. */
const EVERYTHING: Faults = {
  lost: 0.1, late: 0.1, doubled: 0.1, out_of_order: 0.1, offline: 0.2, drifting_gps: 0.2,
  jammed_lock: 0.2, brown_out: 0.1, wrong_clock: 0.5, mute: 0.1, no_last_gasp: 0.5,
};

interface Lived { readonly tape: string; readonly messages: number; readonly kinds: ReadonlySet<string>; readonly boots: number; readonly wrongClocks: ReadonlySet<string> }

/** A line that works unless the unit breaks it, and writes down whatever is said into it. */
class Line extends EventEmitter {
  connected = false;
  readonly stream = { destroy: (): void => { this.drop(); } };

  constructor(
    readonly options: IClientOptions,
    private readonly heard: (topic: string, text: string) => void,
  ) {
    super();
    this.reconnect();
  }

  reconnect(): void {
    setTimeout(() => {
      this.connected = true;
      this.emit('connect');
    }, HANDSHAKE_MS);
  }

  subscribe(_topics: string[], _options: object, done: (error: Error | null) => void): void {
    done(null);
  }

  publish(topic: string, text: string): void {
    this.heard(topic, text);
  }

  endAsync(): Promise<void> {
    return Promise.resolve();
  }

  private drop(): void {
    if (!this.connected) return;
    this.connected = false;
    setTimeout(() => this.emit('close'), 0);
  }
}

async function liveAnHour(seed: number, faults: Faults): Promise<Lived> {
  jest.useFakeTimers();
  const clock = new TestClock();
  const began = performance.now();
  const tape: string[] = [];
  class Dialled extends Modem {
    protected override dial(_url: string, options: IClientOptions): MqttClient {
      const line: unknown = new Line(options, (topic, text) => tape.push(`${String(Math.round(performance.now() - began))} ${topic} ${text}`));
      return line as MqttClient;
    }
  }
  const flash = FlashStore.inMemory();
  const fleet: SimulatedScooter[] = [];
  for (let number = 0; number < SCOOTERS; number++) {
    const scooterId = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
    const card = {
      scooterId, plate: `LUCK-${String(number)}`, vin: `VF9LUCK${String(number)}`, password: 'x', commandKey: '11'.repeat(32),
      ...placeBeside(BASTILLE, number, number), batterySerial: `PACK-${String(number)}`, chargePercent: 2 + (number % 10) * 10, odometerM: 0,
    };
    const on = SimulatedScooter.switchOn({ mqttUrl: 'mqtt://nobody', card, clock, flash: flash.of(scooterId), seed, faults, firmware: { Modem: Dialled } });
    await jest.advanceTimersByTimeAsync(HANDSHAKE_MS);
    fleet.push(await on);
  }
  const hands = Chance.of(seed, 'hands');
  for (let step = 0; step < (MINUTES * 60_000) / STEP_MS; step++) {
    await jest.advanceTimersByTimeAsync(STEP_MS);
    if (step % 5 === 0) touch(fleet[Math.floor(hands.next() * SCOOTERS)], hands);
    for (const unit of fleet) unit.tick();
  }
  for (const unit of fleet) await unit.switchOff();
  const bodies = tape.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as { kind?: string; boot: number; clockMs?: number });
  jest.useRealTimers();
  return {
    tape: createHash('sha256').update(tape.join('\n')).digest('hex'),
    messages: tape.length,
    kinds: new Set(bodies.flatMap(({ kind }) => kind ?? [])),
    boots: Math.max(...bodies.map(({ boot }) => boot)),
    wrongClocks: new Set(bodies.flatMap(({ clockMs }) => (clockMs === undefined ? [] : [new Date(clockMs).toISOString().slice(0, 4)]))),
  };
}

/** What passers-by do to scooters that are not theirs. */
function touch(unit: SimulatedScooter | undefined, hands: Chance): void {
  const away = placeBeside(BASTILLE, hands.between(-400, 400), hands.between(-400, 400));
  const dice = hands.next();
  if (dice < 0.3) unit?.push([away]);
  else if (dice < 0.6) unit?.hotWire({ waypoints: [away] });
  else if (dice < 0.7) unit?.put({ thing: 'bay', state: 'forced' });
  else if (dice < 0.8) unit?.swap('FRESH', 90);
  else if (dice < 0.9) unit?.put({ thing: 'body', state: 'fallen' });
  else unit?.put({ thing: 'stand', state: 'down' });
}

describe('a fleet', () => {
  beforeEach(() => { jest.useRealTimers(); });
  afterEach(() => { jest.useRealTimers(); });

  it('lives through the same hour twice, with every fault there is, and through another one with another seed', async () => {
    expect(Object.keys(EVERYTHING).sort()).toEqual([...faultNames].sort());
    const [first, again, other] = [await liveAnHour(7, EVERYTHING), await liveAnHour(7, EVERYTHING), await liveAnHour(8, EVERYTHING)];
    process.stdout.write(`same luck: ${String(first.messages)} messages, boots up to ${String(first.boots)}, ${[...first.kinds].join(', ')}; clocks in ${[...first.wrongClocks].sort().join(', ')}\n`);
    expect(again).toEqual(first);
    expect(other.tape).not.toBe(first.tape);
    expect(first.messages).toBeGreaterThan(SCOOTERS * 20);
    expect(first.boots).toBeGreaterThan(3);
    expect([...first.kinds]).toEqual(expect.arrayContaining(['started', 'moved_without_ride', 'bay_opened', 'bay_closed', 'fell', 'power_lost']));
    expect([...first.wrongClocks]).toEqual(expect.arrayContaining(['1970', '2007', '2025', '2026', '2027', '2038', '2106']));
  }, 60_000);
});
