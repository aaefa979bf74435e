// Every route the router really knows, read from its own printed tree, so that none can hide from a test.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const STEP = 4;

/** `GET /rider/rides/{}`: parameters without their names, HEAD left out because it follows GET. */
export function routesOf(app: NestFastifyApplication): string[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const trail: string[] = [];
  const routes = tree.split('\n').flatMap((text) => {
    const [, indent = '', part = '', methods = ''] = /^(.*?[├└]── )(.*?)(?: \(([A-Z, ]+)\))?$/.exec(text) ?? [];
    if (indent === '') return [];
    trail.length = indent.length / STEP - 1;
    trail.push(part);
    return methods.split(', ').filter((method) => method !== '' && method !== 'HEAD').map((method) => `${method} ${nameless(trail.join(''))}`);
  });
  return [...new Set(routes)].sort();
}

export const nameless = (path: string): string => path.replaceAll(/\{\w+\}|:[\w|:]+/g, '{}').replaceAll('//', '/');
