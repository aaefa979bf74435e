import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { ZonesOnBoardAnswer, zonesOnBoardAnswer } from './onboard.dto.js';
import { ZoneKeepingService } from './zone-keeping.service.js';

@ApiTags('operator: zones')
@Controller('operator/zones/on-board')
@Allow('operator')
export class OnboardController {
  constructor(private readonly keeping: ZoneKeepingService) {}

  @Get()
  @Answers(200, ZonesOnBoardAnswer, 'How many scooters hold which version of the zones; of those behind, the hundred that wait longest.')
  async all(): Promise<ZonesOnBoardAnswer> {
    return zonesOnBoardAnswer(await this.keeping.onBoard());
  }
}
