// The one shape of every no, whoever says it: a rule, the framework, or the HTTP server before either.
import { z } from 'zod';
import { errors, type RefusalCode } from '../../errors.js';

const codes = Object.keys(errors) as [RefusalCode, ...RefusalCode[]];

export const ErrorAnswer = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(codes).describe('What is so, for programs; it does not change.'),
      message: z.string().describe('What is so and, where there is one, the way out, for people.'),
      details: z.record(z.string(), z.unknown()),
      requestId: z.string().describe('Tell us this one when something is wrong.'),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;

export const errorAnswer = (code: RefusalCode, details: Record<string, unknown>, requestId: string): ErrorAnswer => ({
  error: { code, message: errors[code][1], details, requestId },
});

/** For those who know only an HTTP status. */
export function codeOfStatus(status: number): RefusalCode {
  switch (status) {
    case 401: return 'signed_out';
    case 403: return 'not_for_you';
    case 404: case 405: return 'not_found';
    case 413: case 431: return 'too_large';
    case 415: return 'unsupported_media';
    case 429: return 'too_many_requests';
    case 503: return 'temporarily_unavailable';
    default: return status >= 500 ? 'broken' : 'malformed';
  }
}
