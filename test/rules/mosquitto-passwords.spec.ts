// Accounts at Mosquitto, in the words of its own tool.
import { describe, expect, it } from '@jest/globals';
import { passwordFile, passwordHash, passwordLine, reconciledFile } from '../../src/identity/mosquitto-passwords.js';

/** Written by `mosquitto_passwd` 2.0.11. */
const fromTheTool: [username: string, password: string, line: string][] = [
  ['service', 'a password with spaces & ünicode',
    'service:$7$101$q6Bi9XAJZKmXEZ07$AI50u8pwicshFzbHaauDrtXZdp+hCeirhKQcJgcQMfnqwq2YrU7YPdoCPQ1qk7a6wZSXuGWK8eq5d4MBQdnerg=='],
  ['018f0000-0000-7000-8000-00000000000a', 'kZ3mQ0b7tV9xW1yR5uI8oP2a',
    '018f0000-0000-7000-8000-00000000000a:$7$101$OtV9XhdkchkFsm0v$YAcAnh5HzOws93pCECCEhy6OBNxZ5LuOIrL0ySnZM18ByBIeDQc8sBUgY7ISZEFysTDGu3EJrkX2pQ/KLLPGqw=='],
];
const salt = Buffer.from('0123456789ab');

describe('the password file of Mosquitto', () => {
  it.each(fromTheTool)('says the password of %s as the tool says it', (username, password, line) => {
    const itsSalt = Buffer.from(line.split('$')[3] ?? '', 'base64');
    expect(passwordLine({ username, password }, itsSalt)).toBe(line);
  });

  it.each(['', 'two words', 'a:b', 'line\nbreak', 'nul\0'])('refuses the name %j, which would be another account', (username) => {
    expect(() => passwordLine({ username, password: 'x' }, salt)).toThrow(RangeError);
  });

  it('changes a password, adds an account, and leaves those of others alone', () => {
    const mine = (password: string): string => passwordLine({ username: 'mine', password }, salt);
    const byHand = passwordLine({ username: 'by-hand', password: 'p' }, Buffer.from('another salt'));
    const file = passwordFile(`${mine('old')}\n${byHand}\n`, [{ username: 'mine', password: 'new' }, { username: 'more', password: 'q' }], () => salt);
    expect(file).toBe(`${byHand}\n${mine('new')}\n${passwordLine({ username: 'more', password: 'q' }, salt)}\n`);
  });

  it('says what the database says: who is shut out is gone, who has new credentials has those alone, strangers stay', () => {
    const line = (username: string, password: string): string => `${passwordLine({ username, password }, salt)}\n`;
    const hash = (password: string): string => passwordHash(password, salt);
    const before = line('stranger', 's') + line('same', 'p') + line('stolen', 'q') + line('renewed', 'old') + line('ancient', 'a') + line('unit-swapped', 'u');
    const was = { isReplaced: false, isShut: false };
    const after = reconciledFile(before, [
      { ...was, username: 'same', hash: hash('p') }, { ...was, username: 'stolen', hash: hash('q'), isShut: true },
      { ...was, username: 'renewed', hash: hash('new') }, { ...was, username: 'ancient', hash: null },
      { ...was, username: 'newcomer', hash: hash('n') }, { ...was, username: 'never-told', hash: null },
      { ...was, username: 'ancient-and-stolen', hash: null, isShut: true },
      // Its new password was given by a process that kept no hash: the old one must not stand there for ever.
      { ...was, username: 'unit-swapped', hash: null, isReplaced: true },
    ]);
    expect(after).toBe(line('stranger', 's') + line('same', 'p') + line('renewed', 'new') + line('ancient', 'a') + line('newcomer', 'n'));
  });

  it('is the same again when nothing has changed', () => {
    const accounts = [{ username: 'mine', password: 'p' }];
    const file = passwordFile('', accounts, () => salt);
    expect(passwordFile(file, accounts, () => salt)).toBe(file);
  });
});
