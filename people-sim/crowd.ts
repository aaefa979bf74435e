// The riders of a city, minute by minute: as many set out as the demand says, each with a wish of their own.
import { Refused } from './city-client.js';
import { wallClock } from './city-clock.js';
import { destinationAt, originAt, ridesInMinute } from './demand.js';
import { diceOf, type Dice } from './dice.js';
import type { Person } from './person.js';
import { metersApart, type Place } from './place.js';
import { Rider, type Town } from './rider.js';
import { RideJourney, type CityMap, type Plan } from './ride-journey.js';

/** Shorter ways are walked. */
const LEAST_RIDE_M = 800;
/** How many late minutes are made up for when the machine was busy; older wishes have taken the bus. */
const CATCH_UP_MINUTES = 5;
const SAVE_EVERY_MS = 2000;
/** The last rider out may be on a long errand, and an answer may take its time. */
const DRAIN_CITY_SECONDS = 3 * 3600;
const DRAIN_LEAST_MS = 180_000;
const BRING_HOME_MS = 3000;
/** A trip that one may not make (no licence yet, a declined card) is made by somebody else of the city. */
const PEOPLE_PER_TRIP = 3;
const DAY_MINUTES = 24 * 60;

const ABOUT_THE_RIDER = new Set([
  'card_declined',
  'card_missing',
  'card_not_confirmed',
  'debt_open',
  'licence_in_review',
  'licence_missing',
  'licence_refused',
]);

interface Resting {
  readonly person: Person;
  readonly until: number;
}

export class Crowd {
  private readonly idle: Resting[];
  private readonly out = new Set<Promise<unknown>>();
  private savedAt = 0;

  constructor(
    private readonly town: Town,
    private readonly map: CityMap,
    private readonly people: readonly Person[],
    private readonly wish: { readonly seed: string; readonly ridesPerDay: number },
  ) {
    this.idle = people.map((person) => ({ person, until: 0 }));
  }

  /** Sends riders out until this instant of the city (null: for ever), then waits for the last to come home. */
  async run(until: Date | null): Promise<void> {
    this.bringHomeTheOld();
    const { clock } = this.town;
    let done = Math.floor(clock.now().getTime() / 60_000);
    while (until === null || clock.now() < until) {
      const minute = Math.floor(clock.now().getTime() / 60_000);
      for (let one = Math.max(done + 1, minute - CATCH_UP_MINUTES); one <= minute; one++)
        this.beginMinute(new Date(one * 60_000));
      done = minute;
      this.save();
      await clock.sleep(60 - (clock.now().getTime() % 60_000) / 1000 + 0.05);
    }
    await this.drain();
    this.save(true);
  }

  /** At most every few seconds, and whenever it is `due`. */
  save(due = false): void {
    if (!due && Date.now() - this.savedAt < SAVE_EVERY_MS) return;
    this.savedAt = Date.now();
    this.town.memories.save(this.people);
  }

  private bringHomeTheOld(): void {
    for (const { person } of this.idle.filter(({ person }) => person.memory.rideId !== undefined)) {
      this.idle.splice(
        this.idle.findIndex((one) => one.person === person),
        1,
      );
      this.track(this.act(person, (journey) => journey.finishOld(diceOf('old', this.wish.seed, person.index))));
    }
  }

  private beginMinute(at: Date): void {
    const when = { seed: this.wish.seed, ...wallClock(at) };
    const count = this.people.length === 0 ? 0 : ridesInMinute(when, this.wish.ridesPerDay);
    for (let nth = 0; nth < count; nth++) {
      this.track(this.setOut(when.minute, diceOf('plan', when.seed, when.day, when.minute, nth)));
    }
  }

  private async setOut(minute: number, dice: Dice): Promise<void> {
    await this.town.clock.sleep(dice.next() * 60);
    this.town.tally.add('rides wanted');
    const plan = this.plan(minute, dice);
    for (let asked = 1; asked <= PEOPLE_PER_TRIP; asked++) {
      const person = this.somebody(dice);
      if (!person) {
        this.town.tally.add('nobody free');
        return;
      }
      if (await this.act(person, (journey) => journey.live(plan))) return;
      this.town.tally.add('trips handed on');
    }
  }

