// Keeps work flowing: takes back what lies with crews that went home, then gives out what waits.
import { Injectable } from '@nestjs/common';
import { LoopService } from '../platform/loop.service.js';
import { TaskDispatchService } from './task-dispatch.service.js';

/** A scooter that comes free after a ride sends no word here, so the loop looks by itself, too. */
const looks = { everySeconds: 2, wokenBy: 'tasks' } as const;

@Injectable()
export class DispatchJob {
  constructor(loops: LoopService, dispatch: TaskDispatchService) {
    loops.add({ name: 'tasks.release', ...looks, step: () => dispatch.releaseOne() });
    loops.add({ name: 'tasks.inspect_doubtful', everySeconds: 30, step: () => dispatch.inspectDoubtful() });
    loops.add({ name: 'tasks.dispatch', ...looks, step: () => dispatch.dispatch() });
  }
}
