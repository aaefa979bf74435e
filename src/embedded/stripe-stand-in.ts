// A Stripe of our own on a local port, for the demo, the tests and the bench: the official SDK talks to
// it as to Stripe. It knows test cards only; no real card number is ever accepted or asked for.
import http from 'node:http';
import { createHash } from 'node:crypto';
import { StandInFaults, type Fault } from './stand-in-faults.js';
import { readForm } from './stand-in-form.js';
import { StandInMemory } from './stand-in-memory.js';
import { newStripeId, published, StripeNo, type StripeEvent } from './stand-in-objects.js';
import { answerPage, route, type Call } from './stand-in-routes.js';
import type { StandInDesk } from './stand-in-setup.js';
import { StandInWebhooks } from './stand-in-webhooks.js';

export interface StripeStandInSettings {
  readonly port: number;
  readonly host?: string;
  /** Null keeps everything in memory. */
  readonly dataFile: string | null;
  readonly webhookUrl: string | null;
  readonly webhookSecret: string;
  /** Real time, also when the city's clock runs faster: Stripe does not. */
  readonly now: () => Date;
}

export interface StripeStandIn {
  readonly url: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly webhookSecret: string;
  readonly faults: StandInFaults;
  setWebhookUrl(url: string | null): void;
  stop(): Promise<void>;
}

const SECRET_KEY = 'sk_test_stand_in';
const PUBLISHABLE_KEY = 'pk_test_stand_in';
const API_VERSION = '2026-10-28.endive';
const MOST_BYTES = 100_000;

/** @throws when the port is taken. */
export async function startStripeStandIn(settings: StripeStandInSettings): Promise<StripeStandIn> {
  const standIn = new StandInServer(settings);
  const url = await standIn.listen(settings.port, settings.host ?? '127.0.0.1');
  return {
    url, secretKey: SECRET_KEY, publishableKey: PUBLISHABLE_KEY, webhookSecret: settings.webhookSecret, faults: standIn.faults,
    setWebhookUrl: (to) => standIn.webhooks.setUrl(to),
    stop: () => standIn.stop(),
  };
}

interface Answer { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }

class StandInServer {
  readonly faults = new StandInFaults();
  readonly webhooks: StandInWebhooks;
  private readonly memory: StandInMemory;
  private readonly server: http.Server;
  /** Keys of calls that are still being worked on: a second one gets 409. */
  private readonly inFlight = new Set<string>();
  private url = '';

  constructor(private readonly settings: StripeStandInSettings) {
    this.memory = new StandInMemory(settings.dataFile);
    const { webhookSecret: secret, webhookUrl, now } = settings;
    this.webhooks = new StandInWebhooks({ memory: this.memory, faults: this.faults, secret, now }, webhookUrl);
    this.server = http.createServer((request, reply) => {
      this.serve(request, reply).catch(() => reply.destroy());
    });
  }

