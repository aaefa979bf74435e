// One ride as a person lives it: walk, unlock, ride, perhaps stop for bread, park, end, obey what the
// service asks for, read the receipt. Some forget the helmet, and some try where parking is forbidden.
import { NearestEnd, type RideAnswer } from './answers.js';
import { Refused } from './city-client.js';
import type { CityGrid } from './city-grid.js';
import type { Dice } from './dice.js';
import { metersApart, type Place } from './place.js';
import type { Rider, Town } from './rider.js';
import { lengthM, type RouteFinder } from './route.js';

export interface CityMap {
  readonly grid: CityGrid;
  readonly routes: RouteFinder;
}

export interface Plan {
  readonly from: Place;
  readonly to: Place;
  readonly dice: Dice;
}

const OVER = new Set(['ended', 'failed']);
const AT_WILL = new Set(['riding', 'paused', ...OVER]);
/** Scooters tried before somebody takes the bus. */
const SCOOTERS_TRIED = 3;
const FORBIDDEN_WITHIN_M = 1200;

const HABITS = {
  reserves: 0.2,
  changesMind: 0.05,
  stopsOver: 0.08,
  longErrand: 0.015,
  forgetsHelmet: 0.04,
  forgetsStand: 0.03,
  parksWrong: 0.03,
};

export class RideJourney {
  constructor(
    private readonly rider: Rider,
    private readonly town: Town,
    private readonly map: CityMap,
  ) {}

  async live(plan: Plan): Promise<void> {
    const ride = await this.find(plan);
    if (!ride) return;
    this.town.tally.add('rides asked');
    const begun = await this.until(ride.id, AT_WILL);
    if (begun.state === 'failed') {
      await this.over(begun);
      if (begun.failure?.code.startsWith('card') === true) throw new Refused(402, begun.failure.code, null);
      return;
    }
    await this.goThere(begun, plan);
    await this.bringToEnd(begun, plan);
  }

  /** After a restart: the scooter stands somewhere with this rider's name on it. */
  async finishOld(dice: Dice): Promise<void> {
    const ride = await this.rider.current().catch(nullWhen('no_live_ride', 'not_found'));
    if (!ride) {
      this.town.memories.remember(this.rider.person, { rideId: undefined });
      return;
    }
    this.town.tally.add('rides found again');
    const now = await this.until(ride.id, AT_WILL);
    if (OVER.has(now.state)) return this.over(now);
    const { position } = await this.town.street.look(ride.scooterId);
    await this.bringToEnd(now, { from: position, to: position, dice });
  }

  private async find(plan: Plan): Promise<RideAnswer | null> {
    for (let tried = 0; tried < SCOOTERS_TRIED; tried++) {
      const near = await this.rider.lookAround(plan.from);
      const scooter = near[Math.min(near.length - 1, plan.dice.whole(0, 2))];
      if (!scooter) {
        this.town.tally.add('nothing near');
        return null;
      }
      const ride = await this.take(scooter, plan.dice).catch((error: unknown) => this.noted(error));
      if (ride === 'changed mind' || ride === 'cannot ride') return null;
      if (ride !== 'try another') return ride;
    }
    this.town.tally.add('gave up looking');
    return null;
  }

  private async take(scooter: { id: string; walkMinutes: number }, dice: Dice): Promise<RideAnswer | 'changed mind'> {
    const walkSeconds = Math.min(8, scooter.walkMinutes) * 60;
    if (!dice.chance(HABITS.reserves)) {
      // Most look only once they stand beside it.
      await this.town.clock.sleep(Math.min(walkSeconds, 90));
      return this.rider.unlock(scooter.id);
    }
    const reservation = await this.rider.reserve(scooter.id);
    this.town.tally.add('reservations');
    await this.town.clock.sleep(walkSeconds);
    if (!dice.chance(HABITS.changesMind)) return this.rider.unlock(scooter.id);
    await this.rider.letGo(reservation);
    this.town.tally.add('reservations let go');
    return 'changed mind';
  }

  /** A no before the ride: about this scooter, or about this rider. */
  private noted(error: unknown): 'try another' | 'cannot ride' {
    if (!(error instanceof Refused)) throw error;
    this.town.tally.addCode('rides refused', error.code);
    if (['scooter_not_available', 'scooter_low', 'scooter_offline', 'reserved_too_soon'].includes(error.code))
      return 'try another';
    if (
      [
        'debt_open',
        'card_missing',
        'rider_already_riding',
        'licence_in_review',
        'licence_missing',
        'licence_refused',
      ].includes(error.code)
    )
      throw error;
    return 'cannot ride';
  }

  private async goThere(ride: RideAnswer, plan: Plan): Promise<void> {
    this.town.tally.add('rides begun');
    const { position } = await this.town.street.look(ride.scooterId);
    const way = this.map.routes.route(position, plan.to);
    const long = plan.dice.chance(HABITS.longErrand);
    const half = Math.floor(way.length / 2);
    if (way.length < 3 || !(long || plan.dice.chance(HABITS.stopsOver))) return this.follow(ride.scooterId, way);
    await this.follow(ride.scooterId, way.slice(0, half + 1));
    await this.stopOver(ride, long ? plan.dice.whole(60, 110) : plan.dice.whole(4, 20));
    await this.follow(ride.scooterId, way.slice(half));
  }

