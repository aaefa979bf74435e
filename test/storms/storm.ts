// One storm: a city of its own, everybody doing anything at once while everything goes wrong, an auditor who looks
// all the time; then the sky clears, and the city must come to rest within a bound.
import { Chance } from '../../firmware-sim/body/chance.js';
import { Auditor } from '../kit/auditor.js';
import type { TestScooter } from '../kit/garage.js';
import { BASTILLE } from '../kit/places.js';
import { isAway } from '../kit/real-city.js';
import { TruthLog } from '../kit/truth-log.js';
import { World } from '../kit/world.js';
import { StormCrew } from './storm-crew.js';
import { near, StormRider } from './storm-rider.js';
import { LOOKS_A_SECOND, Weather, type Sky } from './weather.js';

export interface StormSize {
  readonly seed: number;
  readonly scooters: number;
  readonly riders: number;
  /** What each rider does before the sky clears. */
  readonly deeds: number;
}

export interface StormTale {
  readonly rides: number;
  readonly fares: number;
  readonly troubles: readonly string[];
  /** How long people gathered, the storm raged and the city took to rest. */
  readonly seconds: readonly number[];
  /** What came to rest last. */
  readonly waitedFor: string;
}

const RESTS_WITHIN_MS = 60_000;
/** Against what hangs. */
const PHASE_MS = 120_000;
const LINES_TOLD = 60;
/** After a database was hurt, a door may answer 5xx this long. */
const HURT_MS = 8_000;

/** @throws Error that names every broken promise, the seed, and how to repeat it. */
export async function storm(size: StormSize): Promise<StormTale> {
  const world = await World.start({ loopsRun: true });
  const auditor = await Auditor.sent({ databaseUrl: world.config.databaseUrl, stripeUrl: world.stripe.url });
  const weathered = new Storm(world, auditor, size);
  try {
    for (const phase of ['gather', 'rage', 'heal'] as const) await weathered.live(phase);
    return await weathered.tale();
  } catch (error) {
    const report = weathered.report(error);
    // At once: among many storms the runner speaks only at the very end.
    process.stdout.write(`${report}\n`);
    throw new Error(report, { cause: error });
  } finally {
    weathered.over = true;
    await auditor.leave();
    await world.stop();
  }
}

class Storm {
  over = false;
  private readonly lines: string[] = [];
  private readonly truth: TruthLog;
  private readonly scooters: TestScooter[] = [];
  private riders: StormRider[] = [];
  private crews: StormCrew[] = [];
  private weather: Weather | null = null;
  private ridersLeft = 0;
  private readonly seconds: number[] = [];
  private waitedFor = 'nothing';

  constructor(
    private readonly world: World,
    private readonly auditor: Auditor,
    private readonly size: StormSize,
  ) {
    this.truth = new TruthLog(() => world.clock.now());
  }

