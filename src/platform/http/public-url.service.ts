// The address others reach us by: as configured, else where this process listens.
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { invariant } from '../assert.js';
import type { CityConfig } from '../config.js';
import { CITY_CONFIG } from '../config.provider.js';

@Injectable()
export class PublicUrlService {
  constructor(
    @Inject(CITY_CONFIG) private readonly config: CityConfig,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** Of a path of ours, such as `/devices/releases`. */
  of(path: string): string {
    return `${(this.config.publicUrl ?? this.listening()).replace(/\/$/, '')}${path}`;
  }

  private listening(): string {
    const server: Server = this.adapter.httpAdapter.getHttpServer() as Server;
    const address = server.address();
    invariant(typeof address === 'object' && address !== null, 'nobody asks for our address before we listen');
    return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${String(address.port)}`;
  }
}
