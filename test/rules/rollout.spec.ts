// A release on its way: the stages it goes through, who is in them, when they widen and when they stop.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStage, OFFERED_IN, resumeStep, rolloutState, STAGES, type RolloutState, type RolloutStep } from '../../src/updates/rollout-state.js';
import { stageMembers, stageSize } from '../../src/updates/stage-members.js';
import { mustHalt, stageVerdict, type Progress, type StageVerdict, type StateCounts } from '../../src/updates/stage-verdict.js';

describe('a rollout', () => {
  it.each<[RolloutState, RolloutStep, RolloutState | null]>([
    ['draft',       'start',  'one_percent'],
    ['draft',       'widen',  null],
    ['draft',       'halt',   null],
    ['one_percent', 'widen',  'ten_percent'],
    ['one_percent', 'start',  null],
    ['ten_percent', 'widen',  'everybody'],
    ['everybody',   'widen',  'finished'],
    ['one_percent', 'halt',   'halted'],
    ['ten_percent', 'halt',   'halted'],
    ['everybody',   'halt',   'halted'],
    ['halted',      'widen',  null],
    ['halted',      'halt',   null],
    ['halted',      'resume_ten_percent', 'ten_percent'],
    ['halted',      'cancel', 'cancelled'],
    ['finished',    'halt',   null],
    ['finished',    'cancel', 'cancelled'],
    ['cancelled',   'start',  null],
    ['cancelled',   'resume_everybody', null],
  ])('%s + %s = %s', (state, step, next) => {
    expect(rolloutState.after(state, step)).toBe(next);
  });

  it('goes on after a halt in the stage where it stopped, and in no wider one', () => {
    for (const stage of STAGES) expect(rolloutState.after('halted', resumeStep(stage))).toBe(stage);
  });

  it('is offered in its stages and after them, and at no other time', () => {
    expect([...OFFERED_IN].sort()).toEqual(['everybody', 'finished', 'one_percent', 'ten_percent']);
    expect(Object.keys(rolloutState.steps).filter((state) => isStage(state as RolloutState))).toEqual(STAGES);
  });
});

const fleetOf = (size: number, salt = 0): string[] => Array.from({ length: size }, (_, at) => `${String(salt)}-${at.toString(16).padStart(12, '0')}`);
const release = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join('.'));

describe('a stage', () => {
  it('holds the narrower ones, whoever counts them and in whatever order', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(), release, (size, salt, name) => {
      const fleet = fleetOf(size, salt);
      const [one, ten, all] = STAGES.map((stage) => new Set(stageMembers(name, fleet, stage)));
      expect([...(one ?? [])].filter((id) => !ten?.has(id))).toEqual([]);
      expect([...(ten ?? [])].filter((id) => !all?.has(id))).toEqual([]);
      expect(new Set(stageMembers(name, [...fleet].reverse(), 'ten_percent'))).toEqual(ten);
    }), { numRuns: 40 });
  });

  it.each<[number, number, number]>([
    [0,       0,    0],
    [1,       1,    1],
    [10,      1,    1],
    [11,      1,    2],
    [100,     1,    10],
    [101,     2,    11],
    [1000,    10,   100],
    [100_000, 1000, 10_000],
  ])('of %i scooters is %i, then %i, then all', (size, one, ten) => {
    expect(STAGES.map((stage) => stageSize(size, stage))).toEqual([one, ten, size]);
    const fleet = fleetOf(size);
    expect(STAGES.map((stage) => new Set(stageMembers('2.0.0', fleet, stage)).size)).toEqual([one, ten, size]);
  });

  it('is not always the same scooters: another release goes first to others', () => {
    const fleet = fleetOf(10_000);
    const first = new Set(stageMembers('2.0.0', fleet, 'one_percent'));
    const both = stageMembers('2.0.1', fleet, 'one_percent').filter((id) => first.has(id));
    expect(both.length).toBeLessThan(10);
  });
});

