// The bad weather of a storm: each seed brings some of these troubles and leaves out the others, so that
// one seed is mostly about the air, another about the bank, a third about the database.
import type { Chance } from '../../firmware-sim/body/chance.js';
import type { Faults } from '../../firmware-sim/body/faults.js';
import type { TestScooter } from '../kit/garage.js';
import type { TestPerson } from '../kit/people.js';
import type { TruthLog } from '../kit/truth-log.js';
import type { World } from '../kit/world.js';

export interface Sky {
  readonly world: World;
  readonly scooters: readonly TestScooter[];
  readonly operator: TestPerson;
  readonly truth: TruthLog;
  note(line: string): void;
  /** Kills connections of the service; one of them or all. */
  killBackends(all: boolean): Promise<void>;
}

/** How often a storm has it, and at what rate at most. Lateness is rare: where it is, the bill cannot be held against the bolt to the second. */
const COMMON = { lost: 0.8, late: 0.25, doubled: 0.6, out_of_order: 0.6, jammed_lock: 0.4 } as const;
const MOST = { lost: 0.2, late: 0.2, doubled: 0.4, out_of_order: 0.3, jammed_lock: 0.3 } as const;
const AIR = Object.keys(MOST) as (keyof typeof MOST)[];
const STRIPE = [
  { kind: 'decline', code: 'card_declined' },
  { kind: 'reset', executed: true },
  { kind: 'reset', executed: false },
  { kind: 'error', executed: true, remembered: true },
  { kind: 'error', executed: false, remembered: false },
  { kind: 'busy' },
  { kind: 'rate_limit' },
  { kind: 'slow', milliseconds: 400 },
] as const;
const OPERATIONS = ['payment_intents.create', 'payment_intents.capture', 'payment_intents.cancel'] as const;

/** How often each comes in a second, where it comes at all. */
const A_SECOND = {
  network: 2, reboots: 0.6, wire: 0.2, bank: 3, database: 0.3, clock: 0.6, batteries: 1, operator: 3, air: 0,
} as const;
type TroubleName = keyof typeof A_SECOND;
const TROUBLES = Object.keys(A_SECOND) as TroubleName[];
export const LOOKS_A_SECOND = 10;

export class Weather {
  readonly troubles: readonly TroubleName[];
  private readonly rates: Faults;
  databaseHurtAtMs = -Infinity;

  constructor(
    private readonly chance: Chance,
    private readonly sky: Sky,
  ) {
    const chosen = TROUBLES.filter(() => chance.happens(0.6));
    this.troubles = chosen.length > 0 ? chosen : ['air'];
    this.rates = Object.fromEntries(AIR.filter((name) => chance.happens(COMMON[name])).map((name) => [name, chance.between(0, MOST[name])]));
  }

  /** How long a message may be under way in this storm, real and city milliseconds alike. */
  get airMs(): number {
    return this.troubles.includes('air') && (this.rates.late ?? 0) > 0 ? 21_000 : 1_500;
  }

  begin(): void {
    if (this.troubles.includes('air')) for (const { unit } of this.sky.scooters) unit.setFaults(this.rates);
    if (this.troubles.includes('bank')) this.sky.world.stripe.faults.webhookCopies = 2;
    this.sky.note(`troubles: ${this.troubles.join(', ')}; air ${JSON.stringify(this.rates)}`);
  }

  /** To be called ten times a second. */
  async act(): Promise<void> {
    for (const trouble of this.troubles) if (this.chance.happens(A_SECOND[trouble] / LOOKS_A_SECOND)) await this.bring(trouble);
  }

  private async bring(trouble: TroubleName): Promise<void> {
    const scooter = this.anyScooter();
    switch (trouble) {
      case 'air': return;
      case 'network': this.blink(scooter); return;
      case 'reboots': scooter.unit.reboot(); return;
      case 'wire': return this.cutForAWhile();
      case 'bank': this.hurtTheBank(); return;
      case 'database': return this.hurtTheDatabase();
      case 'clock': this.moveOn(); return;
      case 'batteries': this.emptyBattery(); return;
      case 'operator': return this.operate(scooter);
    }
  }

