// The command line of the conformance kit: one broker, one bench, a key for each unit, and no guessing.
import { describe, expect, it } from '@jest/globals';
import { keyIn, readOptions } from '../../conformance/options.js';

const ID = '0195d1a0-0000-7000-8000-000000000001';
const KEY = '7c'.repeat(32);
const given = (words: string, key?: string) => readOptions(words.split(' ').filter((word) => word !== ''), key);

describe('the command line of the kit', () => {
  it.each<[string, string, string | undefined, object]>([
    ['a broker and a key',       `--mqtt mqtt://h --scooter ${ID} --key ${KEY}`,         undefined, { mqtt: 'mqtt://h', scooter: [ID], key: KEY, 'by-hand': false, patience: 90 }],
    ['a broker of its own',      `--broker 0 --scooter ${ID} --by-hand`,                 KEY,       { broker: 0, key: KEY, 'by-hand': true }],
    ['the key of the environment after that of the line', `--broker 0 --scooter ${ID} --key ${KEY}`, '11'.repeat(32), { key: KEY }],
    ['a fleet before the environment', `--broker 0 --scooter ${ID} --fleet f.jsonl`,     KEY,       { fleet: 'f.jsonl', key: undefined }],
    ['some vectors only',        `--broker 0 --scooter ${ID} --only V01,V40`,            KEY,       { only: 'V01,V40' }],
  ])('takes %s', (_, words, key, options) => {
    expect(given(words, key)).toMatchObject(options);
  });

  it.each([
    ['no broker',              `--scooter ${ID}`],
    ['two brokers',            `--mqtt mqtt://h --broker 0 --scooter ${ID}`],
    ['no unit',                '--broker 0'],
    ['a unit without an id',   '--broker 0 --scooter 1'],
    ['a key too short',        `--broker 0 --scooter ${ID} --key 7c7c`],
    ['two kinds of bench',     `--broker 0 --scooter ${ID} --street http://h --by-hand`],
    ['one key for two units',  `--broker 0 --scooter ${ID} --scooter ${ID} --key ${KEY}`],
    ['a vector nobody wrote',  `--broker 0 --scooter ${ID} --only 7`],
    ['a word it does not know', `--broker 0 --scooter ${ID} --force`],
  ])('refuses %s', (_, words) => {
    expect(() => given(words)).toThrow();
  });

  it('answers --help and --list without a unit', () => {
    expect([given('--help'), given('--list')]).toEqual(['help', 'list']);
  });

  it('finds the key of a unit in its fleet file, and says when there is none', () => {
    const fleet = `${JSON.stringify({ scooterId: ID, commandKey: KEY, plate: 'X' })}\n\n`;
    expect(keyIn(fleet, ID)).toBe(KEY);
    expect(() => keyIn(fleet, ID.replace('1', '2'))).toThrow('has no line');
  });
});
