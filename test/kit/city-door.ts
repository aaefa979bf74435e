// The public HTTP door, as any app sees it.
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T & { error?: { code: string; message: string; details: Record<string, unknown>; requestId: string } };
}

export interface Asked {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** Bytes as they are, for what is not JSON. */
  readonly raw?: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** A door that keeps people waiting longer than this is broken, and a test should say so and not hang. */
const ANSWERS_WITHIN_MS = 30_000;

export class CityDoor {
  /** Told every answer, for tests that hold them against what was promised. */
  witness: ((method: string, path: string, answer: Answer) => void) | null = null;

  constructor(readonly url: string) {}

  get<T = Record<string, unknown>>(path: string, asked: Asked = {}): Promise<Answer<T>> {
    return this.ask('GET', path, asked);
  }

  post<T = Record<string, unknown>>(path: string, asked: Asked = {}): Promise<Answer<T>> {
    return this.ask('POST', path, asked);
  }

  async ask<T = Record<string, unknown>>(method: string, path: string, { token, body, raw, headers = {} }: Asked): Promise<Answer<T>> {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload as NonNullable<RequestInit['body']> }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const answer = { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : { text }) as Answer<T>['body'] };
    this.witness?.(method, path, answer);
    return answer;
  }
}
