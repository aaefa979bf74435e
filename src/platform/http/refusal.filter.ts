// Every error leaves through here in one shape: { error: { code, message, details, requestId } }.
// What we did not expect is logged with its stack and told as `broken`, without any of it.
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueryFailedError } from 'typeorm';
import { errors, lastWords, type RefusalCode } from '../../errors.js';
import { Refusal } from '../refusal.js';
import { codeOfStatus, errorAnswer } from './error-answer.js';

/** PostgreSQL says these when it is going, coming, full or tired: the same request may work in a moment. */
const PASSING = new Set(['53100', '53200', '53300', '55P03', '57014', '57P01', '57P02', '57P03', '40001', '40P01', '08006', '08003', '25P03']);
const LOST = /ECONN|timeout|terminat|Connection|not Connected|not queryable|Client was closed/i;

@Catch()
export class RefusalFilter implements ExceptionFilter {
  private readonly log = new Logger(RefusalFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { code, details } = this.read(thrown);
    const [status] = errors[code];
    if (status === 503) void reply.header('retry-after', '2');
    if (status === 500) this.log.error(`${request.method} ${request.routeOptions.url ?? '?'} ${request.id}: ${stackOf(thrown)}`);
    void reply.status(status).send(errorAnswer(code, details, request.id));
  }

  private read(thrown: unknown): { code: RefusalCode; details: Record<string, unknown> } {
    if (thrown instanceof Refusal) return { code: thrown.code, details: thrown.details };
    if (thrown instanceof HttpException) return { code: codeOfStatus(thrown.getStatus()), details: detailsOf(thrown) };
    const lastWord = lastWordOf(thrown);
    if (lastWord) return { code: lastWord, details: {} };
    if (isPassing(thrown)) return { code: 'temporarily_unavailable', details: {} };
    const status = (thrown as { statusCode?: unknown }).statusCode;
    if (typeof status === 'number' && status < 500) return { code: codeOfStatus(status), details: {} };
    return { code: 'broken', details: {} };
  }
}

function lastWordOf(thrown: unknown): RefusalCode | undefined {
  if (!(thrown instanceof QueryFailedError)) return undefined;
  const { constraint } = thrown.driverError as { constraint?: string };
  return constraint === undefined ? undefined : lastWords[constraint];
}

function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code } = (thrown instanceof QueryFailedError ? thrown.driverError : thrown) as { code?: string };
  return (code !== undefined && PASSING.has(code)) || (code === undefined && LOST.test(thrown.message)) || LOST.test(code ?? '');
}

/** Only what our own schemas say about the request; never a message of a library. */
function detailsOf(thrown: HttpException): Record<string, unknown> {
  const body = thrown.getResponse();
  if (typeof body !== 'object') return {};
  const { issues } = body as { issues?: unknown };
  return Array.isArray(issues) ? { issues } : {};
}

const stackOf = (thrown: unknown): string => (thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
