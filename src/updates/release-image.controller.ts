import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { Allow } from '../platform/http/allow.decorator.js';
import { ReleaseImagesService } from './release-images.service.js';
import { ReleasePath } from './updates.dto.js';

/** Real time in which not a byte was taken; and for the whole image, a little longer than a unit waits for it. */
const STALLED_MS = 20_000;
const LONGEST_MS = 150_000;

/** For scooters, who learn the address from a signed offer and believe nothing but its checksum: no secret is in it. */
@ApiExcludeController()
@Allow('anyone')
@Controller('devices/releases')
export class ReleaseImageController {
  constructor(private readonly images: ReleaseImagesService) {}

  @Get(':release/image')
  async image(@Param({ schema: ReleasePath }) { release }: ReleasePath, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    this.serve(reply.raw);
    const { sha256, bytes } = await this.images.read(release);
    // No cache between us may hand out what was halted.
    void reply.headers({ etag: `"${sha256}"`, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    return new StreamableFile(bytes, { type: 'application/octet-stream', length: bytes.length });
  }

  /** A place for this answer until it is over; who takes nothing, or takes for ever, does not keep it. */
  private serve(answer: ServerResponse): void {
    if (answer.destroyed) return;
    const leave = this.images.enter();
    const hangUp = (): void => { answer.destroy(); };
    const longest = setTimeout(hangUp, LONGEST_MS);
    answer.setTimeout(STALLED_MS, hangUp);
    answer.once('close', () => {
      clearTimeout(longest);
      leave();
    });
  }
}
