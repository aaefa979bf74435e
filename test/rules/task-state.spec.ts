import { describe, expect, it } from '@jest/globals';
import { joinProofs, joinReports, stepOnProof, stepOnReport } from '../../src/maintenance/task-evidence.js';
import {
  after,
  IN_HAND_STATES,
  LISTED_STATES,
  OPEN_TASK_STATES,
  taskState,
  type TaskState,
  type TaskStep,
} from '../../src/maintenance/task-state.js';
import { stepBack, type Proof, type Task } from '../../src/maintenance/task.js';

const STEPS = [
  'assign',
  'arrive',
  'release',
  'report',
  'prove',
  'contradict',
  'cancel',
] as const satisfies readonly TaskStep[];
const no = null;

describe('a task', () => {
  // prettier-ignore
  it.each<[TaskState, (TaskState | null)[]]>([
    // state          assign      arrive         release    report      prove       contradict  cancel
    ['created',     ['assigned', no,            no,        no,         'verified', no,         'cancelled']],
    ['assigned',    [no,         'in_progress', 'created', no,         'verified', no,         'cancelled']],
    ['in_progress', [no,         no,            'created', 'resolved', 'proved',   no,         'cancelled']],
    ['resolved',    [no,         no,            no,        'resolved', 'verified', 'proved',   'cancelled']],
    ['proved',      [no,         no,            no,        'verified', 'proved',   'proved',   'cancelled']],
    ['verified',    [no,         no,            no,        no,         no,         no,         no]],
    ['cancelled',   [no,         no,            no,        no,         no,         no,         no]],
  ])('that is %s knows every step', (state, next) => {
    expect(STEPS.map((step) => after(state, step))).toEqual(next);
  });

  it('is open in every state but the last ones, and each open one can still be cancelled', () => {
    const ends = (Object.keys(taskState.steps) as TaskState[]).filter(
      (state) => Object.keys(taskState.steps[state]).length === 0,
    );
    expect(ends).toEqual(['verified', 'cancelled']);
    expect([...OPEN_TASK_STATES, ...ends].sort()).toEqual(Object.keys(taskState.steps).sort());
    for (const state of OPEN_TASK_STATES) expect(after(state, 'cancel')).toBe('cancelled');
  });

  it('lists what a crew holds, and what is in hand is part of it', () => {
    expect(LISTED_STATES).toEqual(['assigned', ...IN_HAND_STATES]);
  });
});

const proof: Proof = { kind: 'swap', serialBefore: 'A', between: [], serialAfter: 'B', chargeGained: 60 };
const swap = (
  state: TaskState,
  serialOut: string | null = null,
  serialIn: string | null = null,
  shown: Proof | null = null,
): Task => ({ kind: 'swap', state, serialOut, serialIn, proof: shown, note: null }) as Task;

