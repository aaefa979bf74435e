// A crew in its van: takes the next stop of its list, drives there in the city's time, opens the bay,
// changes the pack, reports, waits until telemetry has proved it, and refills at the hub.
import { Nothing, SignedIn, Task, Tasks, type Beside } from './answers.js';
import { Refused, type CityClient, type Question } from './city-client.js';
import type { CityClock } from './city-clock.js';
import type { Dice } from './dice.js';
import { metersApart, type Place } from './place.js';
import type { Street } from './street.js';
import type { Tally } from './tally.js';

export interface CrewLogin {
  readonly email: string;
  readonly password: string;
}

export interface Depot {
  readonly city: CityClient;
  readonly street: Street;
  readonly clock: CityClock;
  readonly tally: Tally;
}

const VAN_PACKS = 24;
const FEW_PACKS = 2;
/** A van in a dense city, and how much longer its streets are than the straight line. */
const VAN_METERS_PER_SECOND = 20 / 3.6;
const DETOUR = 1.4;
/** To the hub, unload the empty packs, load full ones. */
const RESTOCK_SECONDS = 30 * 60;
const SWAP_SECONDS = 90;
const BAY_PATIENCE_MS = 20_000;
const PROOF_PATIENCE_MS = 60_000;
/** A stop that did not work is left alone so long. */
const SET_ASIDE_SECONDS = 600;

export class Crew {
  private token = '';
  private packs = 0;
  private at: Place | null = null;
  private readonly asideUntil = new Map<string, number>();

  constructor(
    private readonly login: CrewLogin,
    private readonly depot: Depot,
    private readonly dice: Dice,
  ) {}

  /** Works until the instant given, or until the simulation stops; never leaves a stop half done. */
  async run(until: Date | null): Promise<void> {
    const { clock, tally } = this.depot;
    while (until === null || clock.now() < until) {
      try {
        if (this.token === '') await this.beginShift();
        if (!(await this.workOnce())) await clock.sleepBetween(60, 1000, 15_000);
      } catch (error) {
        clock.stopped.throwIfAborted();
        tally.addCode('crew errors', error instanceof Error ? error.message.slice(0, 120) : 'unknown');
        if (error instanceof Refused && ['signed_out', 'crew_off_shift'].includes(error.code)) this.token = '';
        await clock.sleepReal(2000);
      }
    }
  }

  private async beginShift(): Promise<void> {
    const { token } = await this.depot.city.ask({
      method: 'POST',
      path: '/crew/sign-in',
      body: this.login,
      answer: SignedIn,
    });
    this.token = token;
    await this.loadVan();
  }

  /** Said again during a shift it is a refill, so a shift that a restart interrupted just goes on. */
  private async loadVan(): Promise<void> {
    await this.mine({ method: 'POST', path: '/crew/shift/start', body: { fullPacks: VAN_PACKS }, answer: Nothing });
    this.packs = VAN_PACKS;
  }

  private async restock(): Promise<void> {
    await this.depot.clock.sleep(RESTOCK_SECONDS);
    this.at = null;
    await this.loadVan();
    this.depot.tally.add('vans restocked');
  }

  /** @returns whether there was anything to do. */
  private async workOnce(): Promise<boolean> {
    if (this.packs <= FEW_PACKS) await this.restock();
    const now = this.depot.clock.now().getTime();
    const { items } = await this.mine({ path: '/crew/tasks', answer: Tasks });
    for (const [id, until] of this.asideUntil) if (until <= now) this.asideUntil.delete(id);
    const task = items.find((one) => one.position !== null && !this.asideUntil.has(one.id));
    if (!task) return false;
    await this.stopAt(task).catch((error: unknown) => this.setAside(task, error));
    return true;
  }

  private setAside(task: Task, error: unknown): void {
    this.depot.clock.stopped.throwIfAborted();
    if (!(error instanceof Refused) || ['signed_out', 'crew_off_shift'].includes(error.code)) throw error;
    if (error.code === 'van_empty') this.packs = 0;
    this.depot.tally.addCode('stops not done', error.code);
    this.asideUntil.set(task.id, this.depot.clock.now().getTime() + SET_ASIDE_SECONDS * 1000);
  }

