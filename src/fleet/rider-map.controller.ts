import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { NearbyAnswer, nearbyAnswer, NearbyQuestion } from './fleet.dto.js';
import { NearbyQueries } from './nearby.queries.js';

@ApiTags('rider: scooters')
@Controller('rider/scooters')
@Allow('anyone')
export class RiderMapController {
  constructor(private readonly nearby: NearbyQueries) {}

  @Get()
  @Answers(200, NearbyAnswer, 'Scooters one could take now, nearest first: never more than fifty, never further than 2 km.')
  async around(
    @Query({ schema: NearbyQuestion }) { latitude, longitude, radiusM }: NearbyQuestion,
  ): Promise<NearbyAnswer> {
    return nearbyAnswer(await this.nearby.around({ latitude, longitude }, radiusM));
  }
}
