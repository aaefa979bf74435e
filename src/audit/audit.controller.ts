import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AuditService } from './audit.service.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers, Page, pageOf } from '../platform/http/answers.decorator.js';

const AuditView = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actor: z.string().describe('`rider:`, `crew:` or `operator:` and an id.'),
  action: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  reason: z.string(),
  details: z.record(z.string(), z.unknown()),
});
const AuditPage = pageOf(AuditView);

@ApiTags('operator: audit')
@Controller('operator/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Allow('operator', ['admin'])
  @Answers(200, AuditPage, 'Who looked at whom and who ordered what, newest first.')
  async page(@Query({ schema: Page }) { cursor, limit }: Page) {
    const rows = await this.audit.page(cursor ?? null, limit);
    const items = rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
    return { items, nextCursor: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  }
}
