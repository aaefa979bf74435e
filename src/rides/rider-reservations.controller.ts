import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers, AnswersNothing } from '../platform/http/answers.decorator.js';
import { TheRider } from '../platform/http/auth.guard.js';
import { OncePerKey } from '../platform/http/idempotency.interceptor.js';
import type { ReservationId, RiderId, ScooterId } from '../platform/ids.js';
import type { Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { ReservationRequest, ReservationView } from './rides.dto.js';
import { RidesService } from './rides.service.js';

@ApiTags('rider: reservations')
@Allow('rider')
@Controller('rider/reservations')
export class RiderReservationsController {
  constructor(
    private readonly rides: RidesService,
    private readonly reservations: ReservationsService,
  ) {}

  @Post()
  @OncePerKey()
  @Answers(201, ReservationView, 'The scooter waits for you, free of charge.')
  async reserve(
    @TheRider() { riderId }: { riderId: RiderId },
    @Body({ schema: ReservationRequest }) body: z.infer<typeof ReservationRequest>,
  ): Promise<ReservationView> {
    return view(await this.rides.reserve(riderId, body.scooterId as ScooterId));
  }

  @Get('current')
  @Answers(200, ReservationView, 'The scooter that waits for you.')
  async current(@TheRider() { riderId }: { riderId: RiderId }): Promise<ReservationView> {
    return view(await this.reservations.current(riderId));
  }

  @Post(':reservationId/locate')
  @Answers(202, ReservationView, 'The scooter rings and flashes.')
  async locate(
    @TheRider() { riderId }: { riderId: RiderId },
    @Param('reservationId', { schema: z.uuid() }) id: string,
  ): Promise<ReservationView> {
    await this.rides.locate(riderId, id as ReservationId);
    return view(await this.reservations.current(riderId));
  }

  @Delete(':reservationId')
  @AnswersNothing('The scooter is free for others.')
  async cancel(@TheRider() { riderId }: { riderId: RiderId }, @Param('reservationId', { schema: z.uuid() }) id: string): Promise<void> {
    await this.reservations.cancel(riderId, id as ReservationId);
  }
}

const view = (row: Reservation): ReservationView => ({
  id: row.id,
  scooterId: row.scooterId,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});
