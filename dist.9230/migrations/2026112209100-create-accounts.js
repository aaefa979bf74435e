// People: riders and staff, and the codes that prove a phone. Locks nothing: every table is new.
export class CreateAccounts2026112209100 {
    async up(runner) {
        await runner.query(UP);
    }
    async down(runner) {
        await runner.query(DOWN);
    }
}
const UP = `
create table riders (
  id                uuid primary key,
  state             text not null check (state in ('applied', 'verified', 'suspended', 'erased')),
  first_name        text not null check (length(first_name) between 1 and 80),
  last_name         text not null check (length(last_name) between 1 and 80),
  email             text not null,
  phone             text not null,
  birth_date        date not null,
  language          text not null check (language in ('fr', 'en')),
  licence_state     text not null check (licence_state in ('not_needed', 'missing', 'in_review', 'accepted', 'refused')),
  licence_class     text check (licence_class in ('AM', 'A', 'B')),
  licence_number    text,
  licence_issued_on date,
  licence_refusal   text,
  created_at        timestamptz not null,
  verified_at       timestamptz
);
create unique index riders_one_per_email on riders (lower(email)) where state <> 'erased';
create unique index riders_one_per_phone on riders (phone) where state <> 'erased';

create table phone_codes (
  id         uuid primary key,
  phone      text not null,
  code_hash  text not null,
  tries_left integer not null check (tries_left >= 0),
  sent_at    timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index phone_codes_of_phone on phone_codes (phone, sent_at);

create table staff_members (
  id            uuid primary key,
  email         text not null,
  name          text not null,
  password_hash text not null,
  role          text not null check (role in ('crew', 'operator', 'support', 'admin')),
  crew_id       uuid,
  created_at    timestamptz not null,
  disabled_at   timestamptz,
  check ((role = 'crew') = (crew_id is not null))
);
create unique index staff_members_one_per_email on staff_members (lower(email));
`;
const DOWN = `
drop table staff_members, phone_codes, riders;
`;

//# sourceMappingURL=2026112209100-create-accounts.js.map
