// One rider at the doors of the service: becomes a member, keeps a card, looks around, asks. What a ride
// is like is told in ride-journey.ts.
import {
  Card,
  CardSetup,
  Debts,
  NearScooters,
  Nothing,
  Prices,
  Reservation,
  RideAnswer,
  SignedIn,
  SignedUp,
} from './answers.js';
import { Refused, type CityClient, type Question } from './city-client.js';
import type { CityClock } from './city-clock.js';
import { needsLicence, type MemoryFile, type Person } from './person.js';
import type { Phone } from './phone.js';
import type { Place } from './place.js';
import type { Street } from './street.js';
import type { Tally } from './tally.js';

/** What riders share. */
export interface Town {
  readonly city: CityClient;
  readonly phone: Phone;
  readonly street: Street;
  readonly clock: CityClock;
  readonly tally: Tally;
  readonly memories: MemoryFile;
}

const NEAR_M = 500;
const FARTHER_M = 1000;
const DEBT_ASKS = 20;

export class Rider {
  constructor(
    readonly person: Person,
    private readonly town: Town,
  ) {}

  /** Whatever is still missing before the first ride. */
  async becomeReady(): Promise<void> {
    const { memory } = this.person;
    if (memory.token === undefined) await this.signUpOrIn();
    if (needsLicence(this.person) && memory.sentLicence !== true) await this.sendLicence();
    if (this.person.memory.hasCard !== true) await this.saveCard(this.card());
  }

  /** Free scooters around, the nearest first; looks again in a wider circle when there is none. */
  async lookAround(place: Place): Promise<NearScooters['items']> {
    for (const radiusM of [NEAR_M, FARTHER_M]) {
      const query = `latitude=${place.latitude.toFixed(6)}&longitude=${place.longitude.toFixed(6)}&radiusM=${radiusM}`;
      const { items } = await this.town.city.ask({ path: `/rider/scooters?${query}`, answer: NearScooters });
      if (items.length > 0) return items;
    }
    return [];
  }

  async reserve(scooterId: string): Promise<string> {
    const { id } = await this.asMe({
      method: 'POST',
      path: '/rider/reservations',
      body: { scooterId },
      answer: Reservation,
    });
    return id;
  }

  async letGo(reservationId: string): Promise<void> {
    await this.asMe({ method: 'DELETE', path: `/rider/reservations/${reservationId}`, answer: Nothing });
  }

  /** Reads the price first: nobody agrees to a hold they have not seen. */
  async unlock(scooterId: string): Promise<RideAnswer> {
    const { holdCents: acceptedHoldCents } = await this.town.city.ask({ path: '/rider/prices', answer: Prices });
    const ride = await this.asMe({
      method: 'POST',
      path: '/rider/rides',
      body: { scooterId, acceptedHoldCents },
      answer: RideAnswer,
    });
    this.town.memories.remember(this.person, { rideId: ride.id });
    return ride;
  }

  async wish(rideId: string, what: 'pause' | 'resume' | 'end'): Promise<void> {
    await this.asMe({ method: 'POST', path: `/rider/rides/${rideId}/${what}`, answer: Nothing });
  }

  ride(rideId: string): Promise<RideAnswer> {
    return this.asMe({ path: `/rider/rides/${rideId}`, answer: RideAnswer });
  }

  current(): Promise<RideAnswer> {
    return this.asMe({ path: '/rider/rides/current', answer: RideAnswer });
  }

  async receipt(rideId: string): Promise<void> {
    await this.asMe({ path: `/rider/rides/${rideId}/receipt`, answer: Nothing });
  }

  /** With a card that works; then waits until nothing is open any more. */
  async payDebts(): Promise<boolean> {
    await this.saveCard('pm_card_visa');
    for (let asked = 0; asked < DEBT_ASKS; asked++) {
      const { items } = await this.asMe({ path: '/rider/debts', answer: Debts });
      const open = items.filter(({ state }) => state === undefined || state === 'open');
      if (open.length === 0) return true;
      if (asked === 0)
        for (const { id } of open) await this.asMe({ method: 'POST', path: `/rider/debts/${id}/pay`, answer: Nothing });
      await this.town.clock.sleepReal(500);
    }
    return false;
  }

  /** As the app does it: the card number never passes our service, only Stripe's own doors. */
  async saveCard(card: string): Promise<void> {
    const setup = await this.asMe({ method: 'POST', path: '/rider/card/setup', answer: CardSetup });
    if (!(await this.town.phone.confirmCard(setup, card))) throw new Refused(402, 'card_not_confirmed', null);
    await this.asMe({
      method: 'POST',
      path: '/rider/card',
      body: { setupIntentId: setup.setupIntentId },
      answer: Card,
    });
    this.town.memories.remember(this.person, { hasCard: true });
    this.town.tally.add('cards saved');
  }

  /** After a decline people do not try the same card for ever. */
  takeAnotherCard(): void {
    this.town.memories.remember(this.person, { hasCard: undefined, otherCard: true });
  }

  forgetCard(): void {
    this.town.memories.remember(this.person, { hasCard: undefined });
  }

  private card(): string {
    return this.person.memory.otherCard === true ? 'pm_card_visa' : this.person.card;
  }

  private async signUpOrIn(): Promise<void> {
    const { firstName, lastName, email, phone, birthDate, language } = this.person;
    const before = await this.town.phone.newest(phone);
    try {
      const body = { firstName, lastName, email, phone, birthDate, language };
      await this.town.city.ask({ method: 'POST', path: '/rider/sign-up', body, answer: SignedUp });
      this.town.tally.add('signed up');
    } catch (error) {
      if (!(error instanceof Refused && error.code === 'account_exists')) throw error;
      await this.town.city.ask({ method: 'POST', path: '/rider/sign-in', body: { phone }, answer: Nothing });
      this.town.tally.add('signed in');
    }
    const code = await this.town.phone.codeAfter(phone, before);
    const { token } = await this.town.city.ask({
      method: 'POST',
      path: '/rider/verify-phone',
      body: { phone, code },
      answer: SignedIn,
    });
    this.town.memories.remember(this.person, { token });
  }

  private async sendLicence(): Promise<void> {
    const year = Number(this.person.birthDate.slice(0, 4)) + 19;
    const licence = {
      class: 'AM',
      number: `FR${String(10_000_000 + this.person.index)}`,
      issuedOn: `${Math.min(year, 2025)}-06-15`,
    };
    await this.asMe({ method: 'POST', path: '/rider/licence', body: licence, answer: Nothing }).catch(
      (error: unknown) => {
        if (!(error instanceof Refused) || error.status >= 500) throw error;
      },
    );
    this.town.memories.remember(this.person, { sentLicence: true });
  }

  /** A session that ran out is a reason to sign in again, once. */
  private async asMe<T>(question: Omit<Question<T>, 'token'>): Promise<T> {
    if (this.person.memory.token === undefined) await this.signUpOrIn();
    try {
      return await this.town.city.ask(this.signed(question));
    } catch (error) {
      if (!(error instanceof Refused && error.code === 'signed_out')) throw error;
      await this.signUpOrIn();
      return this.town.city.ask(this.signed(question));
    }
  }

  private signed<T>(question: Omit<Question<T>, 'token'>): Question<T> {
    const { token } = this.person.memory;
    return token === undefined ? question : { ...question, token };
  }
}
