// Single HTTP calls over kept connections, and calls at a fixed pace whatever the answers take.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 512, noDelay: true });

/** @returns status, body and the moments of sending and of the whole answer. */
export function call(method, url, { body, token, form, headers = {} } = {}) {
  const payload =
    form === undefined ? (body === undefined ? undefined : JSON.stringify(body)) : new URLSearchParams(form).toString();
  const sent = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      agent,
      headers: {
        ...(payload === undefined
          ? {}
          : {
              'content-type': form === undefined ? 'application/json' : 'application/x-www-form-urlencoded',
              'content-length': Buffer.byteLength(payload),
            }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      response.once('end', () =>
        resolve({ status: response.statusCode, body: parsed(text), sent, answered: performance.now() }),
      );
    });
    request.end(payload);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws unless the answer has this status. */
export async function mustAnswer(status, answer) {
  const { status: got, body } = await answer;
  if (got !== status) throw new Error(`expected ${status} and got ${got}: ${JSON.stringify(body).slice(0, 300)}`);
  return body;
}

/** Begins one every so often, without waiting for the ones before: slow answers do not slow the questions. */
export async function paced({ perSecond, count, begin }) {
  const from = performance.now();
  const under = [];
  for (let number = 0; number < count; number++) {
    const rest = from + (number * 1000) / perSecond - performance.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    under.push(begin(number));
  }
  return Promise.all(under);
}

/** So many at a time, in order. */
export async function fewAtATime(atOnce, items, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at], at);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
