import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { FleetMirrorService } from './fleet-mirror.service.js';
import { NearbyAnswer, nearbyAnswer, NearbyQuestion } from './fleet.dto.js';

@ApiTags('rider: scooters')
@Controller('rider/scooters')
@Allow('anyone')
export class RiderMapController {
  constructor(private readonly mirror: FleetMirrorService) {}

  @Get()
  @Answers(200, NearbyAnswer, 'Scooters one could take now, nearest first: never more than fifty, never further than 2 km.')
  around(@Query({ schema: NearbyQuestion }) { latitude, longitude, radiusM }: NearbyQuestion): NearbyAnswer {
    return nearbyAnswer(this.mirror.around({ latitude, longitude }, radiusM));
  }
}
