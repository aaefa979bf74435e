// The OpenAPI 3.1 document of every door, from the same zod schemas that check what comes in.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { ErrorAnswer } from './error-answer.js';
import { openApiSchema } from './open-api.js';

export function apiDocument(app: NestFastifyApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, description(), {
    autoTagControllers: false,
    standardSchemaConverter: (schema, { schemaType }) => (schema instanceof z.ZodType ? openApiSchema(schema, schemaType) : undefined),
  });
  const no = { description: 'Any no: `code` for programs, `message` for people.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  for (const door of Object.values(document.paths).flatMap(({ get, post, put, patch, delete: remove }) => [get, post, put, patch, remove])) {
    if (!door) continue;
    door.responses['default'] = { $ref: '#/components/responses/Error' };
    // A door says whom it is for once for its class and once for itself; one of them is enough.
    if (door.security) door.security = door.security.slice(0, 1);
  }
  return {
    ...document,
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, ...openApiSchema(ErrorAnswer, 'output').components },
      responses: { Error: no },
    },
  };
}

const description = () =>
  new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Roue Libre')
    .setDescription('Free-floating electric mopeds: riders, crews and the control room. Money is in whole cents, instants in UTC.')
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth()
    .build();
