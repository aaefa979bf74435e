// TypeScript and ESM-only packages → CommonJS for jest; CommonJS passes through untouched.
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const swc = require('@swc/core');

const moduleKind = new Map();

/** Whether a .js file is an ES module, by the nearest package.json above it. */
function isEsm(file) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  const directory = path.dirname(file);
  const known = moduleKind.get(directory);
  if (known !== undefined) return known;
  const manifest = path.join(directory, 'package.json');
  const answer = fs.existsSync(manifest)
    ? JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module'
    : path.dirname(directory) !== directory && isEsm(directory);
  moduleKind.set(directory, answer);
  return answer;
}

const optionsFor = (file) => ({
  filename: file,
  swcrc: false,
  sourceMaps: 'inline',
  jsc: {
    parser: /\.tsx?$/.test(file) ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: !/\.tsx?$/.test(file) },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
});

module.exports = {
  canInstrument: false,
  getCacheKey: (source, file, { configString }) =>
    crypto.createHash('sha1').update(`${swc.version}\0${file}\0${configString}\0${source}`).digest('hex'),
  process: (source, file) =>
    /\.tsx?$/.test(file) || isEsm(file) ? { code: swc.transformSync(source, optionsFor(file)).code } : { code: source },
};
