// What a person reads when the city cannot start.
import { describe, expect, it } from '@jest/globals';
import { CannotStart, sentenceFor, sentenceForPostgres } from '../../src/embedded/cannot-start.js';

const systemError = (code: string, path?: string): Error => Object.assign(new Error('raw'), { code, path });

describe('a city that cannot start', () => {
  it.each([
    [new CannotStart('Port 3000 is taken.'), /^Port 3000 is taken\.$/],
    [systemError('ENOSPC'),                  /no space left on the disk/],
    [systemError('EACCES', '/data/x'),       /may not use \/data\/x: start as its owner/],
    [systemError('EROFS', '/data/x'),        /\/data\/x cannot be written/],
  ])('says one sentence for %s', (error, sentence) => {
    expect(sentenceFor(error)).toMatch(sentence);
    expect(sentenceFor(error)).not.toContain('\n');
  });

  it.each([[new Error('our own mistake')], [undefined], ['text']])('has no such sentence for %s', (error) => {
    expect(sentenceFor(error)).toBeNull();
  });

  it.each([
    ['FATAL:  could not write to file "pg_wal/xlogtemp": No space left on device', /no space left/],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',      /Port 5555 of the database is taken/],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory',      /not enough memory/],
    ['LOG:  hello\nFATAL:  data directory has wrong ownership',                   /did not start: FATAL: {2}data directory/],
    ['',                                                                           /gave no reason/],
  ])('reads the log of the database: %s', (log, sentence) => {
    expect(sentenceForPostgres(log, 5555)).toMatch(sentence);
  });
});
