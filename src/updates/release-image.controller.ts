import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../platform/http/allow.decorator.js';
import { ReleasesService } from './releases.service.js';
import { ReleasePath } from './updates.dto.js';

/** For scooters, who learn the address from a signed offer and believe nothing but its checksum: no secret is in it. */
@ApiExcludeController()
@Allow('anyone')
@Controller('devices/releases')
export class ReleaseImageController {
  constructor(private readonly releases: ReleasesService) {}

  @Get(':release/image')
  async image(@Param({ schema: ReleasePath }) { release }: ReleasePath, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    const { sha256, bytes } = await this.releases.image(release);
    // No cache between us may hand out what was halted.
    void reply.headers({ etag: `"${sha256}"`, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    return new StreamableFile(bytes, { type: 'application/octet-stream', length: bytes.length });
  }
}