  end(): void {
    const { world, scooters } = this.sky;
    world.wire.mend();
    world.stripe.faults.clear();
    for (const { unit } of scooters) {
      unit.setFaults({});
      unit.findNetwork();
      unit.put({ thing: 'bolt', state: 'free' });
      unit.put({ thing: 'gauge', state: 'telling' });
      // Nobody rides away with an open bay, and a crew that went home left it so.
      unit.put({ thing: 'bay', state: 'closed' });
    }
    this.noEmptyPacks();
  }

  /** Whoever is still on the way home gets there: a unit that has died of an empty pack answers nobody. */
  noEmptyPacks(): void {
    for (const { unit } of this.sky.scooters) {
      if (unit.rangeKm >= 3) continue;
      unit.setRange(9);
      unit.powerBack();
    }
  }

  private blink({ unit, plate }: TestScooter): void {
    const gone = unit.connected;
    this.sky.note(`${plate} ${gone ? 'loses' : 'finds'} the network, the others have it`);
    for (const { unit: other } of this.sky.scooters) if (other !== unit) other.findNetwork();
    if (gone) unit.loseNetwork();
    else unit.findNetwork();
  }

  private async cutForAWhile(): Promise<void> {
    const { world } = this.sky;
    this.sky.note('the wire to the broker is cut');
    world.wire.cutNow();
    await new Promise((resolve) => setTimeout(resolve, this.chance.between(50, 900)));
    world.wire.mend();
    this.sky.note('the wire is mended');
  }

  private hurtTheBank(): void {
    const fault = STRIPE[Math.floor(this.chance.next() * STRIPE.length)] ?? STRIPE[0];
    const operation = OPERATIONS[Math.floor(this.chance.next() * OPERATIONS.length)] ?? OPERATIONS[0];
    // A cancel is never declined; and the SDK asks once again by itself.
    const times = 'executed' in fault ? 2 : 1;
    if (fault.kind === 'decline' && operation !== 'payment_intents.create') return;
    this.sky.note(`the bank: ${JSON.stringify(fault)} on ${operation}`);
    this.sky.world.stripe.faults.next(fault, { operation, times });
  }

  private async hurtTheDatabase(): Promise<void> {
    this.databaseHurtAtMs = performance.now();
    const all = this.chance.happens(0.3);
    this.sky.note(`database connections are killed: ${all ? 'all' : 'one'}`);
    await this.sky.killBackends(all);
    this.databaseHurtAtMs = performance.now();
  }

  private moveOn(): void {
    const seconds = Math.round(this.chance.between(5, 240));
    this.sky.note(`the clock moves on by ${String(seconds)} s`);
    this.sky.truth.noteJump(seconds);
    this.sky.world.clock.moveOn(seconds);
  }

  private emptyBattery(): void {
    const { unit, plate } = this.anyScooter();
    if (this.chance.happens(0.15)) unit.put({ thing: 'gauge', state: this.chance.happens(0.5) ? 'silent' : 'telling' });
    else unit.setRange(this.chance.between(9, 13));
    this.sky.note(`${plate} shows ${unit.rangeKm.toFixed(1)} km`);
  }

  private async operate({ id: scooterId, plate }: TestScooter): Promise<void> {
    const kind = (['lock', 'look', 'locate', 'open_case'] as const)[Math.floor(this.chance.next() * 4)] ?? 'lock';
    const { status } = await this.sky.operator.post(`/operator/scooters/${scooterId}/commands`, { kind, reason: 'a storm' });
    this.sky.note(`the operator orders ${kind} of ${plate}: ${String(status)}`);
  }

  private anyScooter(): TestScooter {
    const { scooters } = this.sky;
    const [first] = scooters;
    if (!first) throw new Error('a city without scooters');
    return scooters[Math.floor(this.chance.next() * scooters.length)] ?? first;
  }
}
