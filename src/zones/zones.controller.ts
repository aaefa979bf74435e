import { Body, Controller, Get, Header, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { OncePerKey } from '../platform/http/idempotency.interceptor.js';
import {
  NewZones,
  newZonesOf,
  ParkingAnswer,
  parkingAnswer,
  ParkingQuestion,
  PublishedAnswer,
  ZonesAnswer,
  zonesAnswer,
  ZoneVersionAnswer,
  zoneVersionAnswer,
} from './zones.dto.js';
import { ZonesService } from './zones.service.js';

@Controller()
export class ZonesController {
  constructor(private readonly zones: ZonesService) {}

  @ApiTags('rider: zones')
  @Get('rider/zones')
  @Allow('anyone')
  @Header('cache-control', 'public, max-age=60')
  @Answers(200, ZonesAnswer, 'Every zone in force, for the map.')
  all(): ZonesAnswer {
    return zonesAnswer(this.zones.current());
  }

  @ApiTags('rider: zones')
  @Get('rider/parking')
  @Allow('anyone')
  @Answers(
    200,
    ParkingAnswer,
    'May I leave a scooter here, and if not, where is the nearest place? Asked before stopping.',
  )
  parking(@Query({ schema: ParkingQuestion }) place: ParkingQuestion): ParkingAnswer {
    return parkingAnswer(this.zones.decide({ ...place, ageS: 0 }), this.zones.version);
  }

  @ApiTags('operator: zones')
  @Get('operator/zones')
  @Allow('operator')
  @Answers(200, ZoneVersionAnswer, 'The zones in force, with who published them and why.')
  async version(): Promise<ZoneVersionAnswer> {
    return zoneVersionAnswer(this.zones.current(), await this.zones.latestVersion());
  }

  @ApiTags('operator: zones')
  @Post('operator/zones')
  @OncePerKey()
  @Allow('operator', ['operator', 'admin'])
  @Answers(201, PublishedAnswer, 'A whole new version, in force at once; all of it or, with every flaw named, none.')
  async publish(@TheOperator() operator: Actor, @Body({ schema: NewZones }) order: NewZones): Promise<PublishedAnswer> {
    const version = await this.zones.publishFor(operator, {
      zones: newZonesOf(order),
      note: order.note,
      reason: order.reason,
    });
    return { version };
  }
}
