import { describe, expect, it } from '@jest/globals';
import { OPERATOR_KINDS, whyNotCommand, type OperatorKind } from '../../src/commands/why-not-command.js';

describe('what the control room may order', () => {
  it.each<[OperatorKind, string, ReturnType<typeof whyNotCommand>]>([
    ['locate',    'available',   null],
    ['locate',    'taken',       null],
    ['open_case', 'taken',       null],
    ['lock',      'available',   null],
    ['lock',      'unsure',      null],
    ['lock',      'taken',       'scooter_not_available'],
    ['open_bay',  'maintenance', null],
    ['open_bay',  'taken',       'scooter_not_available'],
    ['look',      'reserved',    null],
    ['look',      'taken',       'scooter_not_available'],
    ['locate',    'retired',     'scooter_not_available'],
  ])('%s of a scooter that is %s: %s', (kind, state, refusal) => {
    expect(whyNotCommand(kind, state)).toBe(refusal);
  });

  it('never opens or resumes a ride by hand', () => {
    expect(OPERATOR_KINDS).not.toContain('unlock');
    expect(OPERATOR_KINDS).not.toContain('pause');
    expect(OPERATOR_KINDS).not.toContain('resume');
  });
});
