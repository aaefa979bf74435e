// What a broker of ours must never forget (promise S15), read from the files that Mosquitto reads.
import { describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { mayRead, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { MOST_BYTES } from '../../src/onboard/compact-zones.js';

const linesOf = (file: string): string[] =>
  fs.readFileSync(path.join(__dirname, '../../deploy/mosquitto', file), 'utf8').split('\n').map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

const FOLDER = path.join(__dirname, '../../deploy/mosquitto');
const confs = fs.readdirSync(FOLDER).filter((file) => file.endsWith('.conf'));
const value = (from: readonly string[], name: string): string | undefined => from.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
/** The part for all, and a part for each door. */
function partsOf(conf: string): { general: string[]; scooters: string[]; service: string[]; listeners: string[][] } {
  const lines = linesOf(conf);
  const first = lines.findIndex((line) => line.startsWith('listener '));
  const listeners = lines.slice(first).join('\n').split(/^(?=listener )/m).map((block) => block.trim().split('\n'));
  const [scooters = [], service = []] = listeners;
  return { general: lines.slice(0, first), scooters, service, listeners };
}

it('there is one configuration for passwords and one for certificates', () => {
  expect(confs.sort()).toEqual(['mosquitto.conf', 'mutual-tls.conf']);
  const [passwords, certificates] = confs.map(partsOf);
  expect([certificates?.general, certificates?.service]).toEqual([passwords?.general, passwords?.service]);
});

describe.each(confs)('%s', (conf) => {
  const { general, scooters, service, listeners } = partsOf(conf);

  it('has two doors, one for scooters and one for the service, each with its own accounts and rights', () => {
    expect(listeners).toHaveLength(2);
    expect(value(general, 'per_listener_settings')).toBe('true');
    expect(value(service, 'password_file')).toBe('/mosquitto/secrets/service.passwd');
    expect(value(scooters, 'password_file')).not.toBe(value(service, 'password_file'));
    expect(listeners.map((listener) => value(listener, 'acl_file'))).toEqual(['/mosquitto/config/acl', '/mosquitto/config/acl-service']);
  });

  it('lets nobody in without a name', () => {
    expect(listeners.map((listener) => value(listener, 'allow_anonymous'))).toEqual(['false', 'false']);
    expect(linesOf(conf).filter((line) => line === 'allow_anonymous true')).toEqual([]);
  });

  it('asks a scooter for one credential of its own: a password, or a certificate with its id', () => {
    const byCertificate = [value(scooters, 'require_certificate'), value(scooters, 'use_identity_as_username'), value(scooters, 'crlfile') !== undefined];
    if (value(scooters, 'password_file') === undefined) expect(byCertificate).toEqual(['true', 'true', true]);
    else expect(byCertificate).toEqual([undefined, undefined, false]);
  });

  it('takes a scooter for who it proved to be, so that none takes over the session of another', () => {
    // Also with certificates: without this line the name is the certificate's and the client id still a free choice.
    expect(value(scooters, 'use_username_as_clientid')).toBe('true');
    expect(value(service, 'use_username_as_clientid')).toBeUndefined();
  });

  it('speaks TLS 1.2 or newer with scooters, and nothing else', () => {
    expect(scooters[0]).toBe('listener 8883');
    expect([value(scooters, 'certfile'), value(scooters, 'keyfile')].every((file) => file?.startsWith('/mosquitto/config/certificates/'))).toBe(true);
    // The least, in the words of Mosquitto 2.0.
    expect(['tlsv1.2', 'tlsv1.3']).toContain(value(scooters, 'tls_version'));
    expect(listeners.map(([listener]) => listener).filter((listener) => listener?.includes('1883'))).toEqual([]);
  });

  it('keeps nothing for later', () => {
    expect(value(general, 'queue_qos0_messages')).toBe('false');
    expect(value(general, 'persistence')).toBe('false');
  });

  it('retains, because a scooter that comes late needs the zones; nobody but the service can leave anything with scooters', () => {
    expect(value(general, 'retain_available')).toBe('true');
    const written = linesOf('acl').filter((line) => / (write|readwrite) /.test(line)).map((line) => line.split(' ')[2]);
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((topic) => topic?.startsWith('v1/up/%u/') !== true)).toEqual([]);
  });

  it('takes no packet larger than our largest message, the zones', () => {
    const most = Number(value(general, 'max_packet_size'));
    expect(most).toBeGreaterThan(MOST_BYTES);
    expect(most).toBeLessThanOrEqual(65_536);
  });

  it('has room for a burst of events, but not for one that eats the machine, and does not wait for small packets to fill', () => {
    expect(Number(value(general, 'max_queued_messages'))).toBeGreaterThanOrEqual(100_000);
    expect(Number(value(general, 'max_queued_bytes'))).toBeGreaterThan(0);
    expect(Number(value(general, 'max_queued_bytes'))).toBeLessThanOrEqual(1024 ** 3);
    expect(Number(value(general, 'max_inflight_messages'))).toBeGreaterThanOrEqual(1000);
    expect(value(general, 'set_tcp_nodelay')).toBe('true');
  });
});

/** How Mosquitto 2.0 reads an ACL: %u is the account; a `topic` before any `user` is for the anonymous. */
function rulesFor(file: string, account: string): { access: string; topic: string }[] {
  let user: string | null = null;
  return linesOf(file).flatMap((line) => {
    const [word, access = '', topic = ''] = line.split(' ');
    if (word === 'user') user = access;
    if (word === 'pattern') return [{ access, topic: topic.replaceAll('%u', account) }];
    return word === 'topic' && user === account ? [{ access, topic }] : [];
  });
}
const covers = (filter: string, topic: string): boolean => filter === topic || (filter.endsWith('/#') && topic.startsWith(filter.slice(0, -1)));

describe('the ACLs', () => {
  const A = '018f0000-0000-7000-8000-00000000000a';
  const B = '018f0000-0000-7000-8000-00000000000b';
  const every = [A, B].flatMap((id) => [
    `v1/down/${id}/commands`, `v1/down/${id}/receipts`, `v1/up/${id}/telemetry`, `v1/up/${id}/events`, `v1/up/${id}/presence`,
  ]).concat('v1/down/all/hello', 'v1/down/all/other', `v1/up/${A}/other`, `v1/down/${A}/other`);

  it.each(every)('give a scooter the same right to %s as the broker inside', (topic) => {
    const rules = rulesFor('acl', A);
    expect(rules.some((rule) => rule.access === 'read' && covers(rule.topic, topic))).toBe(mayRead(A, topic));
    expect(rules.some((rule) => rule.access === 'write' && covers(rule.topic, topic))).toBe(mayWrite(A, topic));
  });

  it.each(every)('give the service the same right to %s as the broker inside', (topic) => {
    const rules = rulesFor('acl-service', SERVICE_ACCOUNT);
    expect(rules.some((rule) => rule.access === 'read' && covers(rule.topic, topic))).toBe(mayRead(SERVICE_ACCOUNT, topic));
    expect(rules.some((rule) => rule.access === 'write' && covers(rule.topic, topic))).toBe(mayWrite(SERVICE_ACCOUNT, topic));
  });

  it('go by account and never by the client id, which a client chooses itself', () => {
    expect([...linesOf('acl'), ...linesOf('acl-service')].filter((line) => line.includes('%c'))).toEqual([]);
  });

  it('give nobody everything, and a scooter no wildcard', () => {
    expect([...linesOf('acl'), ...linesOf('acl-service')].filter((line) => line.includes('readwrite') || / #$/.test(line))).toEqual([]);
    expect(linesOf('acl').filter((line) => /[#+]/.test(line))).toEqual([]);
  });

  it('hold no line that Mosquitto would read as meant for the anonymous', () => {
    for (const file of ['acl', 'acl-service']) {
      const all = linesOf(file);
      const user = all.findIndex((line) => line.startsWith('user '));
      expect(all.filter((line, index) => line.startsWith('topic ') && (user < 0 || index < user))).toEqual([]);
    }
  });
});
