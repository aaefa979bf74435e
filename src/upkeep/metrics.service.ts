// Numbers for Prometheus. Modules register what they count; labels never hold a person or a place.
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

@Injectable()
export class MetricsService {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'roue_libre_' });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `roue_libre_${name}`, help, labelNames, registers: [this.registry] });
  }

  gauge(name: string, help: string, read: () => Promise<number>): void {
    new Gauge({
      name: `roue_libre_${name}`,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read());
      },
    });
  }

  /** One value for each combination of labels that there is now; the others are gone. */
  gauges<L extends string>(
    name: string, help: string, labelNames: readonly L[], read: () => Promise<(Record<L, string> & { value: number })[]>,
  ): void {
    new Gauge({
      name: `roue_libre_${name}`,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        const rows = await read();
        this.reset();
        for (const { value, ...labels } of rows) this.set(labels as unknown as Record<L, string>, value);
      },
    });
  }

  histogram<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    return new Histogram({ name: `roue_libre_${name}`, help, labelNames, buckets, registers: [this.registry] });
  }
}
