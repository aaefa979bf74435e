// docs/asyncapi.json against the code it describes and against what AsyncAPI 3.0 asks of a document.
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fs from 'node:fs';
import path from 'node:path';
import { asyncApi } from '../../src/telematics/asyncapi.js';
import { mayRead, mayWrite, SERVICE_ACCOUNT } from '../../src/telematics/broker-doors.js';
import { signCommand, topics } from '../../src/telematics/wire.js';

interface Ref { readonly $ref: string }
interface Document {
  readonly asyncapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly channels: Record<string, { address: string; messages: Record<string, Ref>; parameters?: Record<string, Ref> }>;
  readonly operations: Record<string, { action: string; channel: Ref; messages: Ref[]; bindings: { mqtt: { retain: boolean; qos: number } } }>;
  readonly components: { schemas: Record<string, object>; messages: Record<string, { payload: Ref }> };
}

const document = JSON.parse(fs.readFileSync(path.join(__dirname, '../../docs/asyncapi.json'), 'utf8')) as Document;

const at = (pointer: string): unknown =>
  pointer.replace(/^#\//, '').split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner)));
}

describe('the AsyncAPI document', () => {
  it('is what the code says; if not: npm run build && node scripts/asyncapi.mjs', () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(asyncApi())));
  });

  it('has what AsyncAPI 3.0 requires, and no key it does not know', () => {
    expect(document.asyncapi).toBe('3.0.0');
    expect(document.info).toEqual(expect.objectContaining({ title: expect.any(String), version: expect.any(String) }));
    const known = ['asyncapi', 'id', 'info', 'servers', 'defaultContentType', 'channels', 'operations', 'components'];
    expect(Object.keys(document).filter((key) => !known.includes(key))).toEqual([]);
    for (const { action } of Object.values(document.operations)) expect(['send', 'receive']).toContain(action);
  });

  it('has no reference that leads nowhere', () => {
    expect(refsIn(document).length).toBeGreaterThan(20);
    expect(refsIn(document).filter((ref) => at(ref) === undefined)).toEqual([]);
  });

  it('names the parameter of every address that has one', () => {
    for (const { address, parameters } of Object.values(document.channels)) {
      expect(Object.keys(parameters ?? {})).toEqual([...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  it('retains the zones and nothing else, and gives commands QoS 0', () => {
    for (const [name, { bindings }] of Object.entries(document.operations)) expect([name, bindings.mqtt.retain]).toEqual([name, name === 'zones']);
    expect(document.operations['command']?.bindings.mqtt.qos).toBe(0);
  });

  it('describes only what the doors of the broker let through', () => {
    const id = '018f0000-0000-7000-8000-00000000000a';
    for (const { action, channel } of Object.values(document.operations)) {
      const topic = (at(channel.$ref) as { address: string }).address.replace('{scooterId}', id);
      expect(mayWrite(action === 'send' ? SERVICE_ACCOUNT : id, topic)).toBe(true);
      expect(mayRead(action === 'send' ? id : SERVICE_ACCOUNT, topic)).toBe(true);
    }
  });

  it('holds schemas that accept what we send and refuse what we do not', () => {
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    const isCommand = ajv.compile(document.components.schemas['command'] ?? {});
    const isHello = ajv.compile(document.components.schemas['hello'] ?? {});
    const command = signCommand('ab'.repeat(32), {
      commandId: '018f0000-0000-7000-8000-000000000001', scooterId: '018f0000-0000-7000-8000-00000000000a', kind: 'locate', nonce: 1, notAfter: 1,
    });
    expect(isCommand(command)).toBe(true);
    expect(isCommand({ ...command, note: 1 })).toBe(false);
    expect(isHello({ at: 1 })).toBe(true);
    for (const schema of Object.values(document.components.schemas)) expect(() => ajv.compile(schema)).not.toThrow();
    expect(Object.values(document.channels).map(({ address }) => address)).toContain(topics.helloToAll);
  });
});
