// Is the process alive, is the city ready, what does it count.
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { MetricsService } from './metrics.service.js';
import { ReadinessService } from './readiness.service.js';
import { Allow } from '../platform/http/allow.decorator.js';

@ApiExcludeController()
@Allow('anyone')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly metrics: MetricsService,
  ) {}

  @Get('health/live')
  live(): { alive: true } {
    return { alive: true };
  }

  /** 200 when every part answers, 503 with the same body when one does not. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ ready: boolean; parts: Record<string, string> }> {
    const answer = await this.readiness.ask();
    void reply.status(answer.ready ? 200 : 503);
    return answer;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4')
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
