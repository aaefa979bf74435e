// What programs send by mistake or on purpose: JSON of the wrong kind in every place of a body that was good.
export interface Spoilt { readonly what: string; readonly text: string }

type Path = readonly (string | number)[];

/** Each is put in the place of every value, as it stands, so that numbers stay what they were typed as. */
const WRONG = [
  'null', '""', '[]', '{}', 'true', '0', '-1', '1.5', '"1"', '1e400', '2147483648', '9007199254740993', `"${'x'.repeat(5000)}"`, '{"$ne":null}', '["a","b"]', '"2026-13-45"',
];
/** No person types these; they are put into every text. */
const UNTYPED = ['\\u0000', '\\ud800', '\\udc00\\ud800', '\\u001b[31m', '\\u202e', '\\u0085', '\\u2028', '\\ufffd', '\\r\\nset-cookie: a=b'];
/** Nobody may fall for these, wherever they are taken as the text they are. */
const HARMLESS = [
  "' or 1=1; drop table riders --", '<script>alert(1)</script>', '../../../../etc/passwd', '${7*7}{{7*7}}', '%00%0a', '=cmd|"/c calc"!A1',
  'ﷺ𝔘𝔫𝔦', '🏳️‍🌈', '__proto__', '\u200b', 'İSTANBUL ß',
];
const SLOT = '"<slot>"';

/** Every value replaced by everything wrong, every field missing once, and one key too many in every object. */
export function spoiltBodies(good: unknown): Spoilt[] {
  const paths = pathsOf(good);
  return paths.flatMap((path, field) => {
    const value = at(good, path);
    const name = path.join('.') || 'the body';
    const put = (text: string): Spoilt => ({ what: `${name} = ${text.slice(0, 40)}`, text: JSON.stringify(replaced(good, path, '<slot>')).replace(SLOT, () => text) });
    return [
      // Where there are many fields, two neighbours share what is tried.
      ...WRONG.filter((_text, i) => paths.length < 8 || (i + field) % 2 === 0).map(put),
      put(`[${JSON.stringify(value)}]`),
      ...(path.length === 0 || typeof path.at(-1) === 'number' ? [] : [{ what: `${name} missing`, text: JSON.stringify(replaced(good, path, undefined)) }]),
      ...(isObject(value) ? ['__proto__', 'constructor', 'id', 'role', 'state', 'riderId'].map((key) =>
        put(JSON.stringify(value).replace('{', () => `{"${key}":{"prototype":{"admin":true}}${JSON.stringify(value) === '{}' ? '' : ','}`))) : []),
    ];
  });
}

/** Alone, and in the middle, where no trimming takes them away. */
export const untypedBodies = (good: unknown): Spoilt[] =>
  textsOf(good).flatMap(({ path, value }) => UNTYPED.map((odd, i) => (i % 2 === 0 ? `"${odd}"` : `"${value.slice(0, 2)}${odd}${value.slice(2)}"`)).map((text) => ({
    what: `${path.join('.')} = ${text}`, text: JSON.stringify(replaced(good, path, '<slot>')).replace(SLOT, () => text),
  })));

export const harmlessBodies = (good: unknown): Spoilt[] =>
  textsOf(good).flatMap(({ path }) => HARMLESS.map((text) => ({ what: `${path.join('.')} = ${text}`, text: JSON.stringify(replaced(good, path, text)) })));

/** No JSON, or far too much of it. */
export function brokenBytes(good: unknown): { what: string; bytes: Buffer; status: 400 | 413 }[] {
  const text = JSON.stringify(good);
  const bad = (what: string, bytes: Buffer | string, status: 400 | 413 = 400) => ({ what, bytes: Buffer.from(bytes as string), status });
  return [
    bad('nothing', ''), bad('half of it', text.slice(0, -2)), bad('a comma too many', text.replace(/}$/, ',}')), bad('single quotes', text.replaceAll('"', "'")),
    bad('two of them', `${text}${text}`), bad('a NUL before', `\0${text}`), bad('a NUL within', text.replace(':', ':\0')), bad('NaN', '{"a":NaN}'), bad('a comment', `/* */${text}`),
    bad('a form', 'a=1&b=2'), bad('XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    bad('brackets without end', '['.repeat(60_000)), bad('objects without end', '{"a":'.repeat(12_000)), bad('depth', `${'['.repeat(30_000)}${']'.repeat(30_000)}`),
    bad('UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')), bad('gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])),
    bad('70 kB', `{"a":"${'x'.repeat(70_000)}"}`, 413),
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return [path, ...value.slice(0, 1).flatMap((inner, i) => pathsOf(inner, [...path, i]))];
  if (isObject(value)) return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
  return [path];
}

const textsOf = (good: unknown): { path: Path; value: string }[] =>
  pathsOf(good).map((path) => ({ path, value: at(good, path) })).filter((found): found is { path: Path; value: string } => typeof found.value === 'string');

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  const inner = replaced((value as Record<string | number, unknown>)[first], rest, by);
  if (Array.isArray(value)) return value.map((old: unknown, i) => (i === first ? inner : old));
  return { ...(value as object), [first]: inner };
}
