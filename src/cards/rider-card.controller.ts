import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheRider } from '../platform/http/auth.guard.js';
import { CardAnswer, CardSetupAnswer, SaveCard, shapeCard } from './cards.dto.js';
import { CardsService } from './cards.service.js';

type Rider = Extract<Actor, { audience: 'rider' }>;

@ApiTags('rider: wallet')
@Allow('rider')
@Controller('rider/card')
export class RiderCardController {
  constructor(private readonly cards: CardsService) {}

  @Post('setup')
  @Answers(201, CardSetupAnswer, 'Begin to save a card: the phone takes the answer to Stripe, and the bank may ask for 3-D Secure.')
  setUp(@TheRider() rider: Rider): Promise<z.infer<typeof CardSetupAnswer>> {
    return this.cards.setUp(rider.riderId);
  }

  @Post()
  @Answers(201, CardAnswer, 'Keep the card that was confirmed. An open debt is not paid by this.')
  async save(@TheRider() rider: Rider, @Body({ schema: SaveCard }) { setupIntentId }: SaveCard): Promise<CardAnswer> {
    return shapeCard(await this.cards.save(rider.riderId, setupIntentId));
  }

  @Get()
  @Answers(200, CardAnswer, 'The saved card.')
  async card(@TheRider() rider: Rider): Promise<CardAnswer> {
    return shapeCard(await this.cards.cardOf(rider.riderId));
  }
}