  async listen(port: number, host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const address = this.server.address();
    const actual = typeof address === 'object' && address ? address.port : port;
    this.url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${actual}`;
    this.webhooks.work();
    return this.url;
  }

  async stop(): Promise<void> {
    await this.webhooks.stop();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    this.memory.close();
  }

  private async serve(request: http.IncomingMessage, reply: http.ServerResponse): Promise<void> {
    const requestId = newStripeId('req');
    const body = await readBody(request);
    const call = body === null ? null : callOf(request, body, requestId);
    const answer = call ? await this.answer(call, reply) : UNREADABLE;
    if (answer) send(reply, requestId, answer);
  }

  private async answer(call: Call, reply: http.ServerResponse): Promise<Answer | null> {
    const page = answerPage(this.desk(call), call);
    if (page) return { status: page.status, body: page.body, headers: { 'content-type': page.type, ...page.headers } };
    if (!isKnown(call)) return STRANGER;
    const key = call.idempotencyKey;
    if (key !== null && this.inFlight.has(key)) return BUSY;
    if (key !== null) this.inFlight.add(key);
    // A call that hangs stays under way until its caller gives up.
    reply.once('close', () => { if (key !== null) this.inFlight.delete(key); });
    return this.behave(call, call.method === 'POST' ? this.faults.take(call.operation) : null, reply);
  }

  /** Null: there will be no answer. */
  private async behave(call: Call, fault: Fault | null, reply: http.ServerResponse): Promise<Answer | null> {
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    switch (fault?.kind) {
      case 'rate_limit': return RATE_LIMIT;
      case 'busy': return BUSY;
      case 'hang': case 'reset':
        if (fault.executed) this.execute(call, null);
        if (fault.kind === 'reset') reply.destroy();
        return null;
      case 'error':
        if (fault.executed) this.execute(call, null);
        if (fault.remembered) this.remember(call, BROKEN);
        return BROKEN;
      case undefined: case 'decline': case 'needs_confirmation': case 'slow':
        return this.execute(call, fault);
    }
  }

  private execute(call: Call, fault: Fault | null): Answer {
    const remembered = call.idempotencyKey === null ? null : this.memory.answerTo(call.idempotencyKey, this.seconds());
    if (remembered) {
      if (remembered.fingerprint !== fingerprintOf(call)) return MISMATCH;
      return { status: remembered.status, body: remembered.body, headers: { 'idempotent-replayed': 'true' } };
    }
    try {
      const answer = { status: 200, body: JSON.stringify(withoutPrivate(route(this.desk(call), call, fault))) };
      this.remember(call, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof StripeNo)) throw error;
      const answer = refused(error);
      if (error.saved) this.remember(call, answer);
      return answer;
    }
  }

  private remember(call: Call, { status, body }: Answer): void {
    if (call.idempotencyKey === null || call.method !== 'POST') return;
    this.memory.remember(call.idempotencyKey, { fingerprint: fingerprintOf(call), status, body, at: this.seconds() });
  }

  private desk(call: Call): StandInDesk {
    return { memory: this.memory, url: () => this.url, seconds: () => this.seconds(), tell: (type, object) => this.tell(type, object, call) };
  }

  private tell(type: string, object: object, call: Call): void {
    const event: StripeEvent = {
      id: newStripeId('evt'), object: 'event', api_version: API_VERSION, created: this.seconds(), type, livemode: false, pending_webhooks: 1,
      request: { id: call.requestId, idempotency_key: call.idempotencyKey }, data: { object: structuredClone(published(object)) },
    };
    this.memory.tell(event);
    this.webhooks.add(event.id);
  }

  private seconds(): number {
    return Math.floor(this.settings.now().getTime() / 1000);
  }
}

function refused(thrown: StripeNo): Answer {
  return { status: thrown.status, body: JSON.stringify({ error: withoutPrivate(thrown.error) }) };
}

/** Objects may hold objects (an error holds its intent); private fields never leave. */
function withoutPrivate(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (name, inner: unknown) => (name.startsWith('_') ? undefined : inner)));
}

const no = (status: number, error: Record<string, unknown>): Answer => refused(new StripeNo(status, error));
const BROKEN = no(500, { type: 'api_error', message: 'An unknown error occurred.' });
const UNREADABLE = no(400, { type: 'invalid_request_error', message: 'Invalid request.' });
const STRANGER = no(401, { type: 'invalid_request_error', message: 'Invalid API Key provided.' });
const RATE_LIMIT: Answer = { ...no(429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' }), headers: { 'retry-after': '1' } };
const BUSY = no(409, {
  type: 'idempotency_error', code: 'idempotency_key_in_use',
  message: 'There is currently another in-progress request using this Idempotent Key. Please try again later.',
});
const MISMATCH = no(400, {
  type: 'idempotency_error',
  message: 'Keys for idempotent requests can only be used with the same parameters they were first used with. Try using another key if you meant to execute a different request.',
});

const fingerprintOf = (call: Call): string => createHash('sha256').update(`${call.method} ${call.path}\n${call.body}`).digest('hex');

function callOf(request: http.IncomingMessage, body: string, requestId: string): Call | null {
  if (!URL.canParse(request.url ?? '', 'http://stand-in')) return null;
  const { pathname, search } = new URL(request.url ?? '', 'http://stand-in');
  const key = request.headers['idempotency-key'];
  const [, noun = '', id = '', verb = ''] = /^\/v1\/([a-z_]+)(?:\/([\w-]+))?(?:\/([a-z]+))?$/.exec(pathname) ?? [];
  const method = request.method ?? 'GET';
  return {
    method, path: pathname, body, requestId, noun, id, verb, form: readForm(method === 'GET' ? search.slice(1) : body),
    operation: `${noun}.${verb || (method === 'POST' && id === '' ? 'create' : 'read')}`,
    credential: credentialOf(request.headers.authorization ?? ''),
    idempotencyKey: typeof key === 'string' && method === 'POST' ? key : null,
  };
}

function credentialOf(header: string): string {
  const basic = /^Basic ([\w+/=]+)$/.exec(header)?.[1];
  if (basic) return Buffer.from(basic, 'base64').toString('utf8').split(':')[0] ?? '';
  return /^Bearer (\S+)$/.exec(header)?.[1] ?? '';
}

/** The phone holds the publishable key and one intent's secret; they open that SetupIntent and nothing else. */
function isKnown(call: Call): boolean {
  if (call.credential === SECRET_KEY) return true;
  const phoneMay = ['setup_intents', 'payment_intents'].includes(call.noun) && (call.verb === 'confirm' || (call.verb === '' && call.method === 'GET'));
  return phoneMay && (call.credential === PUBLISHABLE_KEY || call.form['key'] === PUBLISHABLE_KEY) && typeof call.form['client_secret'] === 'string';
}

async function readBody(request: http.IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(reply: http.ServerResponse, requestId: string, { status, body, headers }: Answer): void {
  reply.writeHead(status, { 'content-type': 'application/json', 'request-id': requestId, ...headers });
  reply.end(body);
}
