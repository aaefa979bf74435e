// One line per request: which door (its pattern, never its ids), which answer, how long. No person,
// no place, no body. Numbers go to the metrics as well.
import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Histogram } from 'prom-client';
import type { Observable } from 'rxjs';
import { MetricsService } from './metrics.service.js';

@Injectable()
export class RequestLogInterceptor implements NestInterceptor {
  private readonly log = new Logger('http');
  private readonly seconds: Histogram<'method' | 'route' | 'status'>;

  constructor(metrics: MetricsService) {
    this.seconds = metrics.histogram('http_request_seconds', 'How long requests took, by door and answer.', ['method', 'route', 'status']);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const began = performance.now();
    reply.raw.once('finish', () => {
      const route = request.routeOptions.url ?? 'unknown';
      const ms = performance.now() - began;
      this.seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, ms / 1000);
      this.log.debug({ method: request.method, route, status: reply.statusCode, ms: Math.round(ms * 10) / 10, requestId: request.id });
    });
    return next.handle();
  }
}
