// Structured logs, one JSON object a line, UTC. What goes in is chosen where it is logged: codes and
// ids of things, never a name, a phone, an e-mail or a place.
import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Level } from 'pino';

type Words = readonly unknown[];

/** Lines go to standard output unless told otherwise. */
export function cityLogger(level: Level | 'silent', to: DestinationStream = process.stdout): LoggerService {
  const style = { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } };
  const log = pino({ level, ...style }, to);
  const at = (name: Level) => (message: unknown, ...rest: Words) => {
    // Nest hands the name of the speaker last.
    const from = rest.findLast((word) => typeof word === 'string');
    if (typeof message === 'object' && message !== null) log[name]({ from, ...message });
    else log[name]({ from }, String(message));
  };
  return { log: at('info'), error: at('error'), warn: at('warn'), debug: at('debug'), verbose: at('debug'), fatal: at('fatal') };
}