  private async stopOver(ride: RideAnswer, minutes: number): Promise<void> {
    await this.town.street.park(ride.scooterId);
    const refused = await this.rider
      .wish(ride.id, 'pause')
      .then(() => null)
      .catch(asRefusal);
    const paused = await this.until(ride.id, AT_WILL);
    if (refused || paused.state !== 'paused') {
      this.town.tally.addCode('pauses refused', paused.refusal?.code ?? paused.state);
      return;
    }
    this.town.tally.add('pauses');
    await this.town.clock.sleep(minutes * 60);
    for (let tries = 0; tries < 5; tries++) {
      await this.rider.wish(ride.id, 'resume').catch(asRefusal);
      if ((await this.until(ride.id, AT_WILL)).state !== 'paused') return;
      await this.town.clock.sleepReal(1000);
    }
  }

  private async follow(scooterId: string, way: readonly Place[]): Promise<void> {
    const arrived = await this.town.street.ride(scooterId, way).catch((error: unknown) => {
      // The scooter does not move (it was locked meanwhile): what follows reads the ride and acts on it.
      if (!(error instanceof Refused)) throw error;
      if (error.code === 'no_way') return true;
      this.town.tally.addCode('street refused', error.code);
      return false;
    });
    if (arrived) this.town.tally.add('meters ridden', Math.round(lengthM(way)));
    else this.town.tally.add('stranded');
  }

  private async bringToEnd(ride: RideAnswer, plan: Plan): Promise<void> {
    await this.maybeParkWrong(ride.scooterId, plan);
    await this.town.street.park(ride.scooterId);
    if (plan.dice.chance(HABITS.forgetsHelmet)) await this.town.street.put(ride.scooterId, 'helmet', 'out');
    else if (plan.dice.chance(HABITS.forgetsStand)) await this.town.street.put(ride.scooterId, 'stand', 'up');
    for (let tries = 1; ; tries++) {
      const no = await this.rider
        .wish(ride.id, 'end')
        .then(() => null)
        .catch(asRefusal);
      const now = await this.until(ride.id, AT_WILL);
      if (OVER.has(now.state)) return this.over(now);
      const said = no && no.code !== 'step_not_allowed' ? no : now.refusal;
      if (said) await this.obey(ride.scooterId, said, tries);
      if (tries > 3) await this.town.clock.sleepReal(Math.min(30_000, 1000 * tries));
    }
  }

  private async maybeParkWrong(scooterId: string, { dice }: Plan): Promise<void> {
    if (!dice.chance(HABITS.parksWrong)) return;
    const { grid, routes } = this.map;
    const { position } = await this.town.street.look(scooterId);
    const cell = grid.nearest(position, 'rideable', (one) => !grid.is('parkable', one));
    if (cell < 0 || metersApart(position, grid.placeIn(cell)) > FORBIDDEN_WITHIN_M) return;
    await this.follow(scooterId, routes.route(position, grid.placeIn(cell)));
  }

  private async obey(scooterId: string, no: { code: string; details?: unknown }, tries: number): Promise<void> {
    this.town.tally.addCode('ends refused', no.code);
    const { street, clock } = this.town;
    switch (no.code) {
      case 'ignition_on':
        return street.put(scooterId, 'ignition', 'off');
      case 'stand_up':
        return street.put(scooterId, 'stand', 'down');
      case 'helmet_missing':
        return street.park(scooterId);
      case 'case_open':
        return street.put(scooterId, 'case', 'closed');
      case 'outside_service_area':
      case 'parking_forbidden':
        return this.moveOn(scooterId, no.details, tries);
      default:
        return clock.sleepReal(2000);
    }
  }

  /** To where the service says one may end; when that does not do, well inside the allowed area. */
  private async moveOn(scooterId: string, details: unknown, tries: number): Promise<void> {
    const { grid, routes } = this.map;
    const { position } = await this.town.street.look(scooterId);
    const advised = NearestEnd.safeParse(details);
    const goal =
      tries < 3 && advised.success
        ? advised.data.nearestEnd.position
        : grid.placeIn(grid.nearest(position, 'parkable'));
    const way = metersApart(position, goal) < 150 ? [position, goal] : routes.route(position, goal);
    await this.follow(scooterId, way);
    await this.town.street.park(scooterId);
  }

  /** Asks again and again, less often the longer it takes; most answers come within a second. */
  private async until(rideId: string, states: ReadonlySet<string>): Promise<RideAnswer> {
    for (let asked = 0; ; asked++) {
      await this.town.clock.sleepReal(Math.min(3000, 300 + 50 * asked));
      const ride = await this.rider.ride(rideId);
      if (states.has(ride.state)) return ride;
    }
  }

  private async over(ride: RideAnswer): Promise<void> {
    this.town.memories.remember(this.rider.person, { rideId: undefined });
    if (ride.state === 'failed') {
      this.town.tally.addCode('rides failed', ride.failure?.code ?? 'unknown');
      return;
    }
    this.town.tally.add('rides ended');
    this.town.tally.add('fare cents', ride.fareCents ?? 0);
    for (let tries = 0; tries < 5; tries++) {
      const no = await this.rider
        .receipt(ride.id)
        .then(() => null)
        .catch(asRefusal);
      if (!no) {
        this.town.tally.add('receipts');
        return;
      }
      await this.town.clock.sleepReal(1000);
    }
    this.town.tally.addCode('errors', 'no receipt');
  }
}

/** A refusal becomes a value that the next step may read; everything else stays an error. */
function asRefusal(error: unknown): Refused {
  if (error instanceof Refused && error.status < 500) return error;
  throw error;
}

function nullWhen(...codes: readonly string[]) {
  return (error: unknown): null => {
    if (error instanceof Refused && codes.includes(error.code)) return null;
    throw error;
  };
}
