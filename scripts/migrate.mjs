// `npm run migrate -- up | down [how many] | to <13 digits> | list`: moves the database at DATABASE_URL.
import path from 'node:path';
import { Trouble, built, buildPlan, filesBelow, makeReady, run } from './ready.mjs';

const USAGE = 'npm run migrate -- up | down [how many] | to <13 digits> | list';

async function open(url) {
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: await migrations(),
    migrationsTransactionMode: 'each',
  });
  try {
    return await source.initialize();
  } catch (error) {
    throw new Trouble(`The database at DATABASE_URL does not answer: ${error.message}`);
  }
}

async function migrations() {
  const { outDir } = buildPlan();
  const files = filesBelow([path.join(outDir, 'migrations')]).filter((file) => file.endsWith('.js'));
  const modules = await Promise.all(files.map((file) => built(path.relative(outDir, file))));
  return modules.flatMap((module) => Object.values(module));
}

/** TypeORM's own names end in the 13 digits of the file. */
const digitsOf = (migration) => migration.name.slice(-13);

async function move(source, verb, word) {
  const done = async () =>
    (await source.query('select name from migrations order by timestamp desc').catch(() => [])).map(digitsOf);
  const all = source.migrations
    .map((migration) => digitsOf({ name: migration.name ?? migration.constructor.name }))
    .sort();
  if (verb === 'list') {
    const there = new Set(await done());
    for (const digits of all) console.log(`${there.has(digits) ? 'done   ' : 'to come'} ${digits}`);
    return;
  }
  if (verb === 'up') return say('up', await source.runMigrations());
  const back = verb === 'down' ? Number(word ?? 1) : (await done()).filter((digits) => digits > word).length;
  if (!Number.isInteger(back) || back < 0) throw new Trouble(USAGE);
  if (verb === 'to' && !all.includes(word)) throw new Trouble(`There is no migration ${word}; \`list\` shows them.`);
  for (let step = 0; step < back; step++) await source.undoLastMigration();
  console.log(`${back} down.`);
  if (verb === 'to') await upTo(source, word);
}

async function upTo(source, word) {
  const { DataSource } = await import('typeorm');
  const some = source.migrations
    .map((migration) => migration.constructor)
    .filter((migration) => digitsOf(migration) <= word);
  const until = await new DataSource({ ...source.options, migrations: some }).initialize();
  try {
    say('up', await until.runMigrations());
  } finally {
    await until.destroy();
  }
}

const say = (way, moved) =>
  console.log(moved.length === 0 ? 'Nothing to do.' : moved.map(({ name }) => `${way} ${name}`).join('\n'));

await run(async () => {
  const [verb = '', word] = process.argv.slice(2);
  if (!['up', 'down', 'to', 'list'].includes(verb) || (verb === 'to' && !/^\d{13}$/.test(word ?? '')))
    throw new Trouble(USAGE);
  const url = process.env.DATABASE_URL;
  if (!url)
    throw new Trouble('Set DATABASE_URL to the database that is to be moved; the embedded one moves by itself.');
  await makeReady();
  const source = await open(url);
  try {
    await move(source, verb, word);
  } finally {
    await source.destroy();
  }
});
