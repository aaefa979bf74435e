// The command line of `npm start`: what it takes, what it refuses and with which sentence.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { OPTIONS, readOptions, SWITCHES } from '../../src/launch/options.js';
import { parseEnvironment } from '../../src/platform/config.js';

describe('the command line', () => {
  it.each([
    ['--scooters 0 --riders 0',   { SCOOTERS: '0', RIDERS: '0' }],
    ['--speed 60',                { CLOCK_SPEED: '60' }],
    ['--speed=1.5',               { CLOCK_SPEED: '1.5' }],
    ['--port=0 --data elsewhere', { PORT: '0', DATA_DIR: 'elsewhere' }],
    ['--data a=b',                { DATA_DIR: 'a=b' }],
    ['--data=a=b --seed 7',       { DATA_DIR: 'a=b', SEED: '7' }],
    ['--port 1 --port 2',         { PORT: '2' }],
    ['',                          {}],
  ])('reads %j', (line, environment) => {
    const words = line.split(' ').filter((word) => word !== '');
    expect(readOptions(words)).toEqual({ help: false, seedOnly: false, environment });
  });

  it.each([
    ['--port abc',       '--port wants a whole number from 0 to 65535, not "abc".'],
    ['--port 65536',     '--port wants a whole number from 0 to 65535, not "65536".'],
    ['--port -1',        '--port wants a whole number from 0 to 65535, not "-1".'],
    ['--port',           '--port wants a whole number from 0 to 65535 after it.'],
    ['--data --port 1',  '--data wants a folder after it.'],
    ['--speed 0.5',      '--speed wants a number from 1 to 1000, not "0.5".'],
    ['--speed 1e3',      '--speed wants a number from 1 to 1000, not "1e3".'],
    ['--scooters=',      '--scooters wants a whole number from 0 to 20000, not "".'],
    ['--fast',           '--fast is no option of the city; --help shows them.'],
    ['toString',         'toString is no option of the city; --help shows them.'],
  ])('refuses %j in one sentence', (line, sentence) => {
    expect(() => readOptions(line.split(' '))).toThrow(sentence);
  });

  it('knows the switches', () => {
    expect(readOptions(['-h']).help).toBe(true);
    expect(readOptions(['--help']).help).toBe(true);
    expect(readOptions(['--seed-only']).seedOnly).toBe(true);
  });

  it('has a line in the help for every option and every variable behind it', () => {
    const help = readFileSync('src/launch/help.txt', 'utf8');
    for (const [name, { variable }] of Object.entries(OPTIONS)) {
      expect(help).toContain(`  ${name} `);
      expect(help).toContain(`(${variable}, `);
    }
    for (const name of SWITCHES) expect(help).toContain(`  ${name} `);
  });

  it('shows in the help what counts when nothing is said', () => {
    const help = readFileSync('src/launch/help.txt', 'utf8');
    const otherwise: Record<string, unknown> = parseEnvironment({});
    for (const { variable } of Object.values(OPTIONS)) expect(help).toContain(`(${variable}, ${String(otherwise[variable])})`);
  });
});
