// The OpenAPI document of a running city as data: its doors, what they take, and how a real answer is held
// against the schema that was promised for it.
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Schema = Record<string, unknown>;
export interface Parameter { readonly name: string; readonly in: 'path' | 'query'; readonly required?: boolean; readonly schema?: Schema }
interface Content { readonly content?: Record<string, { readonly schema?: Schema }> }
export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Record<string, Content & { $ref?: string }>;
}
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: Record<string, Content> };
}

export interface Door extends Operation { readonly method: string; readonly path: string; readonly name: string }

export const doorsOf = ({ paths }: ApiDocument): Door[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      ...operation, path, method: method.toUpperCase(), name: `${method.toUpperCase()} ${path}`,
    })));

export const bodySchemaOf = (door: Door): Schema | undefined => door.requestBody?.content?.['application/json']?.schema;

/** What stands at `#/components/schemas/Ride`; nothing when nothing does. */
export const standsAt = (document: ApiDocument, ref: string): unknown =>
  ref.replace(/^#\//, '').split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);

export function resolved(document: ApiDocument, schema: Schema | undefined): Schema {
  const ref = schema?.['$ref'];
  return typeof ref === 'string' ? resolved(document, standsAt(document, ref) as Schema) : (schema ?? {});
}

export function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner)));
}

/** Says what is wrong with an answer, or nothing. */
export class AnswerCheck {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly doors: readonly (Door & { readonly pattern: RegExp })[];

  constructor(private readonly document: ApiDocument) {
    addFormats.default(this.ajv);
    this.ajv.addSchema({ $id: 'city', components: document.components });
    this.doors = doorsOf(document)
      // A fixed word wins over a parameter, as in the router.
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length)
      .map((door) => ({ ...door, pattern: new RegExp(`^${door.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
  }

  doorFor(method: string, path: string): Door | undefined {
    return this.doors.find((door) => door.method === method && door.pattern.test(path));
  }

  flaws(door: Door, status: number, body: unknown): readonly string[] {
    const declared = door.responses[String(status)] ?? (status >= 400 ? door.responses['default'] : undefined);
    if (!declared) return [`${door.name} does not say that it may answer ${status}`];
    const answer = declared.$ref === undefined ? declared : (standsAt(this.document, declared.$ref) as Content);
    const schema = answer.content?.['application/json']?.schema;
    if (!schema) return body === undefined || body === '' ? [] : [`${door.name} promised an empty answer`];
    const fits = this.ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"city#/components/')) as Schema);
    return fits(body) ? [] : (fits.errors ?? []).map((error: ErrorObject) => `${door.name} ${status}: ${error.instancePath} ${error.message ?? ''}`);
  }
}
