// Stripe's API takes forms with nested names (`metadata[ride_id]=…`); this reads them into plain data.
export interface Form {
  readonly [name: string]: string | Form | undefined;
}
type Growing = Record<string, string | object>;

/** Without a prototype, so that a field called `__proto__` is only a field. */
const empty = (): Growing => Object.create(null) as Growing;

export function readForm(text: string): Form {
  const form = empty();
  for (const [name, value] of new URLSearchParams(text)) write(form, name.replaceAll(']', '').split('['), value);
  return form as Form;
}

function write(form: Growing, path: readonly string[], value: string): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    form[name] = value;
    return;
  }
  const known = form[name];
  const inner = typeof known === 'object' ? (known as Growing) : empty();
  form[name] = inner;
  write(inner, rest, value);
}

export const textIn = (form: Form, name: string): string | null => {
  const value = form[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** A map of texts, as `metadata` is; lists come as maps with the index as name. */
export const mapIn = (form: Form, name: string): Record<string, string> => {
  const value = form[name];
  if (typeof value !== 'object') return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
};
