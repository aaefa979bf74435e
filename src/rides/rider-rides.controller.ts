import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers, Page } from '../platform/http/answers.decorator.js';
import { TheRider } from '../platform/http/auth.guard.js';
import { OncePerKey } from '../platform/http/idempotency.interceptor.js';
import type { RideId, RiderId, ScooterId } from '../platform/ids.js';
import { RideViewsService } from './ride-views.service.js';
import { OwnRideView, ReceiptView, RidePage, RideRequest, RideView } from './rides.dto.js';
import { RidesService } from './rides.service.js';

const Id = z.uuid();

@ApiTags('rider: rides')
@Allow('rider')
@Controller('rider/rides')
export class RiderRidesController {
  constructor(
    private readonly rides: RidesService,
    private readonly views: RideViewsService,
  ) {}

  @Post()
  @OncePerKey()
  @Answers(202, RideView, 'The ride: first the bank is asked, then the scooter; poll it until it is riding or failed.')
  async request(@TheRider() { riderId }: { riderId: RiderId }, @Body({ schema: RideRequest }) body: z.infer<typeof RideRequest>) {
    const wish = { scooterId: body.scooterId as ScooterId, acceptedHoldCents: body.acceptedHoldCents };
    return this.views.asked(await this.rides.request(riderId, wish));
  }

  @Get('current')
  @Answers(200, OwnRideView, 'The ride under way, with its running price, and with what ends it where no network is.')
  current(@TheRider() { riderId }: { riderId: RiderId }) {
    return this.views.current(riderId);
  }

  @Get()
  @Answers(200, RidePage, 'All rides, newest first.')
  history(@TheRider() { riderId }: { riderId: RiderId }, @Query({ schema: Page }) page: Page) {
    return this.views.history(riderId, page);
  }

  @Get(':rideId')
  @Answers(200, OwnRideView, 'One ride of yours.')
  one(@TheRider() { riderId }: { riderId: RiderId }, @Param('rideId', { schema: Id }) rideId: string) {
    return this.views.own(riderId, rideId as RideId);
  }

  @Post(':rideId/pause')
  @OncePerKey()
  @Answers(202, RideView, 'The scooter has been asked to lock and wait.')
  async pause(@TheRider() { riderId }: { riderId: RiderId }, @Param('rideId', { schema: Id }) rideId: string) {
    await this.rides.pause(riderId, rideId as RideId);
    return this.views.one(riderId, rideId as RideId);
  }

  @Post(':rideId/resume')
  @OncePerKey()
  @Answers(202, RideView, 'The scooter has been asked to open again.')
  async resume(@TheRider() { riderId }: { riderId: RiderId }, @Param('rideId', { schema: Id }) rideId: string) {
    await this.rides.resume(riderId, rideId as RideId);
    return this.views.one(riderId, rideId as RideId);
  }

  @Post(':rideId/end')
  @OncePerKey()
  @Answers(202, RideView, 'The scooter is being checked; poll until it is ended, or `refusal` says what is missing.')
  async end(@TheRider() { riderId }: { riderId: RiderId }, @Param('rideId', { schema: Id }) rideId: string) {
    await this.rides.end(riderId, rideId as RideId);
    return this.views.one(riderId, rideId as RideId);
  }

  @Get(':rideId/receipt')
  @Answers(200, ReceiptView, 'What the ride cost, line by line, tax included.')
  receipt(@TheRider() { riderId }: { riderId: RiderId }, @Param('rideId', { schema: Id }) rideId: string) {
    return this.views.receipt(riderId, rideId as RideId);
  }
}
