// What the pages say is what the code says: the environment, the events, the ways of saying no, the
// ladder, the life stories.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenceState } from '../../src/accounts/licence.js';
import { riderState } from '../../src/accounts/rider-state.js';
import { alertStates } from '../../src/alerts/alert-state.js';
import { paymentState } from '../../src/billing/payment-state.js';
import { errors, lastWords } from '../../src/errors.js';
import { scooterStates } from '../../src/fleet/scooter-state.js';
import { taskState } from '../../src/maintenance/task-state.js';
import { Environment } from '../../src/platform/config.js';
import { rideStates } from '../../src/rides/ride-state.js';
import { rolloutState } from '../../src/updates/rollout-state.js';
import { updateState } from '../../src/updates/update-state.js';
import { commandStates } from '../../src/commands/command-state.js';
import { filesUnder, ROOT } from '../kit/source.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;
/** Every life story, and the states a life may begin in. */
const stories: [name: string, table: Table, first: string[]][] = [
  ['ride', rideStates.steps, ['authorising']],
  ['scooter', scooterStates.steps, ['unsure']],
  ['command', commandStates.steps, ['queued']],
  ['payment', paymentState.steps, ['created']],
  ['task', taskState.steps, ['created']],
  ['rider', riderState.steps, ['applied']],
  ['alert', alertStates.steps, ['open']],
  ['rollout', rolloutState.steps, ['draft']],
  ['firmware update', updateState.steps, ['chosen']],
  ['licence', licenceState.steps, ['not_needed', 'missing']],
];

describe('the catalogues', () => {
  it('have every line of the environment in .env.example, with the words of the code', () => {
    const said = Object.entries(Environment.shape).map(([name, schema]) => `# ${schema.description ?? ''}\n#${name}=`);
    const page = read('.env.example');
    for (const line of said) expect(page).toContain(line);
    const listed = [...page.matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual(Object.keys(Environment.shape).sort());
  });

  it('have every event in src/README.md, and none that nobody sends', () => {
    const names = [...read('src/events.ts').matchAll(/^ {2}'([a-z_.]+)':/gm)].map((match) => match[1] ?? '');
    const page = [...read('src/README.md').matchAll(/^\| `([a-z]+\.[a-z_]+)` \|/gm)].map((match) => match[1] ?? '');
    expect(page.sort()).toEqual([...names].sort());
    const code = filesUnder('src').filter(({ path }) => path !== 'src/events.ts').map(({ text }) => text).join('\n');
    expect(names.filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });

  it('have no refusal that no code and no table uses', () => {
    const code = filesUnder('src').filter(({ path }) => path !== 'src/errors.ts').map(({ text }) => text).join('\n');
    const unused = Object.keys(errors).filter((name) => !code.includes(`'${name}'`) && !Object.values(lastWords).includes(name as keyof typeof errors));
    expect(unused).toEqual([]);
  });

  it('say every refusal as a sentence a person can read', () => {
    for (const [code, [status, sentence]] of Object.entries(errors)) {
      expect([code, status]).toEqual([code, expect.any(Number)]);
      expect(sentence).toMatch(/^[A-Z].*[.?]$/);
      expect(sentence).not.toMatch(/exception|null|undefined|error/i);
    }
  });

  it('draw the ladder in src/README.md as the house test holds it', () => {
    const page = Object.fromEntries([...(read('src/README.md').split('\n## ')[1] ?? '').matchAll(/^\| (?!room )([a-z]+) \| ([a-z, ]+) \|$/gm)]
      .map((match) => [match[1] ?? '', (match[2] ?? '').split(', ')]));
    const held = /const ladder[^=]*= (\{[^]*?\n\});/.exec(read('test/house/house.spec.ts'))?.[1] ?? '{}';
    const ladder = [...held.matchAll(/(\w+): \[([^\]]*)\]/g)].map((match) => [match[1] ?? '', [...(match[2] ?? '').matchAll(/'(\w+)'/g)].map((m) => m[1])]);
    expect(page).toEqual(Object.fromEntries(ladder.filter(([, rooms]) => (rooms ?? []).length > 0)));
  });

  describe.each(stories)('the life of a %s', (name, table, first) => {
    it('reaches every state', () => {
      const reached = new Set(first);
      for (let size = 0; size !== reached.size; ) {
        size = reached.size;
        for (const state of [...reached]) Object.values(table[state] ?? {}).forEach((next) => reached.add(next));
      }
      expect([...reached].sort()).toEqual(Object.keys(table).sort());
    });

    it('has exactly the states that the database admits', () => {
      const column = name === 'licence' ? 'licence_state' : 'state';
      const owner = { ride: 'rides', scooter: 'scooters', command: 'commands', payment: 'payments', task: 'tasks', rider: 'riders', licence: 'riders', alert: 'alerts', rollout: 'releases', 'firmware update': 'scooter_updates' }[name] ?? '';
      const sql = filesUnder('migrations').map(({ text }) => text).join('\n');
      const create = new RegExp(`create table ${owner} \\(([^]*?)\\n\\);`).exec(sql)?.[1] ?? '';
      const admitted = new RegExp(`\\b${column}\\s+text not null check \\(${column} in \\(([^)]*)\\)`).exec(create)?.[1] ?? '';
      expect([...admitted.matchAll(/'(\w+)'/g)].map((match) => match[1]).sort()).toEqual(Object.keys(table).sort());
    });

    it('is drawn in src/README.md step by step', () => {
      const drawn = new RegExp(`### The life of an? ${name}\\n[^]*?\`\`\`mermaid\\nstateDiagram-v2\\n([^]*?)\`\`\``).exec(read('src/README.md'))?.[1] ?? '';
      const arrows = [...drawn.matchAll(/^ {2}(\w+) --> (\w+): (\w+)$/gm)].map(([, from, to, step]) => `${from ?? ''} ${step ?? ''} ${to ?? ''}`);
      const steps = Object.entries(table).flatMap(([from, row]) => Object.entries(row).map(([step, to]) => `${from} ${step} ${to}`));
      expect(arrows.sort()).toEqual(steps.sort());
    });
  });
});
