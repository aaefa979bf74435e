// Who the riders are: made up from a seed, the same people at every start, and what they remember
// between starts. Their numbers come from the block that ARCEP keeps free for fiction (06 39 98 xx xx).
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { diceOf } from './dice.js';

export interface Person {
  readonly index: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly birthDate: string;
  readonly language: 'fr' | 'en';
  /** A Stripe test card. */
  readonly card: string;
  memory: Memory;
}

const Memory = z.object({
  token: z.string().optional(),
  hasCard: z.boolean().optional(),
  sentLicence: z.boolean().optional(),
  otherCard: z.boolean().optional(),
  /** The ride under way, so that after a restart somebody brings the scooter home. */
  rideId: z.string().optional(),
});
export type Memory = z.infer<typeof Memory>;
const Memories = z.record(z.string(), Memory);

/** The first numbers of the block belong to the people of the seed and of the tests. */
const FIRST_NUMBER = 1000;
export const MOST_PEOPLE = 9000;

const FIRST_NAMES = [
  'Camille',
  'Louise',
  'Nadia',
  'Inès',
  'Chloé',
  'Aminata',
  'Sophie',
  'Hélène',
  'Mei',
  'Yasmine',
  'Karim',
  'Lucas',
  'Hugo',
  'Théo',
  'Mamadou',
  'Julien',
  'Antoine',
  'Rachid',
  'Pierre',
  'Minh',
] as const;
const LAST_NAMES = [
  'Martin',
  'Bernard',
  'Petit',
  'Robert',
  'Richard',
  'Durand',
  'Moreau',
  'Laurent',
  'Simon',
  'Michel',
  'Garcia',
  'Benali',
  'Diallo',
  'Nguyen',
  'Lefebvre',
  'Roux',
  'Fontaine',
  'Chevalier',
  'Girard',
  'Mercier',
] as const;

export function personOf(seed: number | string, index: number, memory: Memory = {}): Person {
  const dice = diceOf('person', seed, index);
  // Born before 1988 no licence is needed in France (decree 2011-1475), and somebody must look at each one sent.
  const year = dice.chance(0.03) ? dice.whole(1988, 2005) : dice.whole(1955, 1987);
  const card = dice.next();
  return {
    index,
    firstName: dice.pick(FIRST_NAMES),
    lastName: dice.pick(LAST_NAMES),
    email: `rider-${FIRST_NUMBER + index}@example.org`,
    phone: `+3363998${FIRST_NUMBER + index}`,
    birthDate: `${year}-${String(dice.whole(1, 12)).padStart(2, '0')}-${String(dice.whole(1, 28)).padStart(2, '0')}`,
    language: dice.chance(0.8) ? 'fr' : 'en',
    card: card < 0.06 ? 'pm_card_threeDSecureRequired' : card < 0.075 ? 'pm_card_chargeCustomerFail' : 'pm_card_visa',
    memory,
  };
}

export const needsLicence = (person: Person): boolean => person.birthDate >= '1988';

/** What people remember, in a file only its owner may read; without a path they forget. */
export class MemoryFile {
  private changed = false;

  constructor(private readonly path: string | null) {}

  people(seed: number | string, count: number): Person[] {
    const memories = this.read();
    return Array.from({ length: Math.min(count, MOST_PEOPLE) }, (_, index) =>
      personOf(seed, index, memories[index] ?? {}),
    );
  }

  remember(person: Person, memory: Partial<{ [K in keyof Memory]: Memory[K] | undefined }>): void {
    const kept = Object.entries({ ...person.memory, ...memory }).filter(([, value]) => value !== undefined);
    person.memory = Memory.parse(Object.fromEntries(kept));
    this.changed = true;
  }

  /** Replaced in one step, so that a kill leaves the old file or the new one. */
  save(people: readonly Person[]): void {
    if (!this.changed || this.path === null) return;
    this.changed = false;
    const fresh = `${this.path}.fresh`;
    writeFileSync(fresh, JSON.stringify(Object.fromEntries(people.map(({ index, memory }) => [index, memory]))), {
      mode: 0o600,
    });
    renameSync(fresh, this.path);
  }

  private read(): Record<string, Memory> {
    if (this.path === null) return {};
    try {
      return Memories.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return {};
    }
  }
}
