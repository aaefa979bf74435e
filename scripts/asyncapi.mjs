// Writes docs/asyncapi.json from the message schemas of the build: `npm run build && node scripts/asyncapi.mjs`.
import { writeFileSync } from 'node:fs';
import { asyncApi } from '../dist/src/telematics/asyncapi.js';

writeFileSync(new URL('../docs/asyncapi.json', import.meta.url), `${JSON.stringify(asyncApi(), null, 2)}\n`);
