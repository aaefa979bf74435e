import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FleetService } from '../fleet/fleet.service.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { DoubtsPath, DoubtsView, doubtsView } from './alerts.dto.js';
import { DoubtsService } from './doubts.service.js';

@ApiTags('operator: scooters')
@Allow('operator')
@Controller('operator/scooters')
export class DoubtsController {
  constructor(
    private readonly doubts: DoubtsService,
    private readonly fleet: FleetService,
  ) {}

  @Get(':scooterId/doubts')
  @Answers(200, DoubtsView, 'What we doubt about one scooter: its clock, its places, the numbers that never came. Nothing is decided by it.')
  async of(@Param({ schema: DoubtsPath }) { scooterId }: DoubtsPath): Promise<DoubtsView> {
    return doubtsView(await this.fleet.read(scooterId), await this.doubts.of(scooterId));
  }
}
