// What may be written into a field, and what no person types.
import { describe, expect, it } from '@jest/globals';
import { phone, SignUp } from '../../src/accounts/accounts.dto.js';
import { email, line, note, reason } from '../../src/platform/text.js';

describe('a line of text', () => {
  it.each([
    ['an ordinary name',          'Zoé',                  'Zoé'],
    ['blanks around it',          '  Zoé ',               'Zoé'],
    ['a twin written in parts',   'Zoe\u0301',            'Zoé'],
    ['an apostrophe and hyphen',  "Anne-Sophie d'Arc",    "Anne-Sophie d'Arc"],
    ['another script',            '李小龙',                '李小龙'],
    ['an emoji',                  '🛵',                   '🛵'],
    ['words of SQL',              "'; drop table riders", "'; drop table riders"],
    ['exactly the limit',         'a'.repeat(80),         'a'.repeat(80)],
  ])('takes %s', (_what, typed, kept) => {
    expect(line(80).parse(typed)).toBe(kept);
  });

  it.each([
    ['nothing',                       ''],
    ['blanks only',                   '   '],
    ['joiners only',                  '\u200b\u200d'],
    ['a NUL',                         'Zo\u0000é'],
    ['a line break',                  'Zoé\nadmin'],
    ['a carriage return',             'Zoé\r'],
    ['an escape',                     '\u001b[31mZoé'],
    ['a C1 control',                  'Zo\u0085é'],
    ['a line separator',              'Zo\u2028é'],
    ['a turned writing direction',    '\u202eéoZ'],
    ['half of a pair in front',       'Zo\ud83d'],
    ['half of a pair behind',         '\udef5Zo'],
    ['the rest of a broken byte',     'Zo\ufffd'],
    ['one more than the limit',       'a'.repeat(81)],
    ['a number',                      12],
    ['null',                          null],
    ['a list',                        ['Zoé']],
  ])('refuses %s', (_what, typed) => {
    expect(line(80).safeParse(typed).success).toBe(false);
  });

  it('lets a note have several lines, and nothing else that is hidden', () => {
    expect(note(100).parse('first\nsecond')).toBe('first\nsecond');
    expect(note(100).safeParse('first\u0000second').success).toBe(false);
    expect(note(100).safeParse('\n\n').success).toBe(false);
  });

  it.each([['ok', false], ['why', true], ['x'.repeat(501), false]])('takes %s as a reason: %s', (typed, taken) => {
    expect(reason.safeParse(typed).success).toBe(taken);
  });
});

describe('an e-mail', () => {
  it.each([
    ['Zoe@Example.FR',              'zoe@example.fr'],
    [' zoe@example.fr ',            'zoe@example.fr'],
    ['zoe+ride@example.fr',         'zoe+ride@example.fr'],
    ['zoe',                         null],
    ['zoe@',                        null],
    ['zoe@example.fr\u0000',        null],
    ['zoe@example.fr\nbcc: x@y.fr', null],
    [`${'a'.repeat(250)}@b.fr`,     null],
  ])('%j becomes %j', (typed, kept) => {
    expect(email.safeParse(typed).data ?? null).toBe(kept);
  });
});

describe('a phone', () => {
  it.each([
    ['06 12 34 56 78',              '+33612345678'],
    ['+33612345678',                '+33612345678'],
    ['0033612345678',               '+33612345678'],
    ['+44 20 7946 0000',            '+442079460000'],
    ['call me on 06 12 34 56 78',   null],
    ['+33612345678;ext=5',          null],
    ['112',                         null],
    ['3615',                        null],
    ['+336123456789',               null],
    ['',                            null],
  ])('%j becomes %j', (typed, kept) => {
    expect(phone.safeParse(typed).data ?? null).toBe(kept);
  });
});

describe('a sign-up', () => {
  const person = { firstName: 'Zoé', lastName: 'Martin', email: 'zoe@example.fr', phone: '0612345678', birthDate: '1995-03-02' };

  it('speaks French when no language is named', () => {
    expect(SignUp.parse(person).language).toBe('fr');
  });

  it.each([
    ['a state of its own',      { ...person, state: 'verified' }],
    ['an id of its own',        { ...person, id: '0198e0a0-0000-7000-8000-000000000000' }],
    ['31 February',             { ...person, birthDate: '1995-02-31' }],
    ['the century before last', { ...person, birthDate: '1899-12-31' }],
    ['a birth date and hour',   { ...person, birthDate: '1995-03-02T00:00:00Z' }],
    ['no last name',            { ...person, lastName: undefined }],
  ])('is refused with %s', (_what, body) => {
    expect(SignUp.safeParse(body).success).toBe(false);
  });
});