describe('a claim against telemetry', () => {
  // prettier-ignore
  it.each<[string, Task, TaskStep, RegExp | null]>([
    ['a swap nobody was sent for',                swap('created'),                    'prove',      null],
    ['a swap before the crew said it was there',  swap('assigned'),                   'prove',      null],
    ['telemetry before the report',               swap('in_progress'),                'prove',      null],
    ['telemetry after the right report',          swap('resolved', 'A', 'B'),         'prove',      null],
    ['another pack in than reported',             swap('resolved', 'A', 'C'),         'contradict', /pack C in, but the scooter runs on B/],
    ['another pack out than reported',            swap('resolved', 'Z', 'B'),         'contradict', /pack Z out, but the scooter ran on A/],
    ['the pack changed to the one reported',      swap('proved', 'A', 'B', proof),    'report',     null],
    ['the pack changed to yet another one',       swap('proved', 'A', 'Q', proof),    'contradict', /pack Q in/],
    ['a second telling before any report',        swap('proved', null, null, proof),  'prove',      null],
  ])('takes %s as %s', (_what, task, step, note) => {
    const verdict = stepOnProof(task, proof);
    expect(verdict.step).toBe(step);
    if (note === null) expect(verdict.note).toBeNull();
    else expect(verdict.note).toMatch(note);
    expect(after(task.state, verdict.step)).not.toBeNull();
  });

  // prettier-ignore
  it.each<[string, Task, { serialOut: string; serialIn: string }, TaskState]>([
    ['nothing shown yet',        swap('in_progress'),                { serialOut: 'A', serialIn: 'B' }, 'resolved'],
    ['a report put right early', swap('resolved', 'A', 'C'),         { serialOut: 'A', serialIn: 'B' }, 'resolved'],
    ['the same packs shown',     swap('proved', null, null, proof),  { serialOut: 'A', serialIn: 'B' }, 'verified'],
    ['another pack shown',       swap('proved', null, null, proof),  { serialOut: 'A', serialIn: 'C' }, 'proved'],
    ['a wrong report put right', swap('proved', 'A', 'C', proof),    { serialOut: 'A', serialIn: 'B' }, 'verified'],
  ])('leads a report with %s to its state', (_what, task, report, state) => {
    expect(after(task.state, stepOnReport(task, report).step)).toBe(state);
  });

  it('needs no serials for an inspection and keeps what was found', () => {
    const task = { ...swap('resolved'), kind: 'inspect', note: 'plug was loose' } as Task;
    expect(stepOnProof(task, { kind: 'range', rangeKm: 40 })).toEqual({ step: 'prove', note: 'plug was loose' });
  });

  it('joins two swaps of one visit from the first pack to the last', () => {
    const second: Proof = { kind: 'swap', serialBefore: 'B', between: [], serialAfter: 'C', chargeGained: 12 };
    expect(joinProofs(proof, second)).toEqual({
      kind: 'swap',
      serialBefore: 'A',
      between: ['B'],
      serialAfter: 'C',
      chargeGained: 72,
    });
    expect(joinProofs(null, second)).toEqual(second);
    const shown = swap('proved', null, null, joinProofs(proof, second));
    for (const serialOut of ['A', 'B']) expect(stepOnReport(shown, { serialOut, serialIn: 'C' }).step).toBe('report');
    expect(stepOnReport(shown, { serialOut: 'Q', serialIn: 'C' }).step).toBe('contradict');
  });
});

describe('two reports of one visit', () => {
  // prettier-ignore
  it.each([
    [[null, null], ['A', 'B'], ['A', 'B']],
    [['A',  'B'],  ['B', 'C'], ['A', 'C']],
    [['A',  'B'],  ['A', 'C'], ['A', 'C']],
    [['A',  'B'],  ['X', 'C'], ['X', 'C']],
  ] as const)('told %j and then %j, count as %j', ([wasOut, wasIn], [serialOut, serialIn], [out, into]) => {
    expect(joinReports({ serialOut: wasOut, serialIn: wasIn }, { serialOut, serialIn })).toEqual({ serialOut: out, serialIn: into });
  });
});

describe('a scooter nobody works on any more', () => {
  // prettier-ignore
  it.each<[Parameters<typeof stepBack>[0], ReturnType<typeof stepBack>]>([
    [{ state: 'maintenance', needsSwap: false, rangeUnknown: false }, 'return'],
    [{ state: 'maintenance', needsSwap: true,  rangeUnknown: false }, 'return'],
    [{ state: 'low',         needsSwap: false, rangeUnknown: false }, 'recover'],
    [{ state: 'low',         needsSwap: true,  rangeUnknown: false }, null],
    [{ state: 'low',         needsSwap: false, rangeUnknown: true  }, null],
    [{ state: 'available',   needsSwap: false, rangeUnknown: false }, null],
    [{ state: 'taken',       needsSwap: false, rangeUnknown: false }, null],
    [{ state: 'unsure',      needsSwap: false, rangeUnknown: false }, null],
    [{ state: 'retired',     needsSwap: false, rangeUnknown: false }, null],
  ])('%j takes the step %s', (scooter, step) => {
    expect(stepBack(scooter)).toBe(step);
  });
});
