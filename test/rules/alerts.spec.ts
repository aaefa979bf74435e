import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_KINDS, alertKinds, ruleOf, severityOf, type AlertKind, type Severity } from '../../src/alerts/alert-kinds.js';
import { alertStates, type AlertState, type AlertStep } from '../../src/alerts/alert-state.js';
import { isFleetWide } from '../../src/alerts/fleet-wide.js';
import { whyOver, type Look } from '../../src/alerts/is-over.js';
import { answers, silentInARow } from '../../src/alerts/silence.js';
import { namedId, type ScooterId } from '../../src/platform/ids.js';
import { TooMany } from '../../src/telematics/too-many.js';
import { ROOT } from '../kit/source.js';

const NOW = Date.UTC(2026, 10, 23, 10);
const minutesAgo = (minutes: number): Date => new Date(NOW - minutes * 60_000);
const closed = { lock: 'closed', ignition: 'off', stand: 'down', helmet: 'in_case', case: 'closed', bay: 'closed' } as const;
const open = { ...closed, lock: 'open' } as const;

interface Story { scooter?: Partial<NonNullable<Look['scooter']>> | null; alert?: Partial<Look['alert']>; more?: Partial<Look> }
const look = (kind: AlertKind, { scooter = {}, alert = {}, more = {} }: Story): Look => ({
  alert: { kind, scooterId: scooter === null ? null : namedId<ScooterId>('one'), openedAt: minutesAgo(5), lastSeenAt: minutesAgo(5), ...alert },
  scooter: scooter && { state: 'available', connected: true, sensors: closed, lastSeenAt: minutesAgo(1), positionAt: minutesAgo(10), rangeUnknown: false, ...scooter },
  answers: false, isLinkUp: true, now: new Date(NOW), since: minutesAgo(600), ...more,
});
const lastSeen = (minutes: number): Story => ({ alert: { lastSeenAt: minutesAgo(minutes) } });

describe('an alert', () => {
  it.each<[AlertKind, string, Story, boolean]>([
    ['ghost_ride', 'stands locked for a minute', lastSeen(1), false],
    ['ghost_ride', 'stands locked for ten minutes', lastSeen(10), true],
    ['ghost_ride', 'stands open for an hour', { ...lastSeen(60), scooter: { sensors: open } }, false],
    ['ghost_ride', 'is ridden by a rider', { scooter: { state: 'taken', sensors: open } }, true],
    ['ghost_ride', 'is locked in a pause', { scooter: { state: 'taken' } }, false],
    ['ghost_ride', 'is with a crew', { scooter: { state: 'maintenance', sensors: open } }, true],
    ['moved_without_ride', 'stands for a while', lastSeen(59), false],
    ['moved_without_ride', 'stands for an hour', lastSeen(60), true],
    ['moved_without_ride', 'is ridden again', { scooter: { state: 'taken' } }, true],
    ['fell', 'lies', { scooter: { sensors: { ...closed, stand: 'up' } } }, false],
    ['fell', 'stands again', {}, true],
    ['fell', 'has not spoken since', { scooter: { lastSeenAt: minutesAgo(6) } }, false],
    ['fell', 'stands while somebody has it', { scooter: { state: 'taken' } }, false],
    ['bay_opened', 'is open', { scooter: { sensors: { ...closed, bay: 'open' } } }, false],
    ['bay_opened', 'is shut', {}, true],
    ['bay_opened', 'is shut without a battery', { scooter: { rangeUnknown: true } }, false],
    ['bay_opened', 'was shut before', { scooter: { lastSeenAt: minutesAgo(6) } }, false],
    ['offline', 'is away', { scooter: { connected: false } }, false],
    ['offline', 'is back', {}, true],
    ['offline', 'is in the workshop', { scooter: { connected: false, state: 'maintenance' } }, true],
    ['never_acks', 'is silent', lastSeen(600), false],
    ['never_acks', 'answers', { more: { answers: true } }, true],
    ['clock_wrong', 'goes on', lastSeen(300), false],
    ['clock_wrong', 'was told before we started, and the scooter has not spoken since', { ...lastSeen(700), scooter: { lastSeenAt: minutesAgo(650) } }, false],
    ['clock_wrong', 'was told before we started, and the scooter has spoken since', lastSeen(700), true],
    ['clock_wrong', 'was told before we started, and the scooter speaks just now', { ...lastSeen(700), scooter: { lastSeenAt: new Date(NOW) } }, false],
    ['suspect_place', 'tells no better place', {}, false],
    ['suspect_place', 'tells a place that can be', { scooter: { positionAt: minutesAgo(1) } }, true],
    ['seq_gaps', 'showed a while ago', lastSeen(59), false],
    ['seq_gaps', 'has not shown for an hour', lastSeen(60), true],
    ['bad_signature', 'has not shown for an hour', lastSeen(60), true],
    ['many_refusals', 'has not shown for an hour', lastSeen(60), true],
    ['flooding', 'has not shown for an hour', lastSeen(60), true],
    ['link_down', 'is down', { scooter: null, more: { isLinkUp: false } }, false],
    ['link_down', 'is up', { scooter: null }, true],
    ['offline', 'is the fleet’s, and counted elsewhere', { ...lastSeen(600), scooter: null }, false],
    ['clock_wrong', 'is the fleet’s, and was seen lately', { ...lastSeen(9), scooter: null }, false],
    ['clock_wrong', 'is the fleet’s, and was not seen lately', { ...lastSeen(10), scooter: null }, true],
  ])('%s that %s', (kind, _story, story, over) => {
    expect(whyOver(look(kind, story)) !== null).toBe(over);
  });

  it('has an end of its own for every kind', () => {
    const ended = ALERT_KINDS.filter((kind) => [
      { ...lastSeen(700), scooter: { positionAt: new Date(NOW) }, more: { answers: true } }, { scooter: null },
    ].some((story: Story) => whyOver(look(kind, story)) !== null));
    expect(ended).toEqual(ALERT_KINDS);
  });

  it.each<[AlertState, AlertStep, AlertState | null]>([
    ['open', 'acknowledge', 'acknowledged'], ['open', 'snooze', 'snoozed'], ['open', 'close', 'closed'], ['open', 'wake', null],
    ['acknowledged', 'snooze', 'snoozed'], ['acknowledged', 'close', 'closed'], ['acknowledged', 'acknowledge', null],
    ['snoozed', 'wake', 'open'], ['snoozed', 'acknowledge', 'acknowledged'], ['snoozed', 'snooze', 'snoozed'], ['snoozed', 'close', 'closed'],
    ['closed', 'acknowledge', null], ['closed', 'snooze', null], ['closed', 'wake', null], ['closed', 'close', null],
  ])('that is %s, asked to %s, is %s', (state, step, next) => {
    expect(alertStates.after(state, step)).toBe(next);
  });

  it.each<[AlertKind, boolean, Severity]>([
    ['offline', false, 'warning'], ['offline', true, 'critical'], ['fell', false, 'warning'], ['fell', true, 'critical'],
    ['ghost_ride', false, 'critical'], ['ghost_ride', true, 'critical'], ['seq_gaps', true, 'info'],
  ])('%s, with a rider: %s, is %s', (kind, isRidden, severity) => {
    expect(severityOf(kind, isRidden)).toBe(severity);
  });
});

