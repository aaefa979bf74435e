import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import {
  FleetSummary,
  fleetSummary,
  OperatorScooter,
  operatorScooter,
  OperatorScooters,
  operatorScooters,
  ScooterId,
  ScooterPage,
} from './fleet.dto.js';
import { FleetService } from './fleet.service.js';
import { ScooterListQueries } from './scooter-list.queries.js';

@ApiTags('operator: scooters')
@Controller('operator')
@Allow('operator')
export class FleetOperationsController {
  constructor(
    private readonly fleet: FleetService,
    private readonly list: ScooterListQueries,
  ) {}

  @Get('fleet/summary')
  @Answers(200, FleetSummary, 'How many scooters are in which state, and how many of them can hear us.')
  async summary(): Promise<FleetSummary> {
    return fleetSummary(await this.list.countByState());
  }

  @Get('scooters')
  @Answers(200, OperatorScooters, 'Every scooter, or those in one state.')
  async page(@Query({ schema: ScooterPage }) { state, cursor, limit }: ScooterPage): Promise<OperatorScooters> {
    return operatorScooters(await this.list.page(state ?? null, cursor ?? null, limit), limit);
  }

  @Get('scooters/:id')
  @Answers(200, OperatorScooter, 'One scooter; during a ride without its place.')
  async one(@Param({ schema: ScooterId }) { id }: ScooterId): Promise<OperatorScooter> {
    return operatorScooter(await this.fleet.read(id));
  }
}
