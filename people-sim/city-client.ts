// One door to somebody's HTTP: times out, asks again when the other side is busy or away, and never
// has more than a few questions open, so that a crowd of bots stays a crowd and not a flood.
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { CityClock } from './city-clock.js';
import { diceOf } from './dice.js';
import type { Tally } from './tally.js';

/** An expected no: the code says which. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly details: unknown,
  ) {
    super(`${status} ${code}`);
  }
}

export interface Question<T> {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  /** Stripe's doors want forms, everybody else JSON. */
  readonly form?: Readonly<Record<string, string>>;
  readonly answer: z.ZodType<T>;
}

const TIMEOUT_MS = 10_000;
const TRIES = 7;
const OPEN_AT_ONCE = 32;
const RETRY_CODES = new Set(['idempotency_key_busy']);

export class CityClient {
  private open = 0;
  private readonly waiting: (() => void)[] = [];
  /** Spreads those who ask again; which crowd it is does not matter. */
  private readonly dice = diceOf('again');

  constructor(
    private readonly base: string,
    private readonly clock: CityClock,
    private readonly tally: Tally,
  ) {}

  /** @throws Refused on a no; Error when nobody answers after several tries. */
  async ask<T>(question: Question<T>): Promise<T> {
    const key = randomUUID();
    for (let tries = 1; ; tries++) {
      const answer = await this.once(question, key);
      if (answer.status >= 200 && answer.status < 300) return this.read(question, answer.body);
      if (tries === TRIES || !shouldRetry(answer)) throw this.refusal(question, answer);
      this.tally.add('asked again');
      await this.clock.sleepReal(
        answer.retryAfterMs ?? Math.min(5000, 150 * 2 ** tries) * (0.75 + this.dice.next() / 2),
      );
    }
  }

  private read<T>(question: Question<T>, body: unknown): T {
    const parsed = question.answer.safeParse(body);
    if (parsed.success) return parsed.data;
    this.tally.addCode('errors', `unreadable ${nameOf(question)}`);
    throw new Error(
      `cannot read the answer of ${nameOf(question)}: ${parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')}`,
    );
  }

  private refusal(question: Question<unknown>, answer: Heard): Refused {
    const error = errorOf(answer.body);
    if (answer.status === 0 || answer.status >= 500)
      this.tally.addCode('errors', `${error.code ?? answer.status} ${nameOf(question)}`);
    return new Refused(answer.status, error.code ?? String(answer.status), error.details);
  }

  private async once(question: Question<unknown>, key: string): Promise<Heard> {
    await this.enter();
    try {
      return await this.send(question, key);
    } catch (error) {
      this.clock.stopped.throwIfAborted();
      return {
        status: 0,
        body: {
          error: {
            code: error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'not reached',
          },
        },
      };
    } finally {
      this.leave();
    }
  }

  private async send(question: Question<unknown>, key: string): Promise<Heard> {
    const { method = 'GET', token, body, form } = question;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (method === 'POST') headers['idempotency-key'] = key;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
    const text =
      form !== undefined ? new URLSearchParams(form).toString() : body === undefined ? null : JSON.stringify(body);
    this.tally.add('calls');
    const deadline = new Deadline(this.clock.stopped, TIMEOUT_MS);
    try {
      const response = await fetch(new URL(question.path.replace(/^\//, ''), this.base), {
        method,
        headers,
        body: text,
        signal: deadline.signal,
      });
      return heardOf(response, jsonOf(await response.text()));
    } finally {
      deadline.over();
    }
  }

  private async enter(): Promise<void> {
    if (this.open < OPEN_AT_ONCE) this.open += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.open -= 1;
  }
}

/** Not `AbortSignal.any`: on Node 20 every one of those stays with a signal that lives as long as we do. */
class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal = this.controller.signal;

  constructor(
    private readonly stopped: AbortSignal,
    milliseconds: number,
  ) {
    this.timer = setTimeout(() => {
      this.controller.abort(new DOMException('no answer in time', 'TimeoutError'));
    }, milliseconds);
    stopped.addEventListener('abort', this.stop);
  }

  over(): void {
    clearTimeout(this.timer);
    this.stopped.removeEventListener('abort', this.stop);
  }

  private readonly stop = (): void => {
    this.controller.abort(this.stopped.reason);
  };
}

function heardOf({ status, headers }: Response, body: unknown): Heard {
  const retryAfter = Number(headers.get('retry-after') ?? NaN);
  return Number.isFinite(retryAfter)
    ? { status, body, retryAfterMs: Math.min(30_000, retryAfter * 1000) }
    : { status, body };
}

interface Heard {
  status: number;
  body: unknown;
  retryAfterMs?: number;
}

const shouldRetry = ({ status, body }: Heard): boolean =>
  status === 0 || status === 429 || status >= 502 || RETRY_CODES.has(errorOf(body).code ?? '');

const nameOf = (question: Question<unknown>): string =>
  `${question.method ?? 'GET'} ${question.path.split('?')[0]?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|(seti|pi)_\w+/g, ':id')}`;

function jsonOf(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function errorOf(body: unknown): { code: string | null; details: unknown } {
  const error = isObject(body) ? body['error'] : null;
  if (!isObject(error)) return { code: null, details: null };
  return { code: typeof error['code'] === 'string' ? error['code'] : null, details: error['details'] ?? null };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
