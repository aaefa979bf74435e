// What is refused before Nest hears of it: an address that cannot be read, a request that is no HTTP. It is
// told in the same shape as every other no.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errors } from '../../errors.js';
import { newId } from '../ids.js';
import { codeOfStatus, errorAnswer } from './error-answer.js';

export function frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const code = codeOfStatus(error.statusCode ?? 400);
  void reply.status(errors[code][0]).send(errorAnswer(code, {}, request.id));
}

/** There is no request to answer here, only the bytes of one. */
export function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'too_large' : 'malformed';
  const [status] = errors[code];
  const body = JSON.stringify(errorAnswer(code, {}, newId()));
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`, 'connection: close'];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => { socket.destroy(); });
}