describe('a trouble of the whole fleet', () => {
  it.each([
    [4, 10, false], [5, 10, true], [4, 1000, false], [19, 1000, false], [20, 1000, true], [1000, 1000, true],
    [49, 100_000, false], [50, 100_000, true], [1, 1, false],
  ])('is that of %i among %i: %s', (troubled, size, is) => {
    expect(isFleetWide(troubled, size)).toBe(is);
  });
});

describe('silence', () => {
  it.each([
    [[], 0, false],
    [['sent'], 0, false],
    [['done'], 0, true],
    [['expired', 'done'], 1, false],
    [['sent', 'expired', 'expired', 'expired'], 3, false],
    [['expired', 'refused', 'expired'], 1, false],
    [['done_late', 'expired', 'expired'], 0, true],
    [['queued', 'refused'], 0, true],
  ] as const)('after %j is %i long, and it answers: %s', (states, inARow, answering) => {
    const past = states.map((state) => ({ state }));
    expect([silentInARow(past), answers(past)]).toEqual([inARow, answering]);
  });
});

describe('too many', () => {
  it('is told once, and again for each as many more', () => {
    const count = new TooMany(10, 60_000);
    expect([4, 5, 1, 9, 1].map((many) => count.add('one', many, 0))).toEqual([null, null, 10, null, 10]);
  });
  it('within its time, for each by itself, and what came after all does not count', () => {
    const count = new TooMany(10, 60_000);
    expect([count.add('one', 9, 0), count.add('two', 9, 0), count.add('one', 9, 60_000), count.add('two', -3, 1), count.add('two', 3, 2)])
      .toEqual([null, null, null, null, null]);
    expect(count.add('two', 1, 3)).toBe(10);
  });
});

describe('the page of alerts', () => {
  it('is the table of the code', () => {
    const rows = [...readFileSync(join(ROOT, 'docs/alerts.md'), 'utf8').matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$/gm)].map((match) => match.slice(1, 6));
    const severity = (kind: AlertKind): string => {
      const { severity: usual, inRide } = ruleOf(kind);
      return inRide === undefined ? usual : `${usual}, ${inRide} in a ride`;
    };
    expect(rows).toEqual(ALERT_KINDS.map((kind) => [kind, severity(kind), alertKinds[kind].rule, alertKinds[kind].closes, alertKinds[kind].runbook]));
  });
});
