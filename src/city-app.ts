// The service as an application that does not listen yet: modules, guards, the one error shape, the
// OpenAPI document and its reading page. Tests, benches and main.ts all build it here.
import 'reflect-metadata';
import { StandardSchemaValidationPipe, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import type { Clock } from './platform/clock.js';
import type { CityConfig } from './platform/config.js';
import { apiDocument } from './platform/http/api-document.provider.js';
import { clientErrorHandler, frameworkErrors } from './platform/http/before-nest.provider.js';
import { newId } from './platform/ids.js';
import { cityLogger } from './platform/log.provider.js';
import { Refusal } from './platform/refusal.js';

/** No request is larger … */
const BODY_BYTES = 64 * 1024;
/** … but the publication of zones: those of Paris are 114 kB. */
const ZONES_BYTES = 1024 * 1024;
/** … and the upload of firmware: four mebibytes, a third more in base64. */
const RELEASE_BYTES = 6 * 1024 * 1024;
/** How much of what is wrong with a request is told back. */
const ISSUES_TOLD = 20;

/** `log` is where every room's words go; by default standard output, as JSON. */
export async function createCity(
  config: CityConfig,
  clock?: Clock,
  log: LoggerService = cityLogger(config.logLevel),
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    // Server-sent events and keep-alive connections would hold close() for ever.
    forceCloseConnections: true,
    genReqId: () => newId(),
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors,
    clientErrorHandler,
  });
  adapter.getInstance().addHook('onRoute', (route) => {
    if (route.method === 'POST' && route.url === '/operator/zones') route.bodyLimit = ZONES_BYTES;
    if (route.method === 'POST' && route.url === '/operator/releases') route.bodyLimit = RELEASE_BYTES;
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forCity(config, clock), adapter, {
    logger: log,
    rawBody: true,
    bodyParser: false,
    abortOnError: false,
  });
  // JSON and nothing else: forms and plain text are turned away as what they are.
  app.useBodyParser('application/json', { bodyLimit: BODY_BYTES });
  adapter.getInstance().removeContentTypeParser('text/plain');
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: (issues) => new Refusal('malformed', { issues: told(issues) }) }));
  SwaggerModule.setup('docs', app, () => apiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Roue Libre: the doors',
    swaggerOptions: { tagsSorter: 'alpha' },
  });
  return app;
}

interface Issue { readonly message: string; readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }

const told = (issues: readonly Issue[]) =>
  issues.slice(0, ISSUES_TOLD).map(({ path, message }) => ({
    path: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message,
  }));
