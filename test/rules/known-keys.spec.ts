import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { isKnownDefault, isKnownPassword } from '../../src/identity/known-keys.js';

describe('keys everybody knows', () => {
  it.each([
    ['one byte over and over',  'f'.repeat(64)],
    ['zeros',                   '0'.repeat(64)],
    ['another byte',            'a5'.repeat(32)],
    ['capitals',                'FF'.repeat(32)],
    ['a short pattern',         'deadbeef'.repeat(8)],
    ['counting digits',         '1234567890'.repeat(7).slice(0, 64)],
    ['counting hex digits',     '0123456789abcdef'.repeat(4)],
    ['counting bytes',          Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('hex')],
    ['counting bytes down',     Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i)).toString('hex')],
    ['the word 123456 padded',  '123456'.padEnd(64, '0')],
    ['digits as text',          Buffer.from('12345678901234567890123456789012').toString('hex')],
  ])('%s does not get in', (_, key) => {
    expect(isKnownDefault(key)).toBe(true);
  });

  it.each([
    ['short',                     'Xk9Rt4Vb8Zm'],
    ['counting',                  '12345678901234567890'],
    ['one letter over and over',  'a'.repeat(40)],
    ['of three letters',          'abcabcabcabcabcabc'],
    ['a word twice over',         'deadbeefdeadbeef'],
  ])('a password that is %s does not get in', (_, password) => {
    expect(isKnownPassword(password)).toBe(true);
  });

  it('lets a thousand good keys in', () => {
    const keys = Array.from({ length: 1000 }, (_, i) => createHash('sha256').update(`scooter ${String(i)}`).digest('hex'));
    expect(keys.filter(isKnownDefault)).toEqual([]);
    expect(keys.map((key) => Buffer.from(key, 'hex').toString('base64url')).filter(isKnownPassword)).toEqual([]);
  });
});