  private async stopAt(task: Task): Promise<void> {
    await this.driveTo(task.position);
    if (task.state === 'assigned') await this.arrive(task);
    if (task.kind === 'inspect') return this.inspect(task);
    // Reported and waiting, or proved and not yet reported: asked for the swap again, they look first.
    if (task.state === 'resolved' && (await this.isProved(task, PROOF_PATIENCE_MS))) return;
    await this.swap(task);
  }

  private async swap(task: Task): Promise<void> {
    const before = await this.openBay(task);
    await this.depot.clock.sleep(SWAP_SECONDS);
    const serialIn = `RL-P${this.dice.whole(0, 0xffffffff).toString(16).padStart(8, '0').toUpperCase()}`;
    await this.depot.street.swap(task.scooterId, { serial: serialIn, chargePercent: this.dice.whole(970, 995) / 10 });
    this.packs -= 1;
    this.depot.tally.add('packs swapped');
    await this.report(task, 'report', { serialOut: before.batterySerial, serialIn });
    this.depot.tally.add('swaps verified');
  }

  /** The usual cause of an unknown range is a plug that came loose. */
  private async inspect(task: Task): Promise<void> {
    await this.depot.street.put(task.scooterId, 'gauge', 'telling');
    await this.report(task, 'finding', { finding: 'The plug of the gauge was loose; it tells the charge again.' });
    this.depot.tally.add('inspections verified');
  }

  private async report(task: Task, how: 'report' | 'finding', body: unknown): Promise<void> {
    await this.mine({ method: 'POST', path: `/crew/tasks/${task.id}/${how}`, body, answer: Nothing });
    this.depot.tally.add('reports');
    if (!(await this.isProved(task, PROOF_PATIENCE_MS))) throw new Refused(0, 'not proved in time', null);
  }

  private async arrive(task: Task): Promise<void> {
    const arriveFrom = (position: Place | null) =>
      this.mine({ method: 'POST', path: `/crew/tasks/${task.id}/arrive`, body: { position }, answer: Nothing });
    await arriveFrom(task.position).catch(async (error: unknown) => {
      if (!(error instanceof Refused && error.code === 'too_far_away')) throw error;
      // The scooter is not quite where the list says: they look around and walk over.
      const { position } = await this.depot.street.look(task.scooterId);
      this.at = position;
      await arriveFrom(position);
    });
    this.depot.tally.add('arrivals');
  }

  /** @returns what they saw before; the bay is open then, which they see with their own eyes. */
  private async openBay(task: Task): Promise<Beside> {
    for (let tries = 0; tries < 3; tries++) {
      const seen = await this.depot.street.look(task.scooterId);
      if (seen.bay === 'open') return seen;
      // An empty pack hears no command: then it is the key.
      if (seen.chargePercent <= 0) {
        await this.depot.street.put(task.scooterId, 'bay', 'open');
        return seen;
      }
      await this.mine({ method: 'POST', path: `/crew/tasks/${task.id}/open-bay`, answer: Nothing });
      for (let waited = 0; waited < BAY_PATIENCE_MS; waited += 500) {
        await this.depot.clock.sleepReal(500);
        const now = await this.depot.street.look(task.scooterId);
        if (now.bay === 'open') return now;
      }
    }
    throw new Refused(0, 'bay stays closed', null);
  }

  private async isProved(task: Task, patienceMs: number): Promise<boolean> {
    for (let waited = 0; waited < patienceMs; waited += 700) {
      const { state } = await this.mine({ path: `/crew/tasks/${task.id}`, answer: Task });
      if (state === 'verified' || state === 'cancelled') return true;
      await this.depot.clock.sleepReal(700);
    }
    return false;
  }

  private async driveTo(place: Place | null): Promise<void> {
    const meters = place && this.at ? metersApart(this.at, place) * DETOUR : 1500;
    await this.depot.clock.sleep(meters / VAN_METERS_PER_SECOND);
    this.at = place ?? this.at;
  }

  private mine<T>(question: Omit<Question<T>, 'token'>): Promise<T> {
    return this.depot.city.ask({ ...question, token: this.token });
  }
}
