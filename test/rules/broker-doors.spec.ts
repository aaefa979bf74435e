import { describe, expect, it } from '@jest/globals';
import { mayRead, mayRetain, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';

const A = '018f0000-0000-7000-8000-00000000000a';
const B = '018f0000-0000-7000-8000-00000000000b';

describe('who may read which topic', () => {
  it.each<[user: string, topic: string, may: boolean]>([
    [A,               `v1/down/${A}/commands`,  true],
    [A,               `v1/down/${A}/receipts`,  true],
    [A,               'v1/down/all/hello',      true],
    [A,               `v1/down/${B}/commands`,  false],
    [A,               `v1/down/${A}/#`,         false],
    [A,               `v1/down/${A}/+`,         false],
    [A,               'v1/down/+/commands',     false],
    [A,               'v1/down/#',              false],
    [A,               '#',                      false],
    [A,               '$SYS/#',                 false],
    [A,               `$share/x/v1/down/${A}/commands`, false],
    [A,               `v1/up/${A}/telemetry`,   false],
    [A,               `v1/up/${B}/telemetry`,   false],
    [A,               'v1/down/all/#',          false],
    [A,               `v1/down/${A}`,           false],
    [A,               `v1/down/${A}/commands/`, false],
    ['+',             'v1/down/+/commands',     false],
    ['#',             'v1/down/#/commands',     false],
    ['all',           'v1/down/all/commands',   false],
    [`${A}/commands`, `v1/down/${A}/commands/commands`, false],
    ['',              'v1/down//commands',      false],
    [SERVICE_ACCOUNT, 'v1/up/+/events',         true],
    [SERVICE_ACCOUNT, 'v1/up/#',                true],
    [SERVICE_ACCOUNT, '#',                      false],
    [SERVICE_ACCOUNT, `v1/down/${A}/commands`,  true],
    [SERVICE_ACCOUNT, '$SYS/#',                 false],
  ])('%s reads %s: %s', (user, topic, may) => {
    expect(mayRead(user, topic)).toBe(may);
  });
});

describe('who may write which topic', () => {
  it.each<[user: string, topic: string, may: boolean]>([
    [A,               `v1/up/${A}/telemetry`,   true],
    [A,               `v1/up/${A}/events`,      true],
    [A,               `v1/up/${A}/presence`,    true],
    [A,               `v1/up/${B}/events`,      false],
    [A,               `v1/up/${A}/other`,       false],
    [A,               `v1/down/${A}/commands`,  false],
    [A,               `v1/down/${B}/commands`,  false],
    [A,               'v1/down/all/hello',      false],
    [A,               '$SYS/broker/uptime',     false],
    [SERVICE_ACCOUNT, `v1/down/${A}/commands`,  true],
    [SERVICE_ACCOUNT, 'v1/down/all/hello',      true],
    [SERVICE_ACCOUNT, `v1/up/${A}/events`,      false],
    [SERVICE_ACCOUNT, 'v1/down/+/commands',     false],
  ])('%s writes %s: %s', (user, topic, may) => {
    expect(mayWrite(user, topic)).toBe(may);
  });
});

describe('who may leave a message for those who come later', () => {
  it.each<[user: string, topic: string, may: boolean]>([
    [SERVICE_ACCOUNT, 'v1/down/all/zones',      true],
    [SERVICE_ACCOUNT, 'v1/down/all/hello',      false],
    [SERVICE_ACCOUNT, `v1/down/${A}/commands`,  false],
    [SERVICE_ACCOUNT, `v1/down/${A}/updates`,   false],
    [SERVICE_ACCOUNT, 'v1/down/all/zones/',     false],
    [SERVICE_ACCOUNT, 'v1/down/all/+',          false],
    [A,               'v1/down/all/zones',      false],
    [A,               `v1/up/${A}/telemetry`,   false],
    [A,               `v1/up/${A}/presence`,    false],
    ['',              'v1/down/all/zones',      false],
  ])('%s leaves something on %s: %s', (user, topic, may) => {
    expect(mayRetain(user, topic)).toBe(may);
  });
});
