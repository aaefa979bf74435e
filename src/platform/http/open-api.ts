// From a zod schema to JSON Schema 2020-12, which OpenAPI 3.1 speaks: named schemas become components.
import { z } from 'zod';

type Json = Record<string, unknown>;

/** zod writes these out as regular expressions of a line each; the format says the same. */
const SAID_BY_FORMAT = new Set(['uuid', 'date-time', 'date', 'email', 'uri']);

export function openApiSchema(schema: z.ZodType, io: 'input' | 'output'): { schema: Json; components: Record<string, Json> } {
  const { $defs, ...plain } = z.toJSONSchema(schema, { unrepresentable: 'any', io, reused: 'inline', override: lighten }) as Json;
  delete plain['$schema'];
  return { schema: plain, components: ($defs ?? {}) as Record<string, Json> };
}

function lighten({ jsonSchema }: { jsonSchema: Json }): void {
  if (SAID_BY_FORMAT.has(String(jsonSchema['format']))) delete jsonSchema['pattern'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
}
