// The whole database on one page, read from the catalogue: the same text on PostgreSQL 15 and later,
// without pg_dump, which the npm binaries do not bring.
import type { DataSource } from 'typeorm';

interface Row { readonly line: string; readonly owner: string }

const TABLES = `
  select c.relname as owner, string_agg(format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
           case when a.attnotnull then ' not null' else '' end,
           case when a.attidentity <> '' then ' generated always as identity'
                when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end), E',\n' order by a.attnum) as line
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'migrations'
   group by c.relname order by c.relname`;

const CONSTRAINTS = `
  select c.relname as owner, format('  constraint %s %s', k.conname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid
   where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c') and c.relname <> 'migrations'
   order by c.relname, k.contype, k.conname`;

const INDEXES = `
  select tablename as owner, indexdef || ';' as line from pg_indexes i
   where schemaname = 'public' and tablename <> 'migrations'
     and not exists (select 1 from pg_constraint k where k.conname = i.indexname and k.contype in ('p', 'u'))
   order by tablename, indexname`;

const TRIGGERS = `
  select c.relname as owner, pg_get_triggerdef(t.oid) || ';' as line
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where not t.tgisinternal and c.relnamespace = 'public'::regnamespace order by c.relname, t.tgname`;

const FUNCTIONS = `
  select p.proname as owner, pg_get_functiondef(p.oid) || ';' as line from pg_proc p
   where p.pronamespace = 'public'::regnamespace
     and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by p.proname`;

export async function schemaDump(db: DataSource): Promise<string> {
  const read = (sql: string): Promise<Row[]> => db.query<Row[]>(sql);
  const [tables, constraints, indexes, triggers, functions] = await Promise.all([TABLES, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS].map(read));
  const of = (rows: Row[] | undefined, owner: string): string[] => (rows ?? []).filter((row) => row.owner === owner).map(({ line }) => line);
  const pages = (tables ?? []).map(({ owner, line }) => {
    const body = [line, ...of(constraints, owner)].join(',\n');
    return [`create table ${owner} (\n${body}\n);`, ...of(indexes, owner), ...of(triggers, owner)].join('\n');
  });
  const code = (functions ?? []).map(({ line }) => line.trim());
  return `${['-- The whole database. Written by a test (test/house/migrations.spec.ts), never by hand.', ...code, ...pages].join('\n\n')}\n`;
}