  async live(phase: 'gather' | 'rage' | 'heal'): Promise<void> {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => { reject(new Error(`it did not come through "${phase}" in ${String(PHASE_MS / 1000)} s`)); }, PHASE_MS);
    });
    await Promise.race([this[phase](), late]).finally(() => { clearTimeout(timer); });
    this.seconds.push(Math.round((performance.now() - began) / 100) / 10);
  }

  private async gather(): Promise<void> {
    const { world, size } = this;
    const dice = this.dice('places');
    for (let number = 1; number <= size.scooters; number++) {
      // A fixed name, so that the scooter has the same luck when the seed is repeated.
      const id = `00000000-0000-7000-8000-${String(size.seed % 1_000_000).padStart(6, '0')}${String(number).padStart(6, '0')}`;
      const rangeKm = dice.happens(0.3) ? dice.between(10.1, 11) : 40;
      this.scooters.push(await world.garage.scooter({ id, seed: size.seed, rangeKm, at: near(BASTILLE, dice), watch: this.truth.watch(id) }));
    }
    const streets = { scooters: this.scooters, note: (line: string) => { this.note(line); } };
    for (let number = 1; number <= size.riders; number++) {
      // One card in ten is refused when it is charged.
      const card = number % 10 === 0 ? 'pm_card_chargeCustomerFail' : 'pm_card_visa';
      this.riders.push(new StormRider(await world.people.rider({ card }), this.dice(`rider ${String(number)}`), streets));
    }
    this.crews = await Promise.all(['bastille', 'batignolles'].map(async (name) =>
      new StormCrew(name, await world.people.crew(name), this.dice(name), streets)));
    const sky: Sky = {
      world, truth: this.truth, scooters: this.scooters, operator: await world.people.staff('operator'),
      note: streets.note, killBackends: (all) => this.killBackends(all),
    };
    this.weather = new Weather(this.dice('weather'), sky);
    world.door.witness = (method, path, { status, body }) => {
      const hurt = performance.now() - (this.weather?.databaseHurtAtMs ?? 0) < HURT_MS;
      if (status >= 500 && status !== 503 && !hurt) this.truth.broken.push(`${method} ${path} answered ${String(status)} ${JSON.stringify(body)}`);
    };
  }

  private async rage(): Promise<void> {
    const { weather } = this;
    if (!weather) throw new Error('nobody has gathered');
    weather.begin();
    this.ridersLeft = this.riders.length;
    const storming = () => this.ridersLeft > 0;
    for (const crew of this.crews) await crew.start();
    await Promise.all([
      ...this.riders.map(async (rider, at) => {
        const dice = this.dice(`pace ${String(at)}`);
        for (let deed = 0; deed < this.size.deeds; deed++) await this.dare(() => rider.act(), dice.between(5, 120));
        this.ridersLeft -= 1;
      }),
      ...this.crews.map((crew) => this.aslongas(storming, () => crew.act(), 100)),
      this.aslongas(storming, () => weather.act(), 1000 / LOOKS_A_SECOND),
      this.aslongas(storming, () => this.world.turn(), 5),
      this.aslongas(storming, () => this.audit(), 400),
    ]);
    await this.audit();
  }

  /** Everything works again and nobody begins anything new: now all that was begun must come to a good end. */
  private async heal(): Promise<void> {
    this.weather?.end();
    this.note('the sky clears');
    const until = performance.now() + RESTS_WITHIN_MS;
    let left = ['not looked at yet'];
    while (left.length > 0) {
      this.waitedFor = left[0] ?? 'nothing';
      if (performance.now() > until) throw new Error(`not at rest:\n${left.join('\n')}`);
      this.weather?.noEmptyPacks();
      const areHome = (await Promise.all(this.riders.map((rider) => rider.goHome()))).every((isHome) => isHome);
      await this.passTime(this.scooters.some(({ unit }) => unit.underway) ? 60 : areHome ? 30 : 10);
      const onTheirWay = areHome ? [] : ['riders are still on their way'];
      left = [...onTheirWay, ...(await this.auditor.unfinished()), ...this.standOpen()];
    }
    await this.audit();
  }

  async tale(): Promise<StormTale> {
    const [row] = await this.auditor.ask<{ rides: number; fares: number }>(
      `select count(*) filter (where state = 'ended')::int as rides, coalesce(sum(fare_cents), 0)::int as fares from rides`);
    return { rides: row?.rides ?? 0, fares: row?.fares ?? 0, troubles: this.weather?.troubles ?? [], seconds: this.seconds, waitedFor: this.waitedFor };
  }

  report(error: unknown): string {
    const what = error instanceof Error ? error.message : String(error);
    const ids = [...new Set(what.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? [])];
    const about = this.lines.filter((line) => ids.some((id) => line.includes(id)) || /troubles|clears/.test(line)).slice(-LINES_TOLD);
    return `storm ${String(this.size.seed)}: ${what}\nRepeat it with: STORM_SEED=${String(this.size.seed)} npm run storms\n${about.join('\n')}\n… and last:\n${this.lines.slice(-LINES_TOLD).join('\n')}`;
  }

  private async audit(): Promise<void> {
    const airMs = this.weather?.airMs ?? 0;
    const broken = [...(await this.auditor.broken()), ...(await this.auditor.againstTruth(this.truth, airMs)), ...(await this.freeButOpen())];
    if (broken.length > 0) throw new Error(`broken:\n${broken.join('\n')}`);
  }

  /** Offered to riders while it stands open in a ride, before the question and after it. */
  private async freeButOpen(): Promise<string[]> {
    const before = new Map(this.scooters.map(({ id, unit }) => [id as string, unit.inRide ? unit.lastNonce : -1]));
    const rows = await this.auditor.ask<{ id: string }>(`select id from scooters where state in ('available', 'reserved')`);
    return rows.flatMap(({ id }) => {
      const unit = this.scooters.find((scooter) => scooter.id === id)?.unit;
      return unit?.inRide === true && before.get(id) === unit.lastNonce ? [`scooter ${id} is free for riders and stands open`] : [];
    });
  }

  private standOpen(): string[] {
    return this.scooters.flatMap(({ id, unit: { inRide, sensors, lastNonce } }) =>
      inRide || sensors.lock === 'open' ? [`scooter ${id} stands open in the street, ${inRide ? 'in a ride' : 'in no ride'}, after nonce ${String(lastNonce)}`] : []);
  }

  /** Fast while nobody waits for an answer of a scooter, else as in real life. */
  private async passTime(seconds: number): Promise<void> {
    const until = performance.now() + 1_000;
    for (;;) {
      await this.world.turn();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const waiting = await this.auditor.ask(`select 1 from commands where state in ('queued', 'sent') limit 1`);
      if (waiting.length === 0 || performance.now() > until) break;
    }
    this.truth.noteJump(seconds);
    await this.world.pass(seconds);
  }

  private async killBackends(all: boolean): Promise<void> {
    await this.auditor.ask(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name <> 'auditor' ${all ? '' : 'order by random() limit 1'}`);
  }

  private async aslongas(holds: () => boolean, act: () => Promise<void>, restMs: number): Promise<void> {
    while (holds() && !this.over) await this.dare(act, restMs);
  }

  /** In a storm a phone finds no answer now and then; what the auditor finds still counts. */
  private async dare(act: () => Promise<void>, restMs: number): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!isAway(error)) {
        this.ridersLeft = 0;
        throw error;
      }
      this.note(`no answer: ${String(error)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }

  private dice(name: string): Chance {
    return Chance.of(this.size.seed, name);
  }

  private note(line: string): void {
    this.lines.push(`${this.world.clock.now().toISOString().slice(11, 23)} ${line}`);
  }
}
