// Every row of every table as one short text per table, to see that nothing changed, or what did.
import type { DataSource } from 'typeorm';

export async function rowsDigest(db: DataSource, but: readonly string[] = []): Promise<Record<string, string>> {
  const tables = await db.query<{ name: string }[]>(
    "select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1");
  const wanted = tables.map(({ name }) => name).filter((name) => !but.includes(name));
  const sql = wanted.map((name) => `select '${name}' as name, count(*) || ':' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${name}" t`);
  const rows = await db.query<{ name: string; digest: string }[]>(sql.join(' union all '));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}
