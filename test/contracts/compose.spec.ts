// The city out of containers, read from docker-compose.yml and deploy/Dockerfile: nothing runs as root, no
// password is written down, one thing waits for another to be well, and every name leads somewhere. Where
// docker-compose is installed it has its own say; it needs no Docker for that.
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Environment } from '../../src/platform/config.js';
import { ROOT } from '../kit/source.js';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const text = read('docker-compose.yml');
// Swagger brings the parser, without types.
const { load } = createRequire(join(ROOT, 'package.json'))('js-yaml') as { load: (yaml: string) => unknown };
const compose = merged(load(text)) as Compose;
const services = Object.entries(compose.services);
const names = (pattern: RegExp, from: string): string[] => [...new Set([...from.matchAll(pattern)].map((match) => match[1] ?? ''))].sort();
const passwords = names(/\$\{(\w+):\?/g, text);

/** `<<: *other` puts the lines of another mapping under one's own; the parser leaves that to us. */
function merged(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(merged);
  if (typeof node !== 'object' || node === null) return node;
  const { '<<': under, ...own } = node as Record<string, unknown>;
  const all = { ...(merged(under) as Record<string, unknown> | undefined), ...own };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, merged(value)]));
}

describe('docker-compose.yml', () => {
  it('has PostgreSQL, Mosquitto, the service, what prepares them, and a simulated city', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['fleet', 'mosquitto', 'people', 'postgres', 'prepare', 'service']);
  });

  it.each(services)('runs %s as nobody special, in a root that it cannot write', (_name, service) => {
    expect(service.user).toMatch(/^(node|postgres|[1-9]\d*:[1-9]\d*)$/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service).not.toHaveProperty('privileged');
    expect(service.network_mode ?? 'service:service').toBe('service:service');
    expect(service.image).not.toMatch(/:latest$/);
  });

  it('knows no password but those it is given, and does not start without them', () => {
    expect(passwords).toEqual(['DATABASE_PASSWORD', 'MQTT_PASSWORD', 'POSTGRES_PASSWORD']);
    for (const [, service] of services) {
      for (const [name, value] of Object.entries(service.environment ?? {})) {
        const secret = /_(PASSWORD|KEY|SECRET)$/.test(name) ? value : /\/\/\w*:(\$\{[^}]*\}|[^@]*)@/.exec(value)?.[1];
        expect(secret ?? '${X}').toMatch(/^\$\{\w+(:-|:\?[^}]*)?\}$/);
      }
    }
  });

  it('has a page of all that can be set, with every password empty', () => {
    const page = read('deploy/compose.env.example');
    const said = names(/^(\w+)=/gm, page);
    expect(names(/\$\{(\w+)[:}]/g, text).filter((name) => !said.includes(name) && !new RegExp(`\\$\\{${name}:-[^}]`).test(text))).toEqual([]);
    for (const name of passwords) expect(page).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it('shows this machine the API and the door of the scooters, and nobody else anything', () => {
    expect(services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`)).sort()).toEqual([
      'mosquitto 127.0.0.1:${MQTT_TLS_PORT:-8883}:8883',
      'service 127.0.0.1:${PORT:-3000}:3000',
    ]);
  });

  it('asks everything that goes on how it is', () => {
    for (const [name, { restart, healthcheck }] of services) {
      if (name === 'people') continue;
      expect([name, restart === undefined ? healthcheck?.disable : healthcheck?.test !== undefined]).toEqual([name, true]);
    }
    expect(compose.services['service']?.healthcheck?.test?.join(' ')).toContain('/health/ready');
  });

  it('starts nothing before what it needs is well, or done', () => {
    const needs = Object.fromEntries(services.map(([name, { depends_on }]) => [name, depends_on ?? {}]));
    for (const [name, conditions] of Object.entries(needs)) {
      for (const [other, { condition }] of Object.entries(conditions)) {
        const isOnce = compose.services[other]?.restart === undefined;
        expect([name, other, condition]).toEqual([name, other, isOnce ? 'service_completed_successfully' : 'service_healthy']);
      }
    }
    expect(Object.keys(needs['mosquitto'] ?? {})).toContain('prepare');
    expect(Object.keys(needs['service'] ?? {})).toEqual(expect.arrayContaining(['postgres', 'mosquitto']));
  });

  it('mounts what is there', () => {
    for (const [, { volumes = [] }] of services) {
      for (const [from = ''] of volumes.map((volume) => volume.split(':'))) {
        if (from.startsWith('./')) expect([from, existsSync(join(ROOT, from))]).toEqual([from, true]);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    }
    const script = statSync(join(ROOT, 'deploy/postgres/create-service-role.sh'));
    expect(script.mode & 0o111).toBe(0o111);
  });

  it('says to each program what the program understands', () => {
    const known = Object.keys(Environment.shape);
    for (const [name, { command = [], environment = {} }] of services) {
      const program = command.find((word) => word.startsWith('dist/'));
      if (program === undefined) continue;
      expect(existsSync(join(ROOT, program.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
      const page = { 'dist/src/main.js': 'src/launch/help.txt', 'dist/firmware-sim/main.js': 'firmware-sim/main.ts' }[program] ?? 'people-sim/options.ts';
      const options = command.filter((word) => word.startsWith('--') && word !== '--enable-source-maps').map((word) => word.split('=')[0] ?? '');
      expect([name, options.filter((option) => !read(page).includes(`${option} `))]).toEqual([name, []]);
      expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
    }
  });

  it('is understood by docker-compose, where there is one', () => {
    const ask = (env: NodeJS.ProcessEnv): number | null =>
      spawnSync('docker-compose', ['-f', join(ROOT, 'docker-compose.yml'), 'config', '-q'], { cwd: '/', env: { PATH: process.env['PATH'] ?? '', ...env } }).status;
    const given = Object.fromEntries(passwords.map((name) => [name, 'given']));
    const isThere = spawnSync('docker-compose', ['version']).status === 0;
    expect(ask(given)).toBe(isThere ? 0 : null);
    expect(ask({})).toBe(isThere ? 1 : null);
  });
});

describe('deploy/Dockerfile', () => {
  const stages = read('deploy/Dockerfile').replaceAll(/^#.*\n/gm, '').split(/^(?=FROM )/m).filter((stage) => stage.startsWith('FROM '));
  const last = stages.at(-1) ?? '';

  it('ends as a user without rights, with a program that is there and says how it is', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('CMD ["node"'));
    expect(last).toContain('CMD ["node", "--enable-source-maps", "dist/src/main.js"]');
    expect(last).toMatch(/HEALTHCHECK[^]*\/health\/live/);
    expect(last).toMatch(/\bSCOOTERS=0 RIDERS=0\b/);
  });

  it('ships the build and the packages of production, not the tools that made them', () => {
    expect(stages).toHaveLength(3);
    expect(stages.find((stage) => stage.includes('AS packages'))).toContain('npm ci --omit=dev --ignore-scripts');
    expect(last).not.toMatch(/npm|scripts\//);
    expect(last.match(/^COPY .*$/gm)).toEqual([
      'COPY --from=packages /app/node_modules node_modules', 'COPY --from=build /app/dist dist', 'COPY package.json ./',
    ]);
  });

  it('copies nothing in that is not listed, so that no secret slips into a layer', () => {
    const [first, ...wanted] = read('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const places = wanted.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(places.filter((place) => !existsSync(join(ROOT, place)))).toEqual([]);
    const tsconfig = JSON.parse(read('tsconfig.json')) as { include: string[] };
    expect(places).toEqual(expect.arrayContaining([...tsconfig.include, 'package.json', 'package-lock.json', 'nest-cli.json', 'tsconfig.json']));
  });
});
