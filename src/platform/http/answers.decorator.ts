// What a door answers, as a zod schema: it goes into the OpenAPI document as it stands.
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/** `@Answers(202, Ride, 'The ride, with what happens next')`: sets the status and documents door and body. */
export const Answers = (status: number, schema: z.ZodType, description: string) =>
  applyDecorators(HttpCode(status), ApiOperation({ summary: description }), ApiResponse({ status, description, standardSchema: schema }));

/** A door with nothing to hand back but that it is done. */
export const AnswersNothing = (description: string) =>
  applyDecorators(HttpCode(204), ApiOperation({ summary: description }), ApiResponse({ status: 204, description }));

/** A page of a list: `nextCursor` is null on the last page. */
export const pageOf = (item: z.ZodType) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** `?cursor=&limit=`: at most 100 rows at once. */
export const Page = z.strictObject({
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type Page = z.infer<typeof Page>;
