// The person beside a real unit, as far as a keyboard knows: a question goes out, a line comes back.
import { createInterface } from 'node:readline';
import { type Readable, type Writable } from 'node:stream';
import { type Ask } from './by-hand.js';

export function personAt(input: Readable, output: Writable): { ask: Ask; leave: () => void } {
  const lines = createInterface({ input });
  const typed = lines[Symbol.asyncIterator]();
  const ask: Ask = async (question) => {
    output.write(`→ ${question}\n`);
    const next = await typed.next();
    return next.done === true ? null : next.value;
  };
  return { ask, leave: () => lines.close() };
}
