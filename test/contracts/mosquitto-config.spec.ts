// What a broker of ours must never forget (promise S15), read from the files that Mosquitto reads.
import { describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { mayRead, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { MAX_MESSAGE_BYTES } from '../../src/telematics/wire.js';

const linesOf = (file: string): string[] =>
  fs.readFileSync(path.join(__dirname, '../../deploy/mosquitto', file), 'utf8').split('\n').map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

const lines = linesOf('mosquitto.conf');
const firstListener = lines.findIndex((line) => line.startsWith('listener '));
const general = lines.slice(0, firstListener);
const listeners = lines.slice(firstListener).join('\n').split(/^(?=listener )/m).map((block) => block.trim().split('\n'));
const [scooters = [], service = []] = listeners;
const value = (from: readonly string[], name: string): string | undefined => from.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);

describe('mosquitto.conf', () => {
  it('has two doors, one for scooters and one for the service, each with its own accounts and rights', () => {
    expect(listeners).toHaveLength(2);
    expect(value(general, 'per_listener_settings')).toBe('true');
    expect(new Set(listeners.map((listener) => value(listener, 'password_file'))).size).toBe(2);
    expect(new Set(listeners.map((listener) => value(listener, 'acl_file'))).size).toBe(2);
  });

  it('lets nobody in without a name', () => {
    expect(listeners.map((listener) => value(listener, 'allow_anonymous'))).toEqual(['false', 'false']);
    expect(lines.filter((line) => line === 'allow_anonymous true')).toEqual([]);
  });

  it('takes a scooter for who it logged in as, so that none takes over the session of another', () => {
    expect(value(scooters, 'use_username_as_clientid')).toBe('true');
    expect(value(service, 'use_username_as_clientid')).toBeUndefined();
  });

  it('keeps nothing for later', () => {
    expect(value(general, 'retain_available')).toBe('false');
    expect(value(general, 'queue_qos0_messages')).toBe('false');
    expect(value(general, 'persistence')).toBe('false');
  });

  it('takes no packet much larger than our largest message', () => {
    const most = Number(value(general, 'max_packet_size'));
    expect(most).toBeGreaterThan(MAX_MESSAGE_BYTES);
    expect(most).toBeLessThanOrEqual(65_536);
  });

  it('has room for a burst of events and does not wait for small packets to fill', () => {
    expect(Number(value(general, 'max_queued_messages'))).toBeGreaterThanOrEqual(100_000);
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
