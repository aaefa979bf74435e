// Looks after rides whose scooter has fallen silent with an empty pack.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LoopService } from '../platform/loop.service.js';
import { PowerLossService } from './power-loss.service.js';

@Injectable()
export class SilentScootersJob {
  constructor(db: DataSource, loops: LoopService, power: PowerLossService) {
    loops.add({ name: 'offline.end_silent', everySeconds: 10, step: () => power.endSilent(db) });
  }
}