  private somebody(dice: Dice): Person | null {
    const now = this.town.clock.now().getTime();
    const ready = this.idle.findIndex(({ person, until }) => until <= now && person.memory.hasCard === true);
    const fresh = this.idle.findIndex(({ person, until }) => until <= now && person.memory.hasCard !== true);
    const at = fresh >= 0 && (ready < 0 || dice.chance(0.15)) ? fresh : ready;
    return at < 0 ? null : (this.idle.splice(at, 1)[0]?.person ?? null);
  }

  private plan(minute: number, dice: Dice): Plan {
    const from = originAt(minute, dice);
    let to = this.parkableNear(destinationAt(minute, dice), dice);
    for (let tries = 0; tries < 10 && metersApart(from, to) < LEAST_RIDE_M; tries++)
      to = this.parkableNear(destinationAt(minute, dice), dice);
    return { from, to, dice };
  }

  private parkableNear(place: Place, dice: Dice): Place {
    const { grid } = this.map;
    return grid.placeIn(grid.nearest(place, 'parkable'), dice.next() * 0.8 - 0.4, dice.next() * 0.8 - 0.4);
  }

  /** False when this person may not ride now. */
  private async act(person: Person, what: (journey: RideJourney) => Promise<void>): Promise<boolean> {
    const rider = new Rider(person, this.town);
    let restMinutes = 0;
    let mayRide = true;
    try {
      await rider.becomeReady();
      await what(new RideJourney(rider, this.town, this.map));
    } catch (error) {
      mayRide = !(error instanceof Refused && ABOUT_THE_RIDER.has(error.code));
      restMinutes = await this.understand(error, rider).catch(() => 10);
      await this.bringHome(rider);
    }
    this.idle.push({ person, until: this.town.clock.now().getTime() + restMinutes * 60_000 });
    return mayRide;
  }

  /** Whatever went wrong on the way (the service was away for a while): nobody leaves a scooter in their name. */
  private async bringHome(rider: Rider): Promise<void> {
    const { clock } = this.town;
    while (rider.person.memory.rideId !== undefined && !clock.stopped.aborted) {
      await clock.sleepReal(BRING_HOME_MS);
      await new RideJourney(rider, this.town, this.map)
        .finishOld(diceOf('old', this.wish.seed, rider.person.index))
        .catch((error: unknown) => {
          this.town.tally.addCode('errors', nameOf(error));
        });
    }
  }

  /** What a rider does about a no, and for how many minutes they leave it be. */
  private async understand(error: unknown, rider: Rider): Promise<number> {
    if (this.town.clock.stopped.aborted) return 0;
    if (!(error instanceof Refused)) {
      this.town.tally.addCode('errors', nameOf(error));
      return 10;
    }
    switch (error.code) {
      case 'debt_open':
        this.town.tally.add((await rider.payDebts()) ? 'debts paid' : 'debts still open');
        return 0;
      case 'card_missing':
      case 'card_not_confirmed':
        rider.forgetCard();
        return 5;
      case 'card_declined':
        rider.takeAnotherCard();
        return 5;
      case 'rider_already_riding':
        await new RideJourney(rider, this.town, this.map).finishOld(diceOf('old', this.wish.seed, rider.person.index));
        return 0;
      case 'licence_in_review':
      case 'licence_missing':
      case 'licence_refused':
        return DAY_MINUTES;
      default:
        this.town.tally.addCode('errors', error.code);
        return 10;
    }
  }

  private track(work: Promise<unknown>): void {
    const tracked: Promise<unknown> = work
      .catch((error: unknown) => {
        if (!this.town.clock.stopped.aborted) this.town.tally.addCode('errors', nameOf(error));
      })
      .finally(() => this.out.delete(tracked));
    this.out.add(tracked);
  }

  private async drain(): Promise<void> {
    const { clock } = this.town;
    const patience = clock.sleepBetween(DRAIN_CITY_SECONDS, DRAIN_LEAST_MS, Infinity);
    while (this.out.size > 0) {
      const late = await Promise.race([Promise.all(this.out).then(() => false), patience.then(() => true)]);
      if (!late) continue;
      this.town.tally.add('riders still out', this.out.size);
      return;
    }
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 120) : 'unknown');
