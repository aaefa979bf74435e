import { describe, expect, it } from '@jest/globals';
import { whyNotArrive, type ArrivalFacts } from '../../src/maintenance/why-not-arrive.js';
import type { CrewId } from '../../src/platform/ids.js';

const ours = 'crew-1' as CrewId;
const street = { latitude: 48.86, longitude: 2.35 };
/** 0.0004 degrees of latitude are 44 m, 0.0005 are 56 m. */
const north = (degrees: number) => ({ ...street, latitude: street.latitude + degrees });

const facts = (also: { [K in keyof ArrivalFacts]?: Partial<ArrivalFacts[K]> } = {}): ArrivalFacts => ({
  task: { kind: 'swap', crewId: ours, ...street, ...also.task },
  scooter: { state: 'low', ...street, ...also.scooter },
  crew: { id: ours, onShift: true, fullPacks: 3, ...also.crew },
  position: { ...street, ...also.position },
});

describe('a crew that says it has arrived', () => {
  // prettier-ignore
  it.each<[string, ArrivalFacts, ReturnType<typeof whyNotArrive>]>([
    ['stands at the scooter',                       facts(),                                                            null],
    ['stands 44 m away',                            facts({ position: north(0.0004) }),                                 null],
    ['stands 56 m away',                            facts({ position: north(0.0005) }),                                 'too_far_away'],
    ['has the task of another crew',                facts({ task: { crewId: 'crew-2' as CrewId } }),                    'task_unknown'],
    ['has a task nobody was given',                 facts({ task: { crewId: null } }),                                  'task_unknown'],
    ['is off shift',                                facts({ crew: { onShift: false } }),                                'crew_off_shift'],
    ['has no full pack left',                       facts({ crew: { fullPacks: 0 } }),                                  'van_empty'],
    ['needs no pack for a look',                    facts({ crew: { fullPacks: 0 }, task: { kind: 'inspect' } }),       null],
    ['finds it ridden away a second before',        facts({ scooter: { state: 'taken', latitude: null, longitude: null } }), 'scooter_not_available'],
    ['finds somebody walking to it',                facts({ scooter: { state: 'reserved' } }),                          'scooter_not_available'],
    ['finds it retired',                            facts({ scooter: { state: 'retired' } }),                           'scooter_not_available'],
    ['comes for one that may stand open',           facts({ scooter: { state: 'unsure' } }),                            null],
    ['comes again to one in maintenance',           facts({ scooter: { state: 'maintenance' } }),                       null],
    ['is measured against the scooter, moved since', facts({ scooter: north(0.01), position: north(0.01) }),            null],
    ['is measured against the task, when the scooter lost its place', facts({ scooter: { latitude: null, longitude: null }, position: north(0.01) }), 'too_far_away'],
    ['is believed, when nobody knows the place',    facts({ scooter: { latitude: null, longitude: null }, task: { latitude: null, longitude: null }, position: north(1) }), null],
  ])('%s', (_what, arrival, reason) => {
    expect(whyNotArrive(arrival)).toBe(reason);
  });
});