const NOW = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const none: StateCounts = { chosen: 0, offered: 0, downloaded: 0, installed: 0, rolled_back: 0, refused: 0, timed_out: 0 };
const progress = (counts: Partial<StateCounts>, more: Partial<Omit<Progress, 'counts'>> = {}): Progress => ({
  counts: { ...none, ...counts }, absent: 0, failed: 0, forgiven: 0, settled: 0, gone: 0, lastFailureAt: null, ...more,
});

describe('the verdict on a stage', () => {
  it.each<[string, Progress, StageVerdict]>([
    ['nobody has been asked',                          progress({ chosen: 1 }), 'wait'],
    ['nobody is in it',                                progress({}), 'wait'],
    ['offered, not heard of',                          progress({ offered: 1 }), 'wait'],
    ['installed a moment ago',                         progress({ installed: 1 }), 'wait'],
    ['installed for an hour',                          progress({ installed: 1 }, { settled: 1 }), 'widen'],
    ['installed for an hour and then never seen again', progress({ installed: 1 }, { settled: 1, gone: 1 }), 'wait'],
    ['95 of 100 installed, 5 not yet',                 progress({ installed: 95, offered: 5 }, { settled: 95 }), 'widen'],
    ['94 of 100 installed',                            progress({ installed: 94, downloaded: 6 }, { settled: 94 }), 'wait'],
    ['95 of 100 installed, one of them gone',          progress({ installed: 95, offered: 5 }, { settled: 95, gone: 1 }), 'wait'],
    ['those away for a day hold nobody up',            progress({ installed: 50, chosen: 50 }, { settled: 50, absent: 50 }), 'widen'],
    ['those away for an hour do',                      progress({ installed: 50, chosen: 50 }, { settled: 50 }), 'wait'],
    ['everybody away for a day proves nothing',        progress({ chosen: 7 }, { absent: 7 }), 'wait'],
    ['the only one failed',                            progress({ rolled_back: 1 }, { failed: 1, lastFailureAt: NOW }), 'halt'],
    ['one of ten failed',                              progress({ installed: 9, refused: 1 }, { failed: 1, lastFailureAt: ago(300), settled: 9 }), 'halt'],
    ['5 of 100 failed: not more than 5 %, long ago',   progress({ installed: 95, timed_out: 5 }, { failed: 5, lastFailureAt: ago(61), settled: 95 }), 'widen'],
    ['the same, but one of them just now',             progress({ installed: 95, timed_out: 5 }, { failed: 5, lastFailureAt: ago(59), settled: 95 }), 'wait'],
    ['6 of 100 failed',                                progress({ installed: 94, timed_out: 6 }, { failed: 6, lastFailureAt: ago(300), settled: 94 }), 'halt'],
    ['the chosen do not thin out the failures',        progress({ chosen: 1000, installed: 9, rolled_back: 1 }, { failed: 1, lastFailureAt: NOW }), 'halt'],
    ['what a person forgave',                          progress({ installed: 3, rolled_back: 1 }, { forgiven: 1, settled: 3 }), 'widen'],
    ['a failure after it was forgiven',                progress({ installed: 3, rolled_back: 2 }, { forgiven: 1, failed: 1, lastFailureAt: NOW, settled: 3 }), 'halt'],
  ])('%s: %#', (_what, seen, verdict) => {
    expect(stageVerdict(seen, NOW)).toBe(verdict);
  });

  it('never widens what it would halt, and halts exactly above one in twenty', () => {
    fc.assert(fc.property(fc.nat(500), fc.nat(500), (fine, failed) => {
      const seen = progress({ installed: fine, rolled_back: failed }, { failed, lastFailureAt: failed > 0 ? ago(600) : null, settled: fine });
      expect(mustHalt(seen)).toBe(failed > 0 && failed * 20 > fine + failed);
      expect(stageVerdict(seen, NOW) === 'halt').toBe(mustHalt(seen));
    }));
  });
});
