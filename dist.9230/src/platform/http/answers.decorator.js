// What a door answers, as a zod schema: it goes into the OpenAPI document as it stands.
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
/** `@Answers(202, Ride, 'The ride, with what happens next')`: sets the status and documents the body. */ export const Answers = (status, schema, description)=>applyDecorators(HttpCode(status), ApiResponse({
        status,
        description,
        schema: openApiSchema(schema)
    }));
/** A zod schema as OpenAPI 3.1 understands it (JSON Schema 2020-12, instants as strings). */ export function openApiSchema(schema) {
    const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, {
        unrepresentable: 'any',
        io: 'output',
        reused: 'inline'
    });
    return plain;
}
/** A page of a list: `nextCursor` is null on the last page. */ export const pageOf = (item)=>z.object({
        items: z.array(item),
        nextCursor: z.string().nullable()
    });
/** `?cursor=&limit=`: at most 100 rows at once. */ export const Page = z.strictObject({
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50)
});

//# sourceMappingURL=answers.decorator.js.map
