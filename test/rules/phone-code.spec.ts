// The six digits: good once, for ten minutes, for five tries, and five times an hour.
import { describe, expect, it } from '@jest/globals';
import { codeText, hashOfCode, judgeCode, newCode, whyNotSendCode, type PhoneCode } from '../../src/accounts/phone-code.js';

const NOW = new Date('2026-06-15T10:00:00Z');
const kept = (changes: Partial<PhoneCode> = {}): PhoneCode => ({
  id: 'a', codeHash: hashOfCode('a', '012345'), triesLeft: 5, expiresAt: new Date('2026-06-15T10:00:01Z'), usedAt: null, ...changes,
});

describe('a code typed by a rider', () => {
  it.each([
    ['the right one',                         kept(),                                            '012345', 'right'],
    ['another one',                           kept(),                                            '012346', 'wrong'],
    ['without its leading zero',              kept(),                                            '12345',  'wrong'],
    ['the right one, with one try left',      kept({ triesLeft: 1 }),                            '012345', 'right'],
    ['the right one, with no try left',       kept({ triesLeft: 0 }),                            '012345', 'spent'],
    ['the right one, for the second time',    kept({ usedAt: NOW }),                             '012345', 'spent'],
    ['the right one, at the end of its life', kept({ expiresAt: NOW }),                          '012345', 'spent'],
    ['the right one of another message',      kept({ codeHash: hashOfCode('b', '012345') }),     '012345', 'wrong'],
  ] as const)('%s', (_what, code, typed, verdict) => {
    expect(judgeCode(code, typed, NOW)).toBe(verdict);
  });

  it('always has six digits, zeros in front included', () => {
    const made = Array.from({ length: 500 }, newCode);
    expect(made.filter((code) => !/^[0-9]{6}$/.test(code))).toEqual([]);
    expect(new Set(made).size).toBeGreaterThan(450);
  });

  it.each([[0, null], [4, null], [5, 'too_many_requests'], [6, 'too_many_requests']] as const)(
    'after %i codes in an hour, the next one is answered with %s', (sent, answer) => {
      expect(whyNotSendCode(sent)).toBe(answer);
    });

  it.each(['fr', 'en'] as const)('arrives alone in its message, in %s', (language) => {
    expect(codeText('012345', language).match(/\d{6}/g)).toEqual(['012345']);
  });
});
