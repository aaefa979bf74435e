// One door to somebody's HTTP: times out, asks again when the other side is busy or away, and never
// has more than a few questions open, so that a crowd of bots stays a crowd and not a flood.
import { randomUUID } from 'node:crypto';
/** An expected no: the code says which. */ export class Refused extends Error {
    constructor(status, code, details){
        super(`${status} ${code}`), this.status = status, this.code = code, this.details = details;
    }
}
const TIMEOUT_MS = 10_000;
const TRIES = 7;
const OPEN_AT_ONCE = 32;
const RETRY_CODES = new Set([
    'idempotency_key_busy'
]);
export class CityClient {
    constructor(base, clock, tally){
        this.base = base;
        this.clock = clock;
        this.tally = tally;
        this.open = 0;
        this.waiting = [];
    }
    /** @throws Refused on a no; Error when nobody answers after several tries. */ async ask(question) {
        const key = randomUUID();
        for(let tries = 1;; tries++){
            const answer = await this.once(question, key);
            if (answer.status >= 200 && answer.status < 300) return this.read(question, answer.body);
            if (tries === TRIES || !shouldRetry(answer)) throw this.refusal(question, answer);
            this.tally.add('asked again');
            await this.clock.sleepReal(answer.retryAfterMs ?? Math.min(5000, 150 * 2 ** tries) * (0.75 + Math.random() / 2));
        }
    }
    read(question, body) {
        const parsed = question.answer.safeParse(body);
        if (parsed.success) return parsed.data;
        this.tally.addCode('errors', `unreadable ${nameOf(question)}`);
        throw new Error(`cannot read the answer of ${nameOf(question)}: ${parsed.error.issues.map((i)=>`${i.path.join('.')} ${i.message}`).join('; ')}`);
    }
    refusal(question, answer) {
        const error = errorOf(answer.body);
        if (answer.status === 0 || answer.status >= 500) this.tally.addCode('errors', `${error.code ?? answer.status} ${nameOf(question)}`);
        return new Refused(answer.status, error.code ?? String(answer.status), error.details);
    }
    async once(question, key) {
        await this.enter();
        try {
            return await this.send(question, key);
        } catch (error) {
            this.clock.stopped.throwIfAborted();
            return {
                status: 0,
                body: {
                    error: {
                        code: error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'not reached'
                    }
                }
            };
        } finally{
            this.leave();
        }
    }
    async send(question, key) {
        const { method = 'GET', token, body, form } = question;
        const headers = {
            accept: 'application/json'
        };
        if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
        if (method === 'POST') headers['idempotency-key'] = key;
        if (body !== undefined) headers['content-type'] = 'application/json';
        if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
        const text = form !== undefined ? new URLSearchParams(form).toString() : body === undefined ? null : JSON.stringify(body);
        this.tally.add('calls');
        const response = await fetch(new URL(question.path, this.base), {
            method,
            headers,
            body: text,
            signal: AbortSignal.any([
                this.clock.stopped,
                AbortSignal.timeout(TIMEOUT_MS)
            ])
        });
        const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
        const heard = {
            status: response.status,
            body: jsonOf(await response.text())
        };
        return Number.isFinite(retryAfter) ? {
            ...heard,
            retryAfterMs: Math.min(30_000, retryAfter * 1000)
        } : heard;
    }
    async enter() {
        if (this.open < OPEN_AT_ONCE) this.open += 1;
        else await new Promise((resolve)=>this.waiting.push(resolve));
    }
    leave() {
        const next = this.waiting.shift();
        if (next) next();
        else this.open -= 1;
    }
}
const shouldRetry = ({ status, body })=>status === 0 || status === 429 || status >= 502 || RETRY_CODES.has(errorOf(body).code ?? '');
const nameOf = (question)=>`${question.method ?? 'GET'} ${question.path.split('?')[0]?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|(seti|pi)_\w+/g, ':id')}`;
function jsonOf(text) {
    try {
        return text === '' ? null : JSON.parse(text);
    } catch  {
        return null;
    }
}
function errorOf(body) {
    const error = isObject(body) ? body['error'] : null;
    if (!isObject(error)) return {
        code: null,
        details: null
    };
    return {
        code: typeof error['code'] === 'string' ? error['code'] : null,
        details: error['details'] ?? null
    };
}
const isObject = (value)=>typeof value === 'object' && value !== null;

//# sourceMappingURL=city-client.js.map
