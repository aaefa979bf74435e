import { describe, expect, it } from '@jest/globals';
import { commandStates, isLate, placeInAnswer, verdictOf, type CommandAnswer, type CommandState, type CommandStep } from '../../src/commands/command-state.js';
import type { CommandKind, Refused, Sensors } from '../../src/telematics/wire.js';

const sensors = (lock: Sensors['lock']): Sensors => ({ lock, ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' });
const fix = { latitude: 48.86, longitude: 2.35, accuracyM: 4, ageS: 1 };
const said = { boot: 1, seq: 2, ageMs: 0, commandId: '018f0000-0000-7000-8000-000000000001' };
const done = (command: CommandKind, lock: Sensors['lock']): CommandAnswer => ({ ...said, kind: 'command_done', command, sensors: sensors(lock), fix });
const refused = (reason: Refused): CommandAnswer => ({ ...said, kind: 'command_refused', reason, sensors: sensors('closed') });

describe('the life of a command', () => {
  it.each<[CommandState, CommandStep, CommandState | null]>([
    ['queued',       'send',   'sent'],
    ['queued',       'do',     'done'],
    ['queued',       'refuse', 'refused'],
    ['queued',       'expire', 'expired'],
    ['sent',         'send',   null],
    ['sent',         'do',     'done'],
    ['sent',         'refuse', 'refused'],
    ['sent',         'expire', 'expired'],
    ['expired',      'send',   null],
    ['expired',      'do',     'done_late'],
    ['expired',      'refuse', 'refused_late'],
    ['expired',      'expire', null],
    ['done',         'send',   null],
    ['done',         'do',     null],
    ['done',         'refuse', null],
    ['done',         'expire', null],
    ['refused',      'do',     null],
    ['refused',      'expire', null],
    ['done_late',    'do',     null],
    ['done_late',    'refuse', null],
    ['refused_late', 'do',     null],
  ])('%s + %s = %s', (state, step, next) => {
    expect(commandStates.after(state, step)).toBe(next);
  });

  it('knows silence as unknown: no state is called failed, and expired waits for evidence', () => {
    expect(Object.keys(commandStates.steps)).not.toContain('failed');
    expect(Object.keys(commandStates.steps.expired)).toEqual(['do', 'refuse']);
  });

  it.each<[CommandState, boolean]>([['done', false], ['refused', false], ['expired', false], ['done_late', true], ['refused_late', true]])(
    '%s is late: %s', (state, late) => { expect(isLate(state)).toBe(late); });
});

describe('what an answer amounts to', () => {
  it.each<[string, CommandAnswer, ReturnType<typeof verdictOf>]>([
    ['an unlock is done when the lock is open',            done('unlock', 'open'),      { step: 'do' }],
    ['an unlock with the lock still closed is jammed',     done('unlock', 'closed'),    { step: 'refuse', reason: 'jammed' }],
    ['a lock is done when the lock is closed',             done('lock', 'closed'),      { step: 'do' }],
    ['a lock with the bolt still open is jammed',          done('lock', 'open'),        { step: 'refuse', reason: 'jammed' }],
    ['a look says nothing of the lock',                    done('look', 'open'),        { step: 'do' }],
    ['opening the bay says nothing of the lock',           done('open_bay', 'closed'),  { step: 'do' }],
    ['a refusal keeps its reason',                         refused('moving'),           { step: 'refuse', reason: 'moving' }],
  ])('%s', (_, answer, verdict) => {
    expect(verdictOf(answer)).toEqual(verdict);
  });

  it.each<[CommandKind, boolean]>([
    ['unlock', true], ['lock', true], ['look', true], ['pause', false], ['resume', false], ['open_case', false], ['open_bay', false], ['locate', false],
  ])('a place that comes with %s is taken: %s', (kind, taken) => {
    expect(placeInAnswer(done(kind, 'open'))).toEqual(taken ? fix : null);
  });
});
