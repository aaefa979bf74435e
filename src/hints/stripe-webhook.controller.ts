import { Controller, Headers, HttpCode, Post, Req, type RawBodyRequest } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../platform/http/allow.decorator.js';
import { StripeHintsService } from './stripe-hints.service.js';

@ApiExcludeController()
@Allow('anyone')
@Controller('webhooks')
export class StripeWebhookController {
  constructor(private readonly hints: StripeHintsService) {}

  /** 200 only after the commit: otherwise Stripe sends it again. */
  @Post('stripe')
  @HttpCode(200)
  async take(@Req() request: RawBodyRequest<FastifyRequest>, @Headers('stripe-signature') signature: string | undefined): Promise<{ taken: true }> {
    await this.hints.take(request.rawBody ?? null, signature ?? '');
    return { taken: true };
  }
}
