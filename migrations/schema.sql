-- The whole database. Written by a test (test/house/migrations.spec.ts), never by hand.

CREATE OR REPLACE FUNCTION public.call_out_scooter()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('scooters', new.id || ' ' || pg_current_xact_id()::xid);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.forbid_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'rows of % are only ever added', tg_table_name using errcode = 'insufficient_privilege';
end $function$
;

CREATE OR REPLACE FUNCTION public.refund_must_be_covered()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  received bigint;
  returned bigint;
begin
  select capture_cents into received from payments where id = new.payment_id and state = 'captured' for update;
  select coalesce(sum(amount_cents), 0) into returned from refunds where payment_id = new.payment_id;
  if received is null or returned > received then
    raise exception 'payment % gives back % of %', new.payment_id, returned, received using errcode = 'check_violation';
  end if;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.transfer_must_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  transfer uuid := coalesce(to_jsonb(new) ->> 'transfer_id', to_jsonb(new) ->> 'id')::uuid;
  debits bigint;
  credits bigint;
begin
  select coalesce(sum(amount_cents) filter (where side = 'debit'), 0), coalesce(sum(amount_cents) filter (where side = 'credit'), 0)
    into debits, credits from ledger_entries where transfer_id = transfer;
  if debits = 0 or debits <> credits then
    raise exception 'transfer % does not balance: debits %, credits %', transfer, debits, credits using errcode = 'check_violation';
  end if;
  return null;
end $function$
;

create table alerts (
  id uuid not null,
  kind text not null,
  scooter_id uuid,
  severity text not null,
  state text not null,
  owner uuid,
  opened_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  times integer not null,
  snoozed_until timestamp with time zone,
  closed_at timestamp with time zone,
  closed_by text,
  reason text,
  details jsonb not null,
  constraint alerts_check CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
  constraint alerts_check1 CHECK (((closed_at IS NULL) = (closed_by IS NULL))),
  constraint alerts_check2 CHECK (((state = 'snoozed'::text) = (snoozed_until IS NOT NULL))),
  constraint alerts_closed_by_check CHECK ((closed_by = ANY (ARRAY['auto'::text, 'person'::text]))),
  constraint alerts_details_check CHECK (((details)::text !~* 'latitude|longitude|"fix"'::text)),
  constraint alerts_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text]))),
  constraint alerts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'snoozed'::text, 'closed'::text]))),
  constraint alerts_times_check CHECK ((times > 0)),
  constraint alerts_owner_fkey FOREIGN KEY (owner) REFERENCES staff_members(id),
  constraint alerts_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint alerts_pkey PRIMARY KEY (id)
);
CREATE INDEX alerts_of_scooter ON public.alerts USING btree (scooter_id, kind, opened_at);
CREATE UNIQUE INDEX alerts_one_open ON public.alerts USING btree (scooter_id, kind) NULLS NOT DISTINCT WHERE (state <> 'closed'::text);
CREATE INDEX alerts_open ON public.alerts USING btree (kind, opened_at) WHERE (state <> 'closed'::text);

create table audit_entries (
  id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  reason text not null,
  details jsonb not null,
  constraint audit_entries_reason_check CHECK ((length(reason) > 0)),
  constraint audit_entries_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_entries_of_subject ON public.audit_entries USING btree (subject_kind, subject_id);
CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

create table cards (
  rider_id uuid not null,
  payment_method_id text not null,
  setup_intent_id text not null,
  brand text not null,
  last4 text not null,
  saved_at timestamp with time zone not null,
  constraint cards_rider_id_fkey FOREIGN KEY (rider_id) REFERENCES riders(id),
  constraint cards_pkey PRIMARY KEY (rider_id)
);

create table commands (
  id uuid not null,
  scooter_id uuid not null,
  kind text not null,
  state text not null,
  nonce bigint not null,
  not_after timestamp with time zone not null,
  requested_by text not null,
  reason text,
  refusal text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  settled_at timestamp with time zone,
  constraint commands_kind_check CHECK ((kind = ANY (ARRAY['unlock'::text, 'lock'::text, 'pause'::text, 'resume'::text, 'look'::text, 'open_case'::text, 'open_bay'::text, 'locate'::text]))),
  constraint commands_nonce_check CHECK ((nonce > 0)),
  constraint commands_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'done'::text, 'refused'::text, 'expired'::text, 'done_late'::text, 'refused_late'::text]))),
  constraint commands_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint commands_pkey PRIMARY KEY (id),
  constraint commands_scooter_id_nonce_key UNIQUE (scooter_id, nonce)
);
CREATE INDEX commands_of_scooter ON public.commands USING btree (scooter_id, created_at);
CREATE INDEX commands_waiting ON public.commands USING btree (state, not_after) WHERE (state = ANY (ARRAY['queued'::text, 'sent'::text]));

create table corrections (
  id uuid not null,
  rider_id uuid not null,
  ride_id uuid not null,
  currency character(3) not null,
  amount_cents integer not null,
  forgiven_cents integer not null default 0,
  allotted_at timestamp with time zone,
  at timestamp with time zone not null,
  constraint corrections_amount_cents_check CHECK ((amount_cents > 0)),
  constraint corrections_check CHECK (((forgiven_cents >= 0) AND (forgiven_cents <= amount_cents))),
  constraint corrections_ride_id_fkey FOREIGN KEY (ride_id) REFERENCES rides(id),
  constraint corrections_rider_id_fkey FOREIGN KEY (rider_id) REFERENCES riders(id),
  constraint corrections_pkey PRIMARY KEY (id)
);
CREATE INDEX corrections_of_ride ON public.corrections USING btree (ride_id);
CREATE INDEX corrections_to_allot ON public.corrections USING btree (at) WHERE (allotted_at IS NULL);

create table crews (
  id uuid not null,
  name text not null,
  hub_latitude double precision not null,
  hub_longitude double precision not null,
  on_shift boolean not null default false,
  shift_changed_at timestamp with time zone,
  full_packs integer not null default 0,
  empty_packs integer not null default 0,
  constraint crews_empty_packs_check CHECK ((empty_packs >= 0)),
  constraint crews_full_packs_check CHECK ((full_packs >= 0)),
  constraint crews_pkey PRIMARY KEY (id),
  constraint crews_name_key UNIQUE (name)
);

create table debts (
  id uuid not null,
  rider_id uuid not null,
  ride_id uuid not null,
  currency character(3) not null,
  amount_cents integer not null,
  state text not null,
  opened_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  constraint debts_amount_cents_check CHECK ((amount_cents > 0)),
  constraint debts_check CHECK (((state = 'paid'::text) = (paid_at IS NOT NULL))),
  constraint debts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'paid'::text]))),
  constraint debts_rider_id_fkey FOREIGN KEY (rider_id) REFERENCES riders(id),
  constraint debts_pkey PRIMARY KEY (id),
  constraint debts_ride_id_key UNIQUE (ride_id)
);
CREATE INDEX debts_open_of_rider ON public.debts USING btree (rider_id) WHERE (state = 'open'::text);

create table idempotency_keys (
  actor text not null,
  key text not null,
  request_hash text not null,
  status integer,
  body jsonb,
  claimed_at timestamp with time zone not null,
  constraint idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  constraint idempotency_keys_pkey PRIMARY KEY (actor, key)
);

create table ledger_entries (
  id bigint not null generated always as identity,
  transfer_id uuid not null,
  account text not null,
  side text not null,
  amount_cents integer not null,
  constraint ledger_entries_account_check CHECK ((account = ANY (ARRAY['riders_receivable'::text, 'ride_revenue'::text, 'vat_collected'::text, 'stripe_balance'::text]))),
  constraint ledger_entries_amount_cents_check CHECK ((amount_cents > 0)),
  constraint ledger_entries_side_check CHECK ((side = ANY (ARRAY['debit'::text, 'credit'::text]))),
  constraint ledger_entries_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES ledger_transfers(id),
  constraint ledger_entries_pkey PRIMARY KEY (id)
);
CREATE INDEX ledger_entries_of_transfer ON public.ledger_entries USING btree (transfer_id);
CREATE TRIGGER ledger_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT ON public.ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION transfer_must_balance();

create table ledger_transfers (
  id uuid not null,
  kind text not null,
  subject_id uuid not null,
  rider_id uuid not null,
  ride_id uuid not null,
  currency character(3) not null,
  at timestamp with time zone not null,
  constraint ledger_transfers_kind_check CHECK ((kind = ANY (ARRAY['fare'::text, 'capture'::text, 'correction'::text, 'refund'::text]))),
  constraint ledger_transfers_pkey PRIMARY KEY (id),
  constraint ledger_transfers_kind_subject_id_key UNIQUE (kind, subject_id)
);
CREATE INDEX ledger_transfers_of_rider ON public.ledger_transfers USING btree (rider_id);
CREATE TRIGGER ledger_transfers_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_transfers FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE CONSTRAINT TRIGGER ledger_transfers_balance AFTER INSERT ON public.ledger_transfers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION transfer_must_balance();

create table outbox_deliveries (
  event_seq bigint not null,
  listener text not null,
  subject text not null,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null,
  last_error text,
  constraint outbox_deliveries_event_seq_fkey FOREIGN KEY (event_seq) REFERENCES outbox_events(seq),
  constraint outbox_deliveries_pkey PRIMARY KEY (event_seq, listener)
);
CREATE INDEX outbox_deliveries_in_order ON public.outbox_deliveries USING btree (listener, subject, event_seq);

create table outbox_events (
  seq bigint not null generated always as identity,
  name text not null,
  subject text not null,
  payload jsonb not null,
  happened_at timestamp with time zone not null,
  constraint outbox_events_pkey PRIMARY KEY (seq)
);
CREATE INDEX outbox_events_by_age ON public.outbox_events USING btree (happened_at);

create table payments (
  id uuid not null,
  rider_id uuid not null,
  ride_id uuid not null,
  attempt integer not null,
  purpose text not null,
  state text not null,
  currency character(3) not null,
  amount_cents integer not null,
  capture_cents integer,
  customer_id text not null,
  payment_method_id text not null,
  idempotency_key text not null,
  payment_intent_id text,
  refusal text,
  unknown_since timestamp with time zone,
  tries integer not null default 0,
  next_try_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  created_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint payments_amount_cents_check CHECK ((amount_cents > 0)),
  constraint payments_attempt_check CHECK ((attempt > 0)),
  constraint payments_check CHECK (((capture_cents >= 1) AND (capture_cents <= amount_cents))),
  constraint payments_check1 CHECK (((state <> ALL (ARRAY['capturing'::text, 'captured'::text])) OR (capture_cents IS NOT NULL))),
  constraint payments_purpose_check CHECK ((purpose = ANY (ARRAY['hold'::text, 'rest'::text, 'debt'::text]))),
  constraint payments_state_check CHECK ((state = ANY (ARRAY['created'::text, 'authorised'::text, 'capturing'::text, 'captured'::text, 'releasing'::text, 'released'::text, 'refused'::text]))),
  constraint payments_rider_id_fkey FOREIGN KEY (rider_id) REFERENCES riders(id),
  constraint payments_pkey PRIMARY KEY (id),
  constraint payments_idempotency_key_key UNIQUE (idempotency_key),
  constraint payments_payment_intent_id_key UNIQUE (payment_intent_id),
  constraint payments_ride_id_attempt_key UNIQUE (ride_id, attempt)
);
CREATE INDEX payments_of_rider ON public.payments USING btree (rider_id);
CREATE INDEX payments_to_do ON public.payments USING btree (next_try_at) WHERE (state = ANY (ARRAY['created'::text, 'capturing'::text, 'releasing'::text]));

create table phone_codes (
  id uuid not null,
  phone text not null,
  code_hash text not null,
  tries_left integer not null,
  sent_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint phone_codes_tries_left_check CHECK ((tries_left >= 0)),
  constraint phone_codes_pkey PRIMARY KEY (id)
);
CREATE INDEX phone_codes_of_phone ON public.phone_codes USING btree (phone, sent_at);

create table refunds (
  id uuid not null,
  correction_id uuid not null,
  payment_id uuid not null,
  payment_intent_id text not null,
  amount_cents integer not null,
  tries integer not null default 0,
  next_try_at timestamp with time zone not null,
  leased_until timestamp with time zone,
  created_at timestamp with time zone not null,
  returned_at timestamp with time zone,
  constraint refunds_amount_cents_check CHECK ((amount_cents > 0)),
  constraint refunds_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES corrections(id),
  constraint refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint refunds_pkey PRIMARY KEY (id),
  constraint refunds_correction_id_payment_id_key UNIQUE (correction_id, payment_id)
);
CREATE INDEX refunds_of_payment ON public.refunds USING btree (payment_id);
CREATE INDEX refunds_to_do ON public.refunds USING btree (next_try_at) WHERE (returned_at IS NULL);
CREATE TRIGGER refunds_are_covered AFTER INSERT OR UPDATE OF amount_cents ON public.refunds FOR EACH ROW EXECUTE FUNCTION refund_must_be_covered();

create table release_images (
  release text not null,
  sha256 text not null,
  bytes bytea not null,
  constraint release_images_check CHECK ((encode(sha256(bytes), 'hex'::text) = sha256)),
  constraint release_images_release_sha256_fkey FOREIGN KEY (release, sha256) REFERENCES releases(name, sha256),
  constraint release_images_pkey PRIMARY KEY (release)
);
CREATE TRIGGER release_images_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.release_images FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

create table releases (
  name text not null,
  state text not null,
  stage text,
  sha256 text not null,
  size_bytes integer not null,
  notes text not null,
  uploaded_by text not null,
  uploaded_at timestamp with time zone not null,
  state_since timestamp with time zone not null,
  count_from timestamp with time zone,
  why_halted text,
  constraint releases_check CHECK (((state = ANY (ARRAY['draft'::text, 'cancelled'::text])) OR ((stage IS NOT NULL) AND (count_from IS NOT NULL)))),
  constraint releases_check1 CHECK (((state = 'halted'::text) = (why_halted IS NOT NULL))),
  constraint releases_name_check CHECK ((name ~ '^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}(-rc\.[0-9]{1,9})?$'::text)),
  constraint releases_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint releases_size_bytes_check CHECK ((size_bytes > 0)),
  constraint releases_stage_check CHECK ((stage = ANY (ARRAY['one_percent'::text, 'ten_percent'::text, 'everybody'::text]))),
  constraint releases_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'one_percent'::text, 'ten_percent'::text, 'everybody'::text, 'halted'::text, 'finished'::text, 'cancelled'::text]))),
  constraint releases_pkey PRIMARY KEY (name),
  constraint releases_name_sha256_key UNIQUE (name, sha256)
);
CREATE UNIQUE INDEX releases_one_rollout ON public.releases USING btree ((true)) WHERE (state = ANY (ARRAY['one_percent'::text, 'ten_percent'::text, 'everybody'::text, 'halted'::text]));

create table reservations (
  id uuid not null,
  rider_id uuid not null,
  scooter_id uuid not null,
  state text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint reservations_check CHECK (((state = 'held'::text) = (ended_at IS NULL))),
  constraint reservations_state_check CHECK ((state = ANY (ARRAY['held'::text, 'used'::text, 'cancelled'::text, 'expired'::text]))),
  constraint reservations_rider_id_fkey FOREIGN KEY (rider_id) REFERENCES riders(id),
  constraint reservations_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint reservations_pkey PRIMARY KEY (id)
);
CREATE INDEX reservations_of_rider ON public.reservations USING btree (rider_id, scooter_id, created_at);
CREATE UNIQUE INDEX reservations_one_per_rider ON public.reservations USING btree (rider_id) WHERE (state = 'held'::text);
CREATE UNIQUE INDEX reservations_one_per_scooter ON public.reservations USING btree (scooter_id) WHERE (state = 'held'::text);

create table ride_commands (
  command_id uuid not null,
  ride_id uuid not null,
  constraint ride_commands_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(id),
  constraint ride_commands_ride_id_fkey FOREIGN KEY (ride_id) REFERENCES rides(id),
  constraint ride_commands_pkey PRIMARY KEY (command_id)
);
CREATE INDEX ride_commands_of_ride ON public.ride_commands USING btree (ride_id);

create table ride_steps (
  id bigint not null generated always as identity,
  ride_id uuid not null,
  step text not null,
  at timestamp with time zone not null,
  constraint ride_steps_step_check CHECK ((step = ANY (ARRAY['started'::text, 'paused'::text, 'resumed'::text, 'ended'::text]))),
  constraint ride_steps_ride_id_fkey FOREIGN KEY (ride_id) REFERENCES rides(id),
  constraint ride_steps_pkey PRIMARY KEY (id)
);
CREATE INDEX ride_steps_of_ride ON public.ride_steps USING btree (ride_id, at);

create table riders (
  id uuid not null,
  state text not null,
  first_name text not null,
  last_name text not null,
  email text not null,
  phone text not null,
  birth_date date not null,
  language text not null,
  licence_state text not null,
  licence_class text,
  licence_number text,
  licence_issued_on date,
  licence_refusal text,
  suspended_because text,
  created_at timestamp with time zone not null,
  verified_at timestamp with time zone,
  constraint riders_check CHECK (((state = 'erased'::text) OR (phone ~ '^[+][1-9][0-9]{3,14}$'::text))),
  constraint riders_check1 CHECK (((state = 'suspended'::text) = (suspended_because IS NOT NULL))),
  constraint riders_check2 CHECK (((state <> ALL (ARRAY['verified'::text, 'suspended'::text])) OR (verified_at IS NOT NULL))),
  constraint riders_check3 CHECK (((licence_state = 'refused'::text) = (licence_refusal IS NOT NULL))),
  constraint riders_check4 CHECK (((licence_state = ANY (ARRAY['in_review'::text, 'accepted'::text, 'refused'::text])) = (num_nonnulls(licence_class, licence_number, licence_issued_on) = 3))),
  constraint riders_check5 CHECK (((licence_state <> 'not_needed'::text) OR (birth_date < '1988-01-01'::date))),
  constraint riders_email_check CHECK ((email = lower(email))),
  constraint riders_first_name_check CHECK (((length(first_name) >= 1) AND (length(first_name) <= 80))),
  constraint riders_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'en'::text]))),
  constraint riders_last_name_check CHECK (((length(last_name) >= 1) AND (length(last_name) <= 80))),
  constraint riders_licence_class_check CHECK ((licence_class = ANY (ARRAY['AM'::text, 'A'::text, 'B'::text]))),
  constraint riders_licence_state_check CHECK ((licence_state = ANY (ARRAY['not_needed'::text, 'missing'::text, 'in_review'::text, 'accepted'::text, 'refused'::text]))),
  constraint riders_state_check CHECK ((state = ANY (ARRAY['applied'::text, 'verified'::text, 'suspended'::text, 'erased'::text]))),
  constraint riders_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX riders_one_per_email ON public.riders USING btree (lower(email)) WHERE (state <> 'erased'::text);
CREATE UNIQUE INDEX riders_one_per_phone ON public.riders USING btree (phone) WHERE (state <> 'erased'::text);

create table rides (
  id uuid not null,
  rider_id uuid not null,
  scooter_id uuid not null,
  state text not null,
  tariff jsonb not null,
  zone_version integer not null,
  command_id uuid,
  requested_at timestamp with time zone not null,
  started_at timestamp with time zone,
  end_asked_at timestamp with time zone,
  ended_at timestamp with time zone,
  end_tries integer not null default 0,
  paused_before_end boolean not null default false,
  refusal jsonb,
  failure text,
  fare_cents integer,
  fare_lines jsonb,
  start_odometer_m integer,
  distance_m integer,
  start_latitude double precision,
  start_longitude double precision,
  end_latitude double precision,
  end_longitude double precision,
  ended_by text,
  ended_despite text,
  constraint rides_check CHECK (((state = 'ended'::text) = (fare_cents IS NOT NULL))),
  constraint rides_check1 CHECK (((state <> 'ended'::text) OR ((started_at IS NOT NULL) AND (ended_at IS NOT NULL) AND (ended_at >= started_at)))),
  constraint rides_check2 CHECK (((state = 'failed'::text) = (failure IS NOT NULL))),
  constraint rides_distance_m_check CHECK ((distance_m >= 0)),
  constraint rides_ended_by_check CHECK ((ended_by = ANY (ARRAY['button'::text, 'bluetooth'::text, 'keypad'::text, 'power_lost'::text, 'silence'::text]))),
  constraint rides_fare_cents_check CHECK ((fare_cents >= 0)),
  constraint rides_state_check CHECK ((state = ANY (ARRAY['authorising'::text, 'unlocking'::text, 'unsure'::text, 'riding'::text, 'pausing'::text, 'paused'::text, 'resuming'::text, 'checking'::text, 'locking'::text, 'ended'::text, 'failed'::text]))),
  constraint rides_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(id),
  constraint rides_rider_id_fkey FOREIGN KEY (rider_id) REFERENCES riders(id),
  constraint rides_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint rides_pkey PRIMARY KEY (id)
);
CREATE INDEX rides_of_rider ON public.rides USING btree (rider_id, id);
CREATE INDEX rides_of_scooter ON public.rides USING btree (scooter_id, started_at);
CREATE UNIQUE INDEX rides_one_per_rider ON public.rides USING btree (rider_id) WHERE (state <> ALL (ARRAY['ended'::text, 'failed'::text, 'unsure'::text]));
CREATE UNIQUE INDEX rides_one_per_scooter ON public.rides USING btree (scooter_id) WHERE (state <> ALL (ARRAY['ended'::text, 'failed'::text]));

create table scooter_credentials (
  scooter_id uuid not null,
  command_key text not null,
  password_hash text not null,
  last_nonce bigint not null default 0,
  issued_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  unit integer not null default 1,
  key_id integer not null default 1,
  key_issued_at timestamp with time zone,
  next_command_key text,
  next_key_offered_at timestamp with time zone,
  next_key_due_at timestamp with time zone,
  last_order_at timestamp with time zone,
  broker_hash text,
  constraint scooter_credentials_broker_hash_check CHECK ((broker_hash ~ '^[$]7[$][0-9]+[$][A-Za-z0-9+/=]+[$][A-Za-z0-9+/=]+$'::text)),
  constraint scooter_credentials_command_key_check CHECK ((command_key ~ '^[0-9a-f]{64}$'::text)),
  constraint scooter_credentials_key_id_check CHECK ((key_id > 0)),
  constraint scooter_credentials_next_command_key_check CHECK ((next_command_key ~ '^[0-9a-f]{64}$'::text)),
  constraint scooter_credentials_next_key_is_due CHECK (((next_command_key IS NULL) = (next_key_due_at IS NULL))),
  constraint scooter_credentials_next_key_is_new CHECK ((next_command_key <> command_key)),
  constraint scooter_credentials_next_key_is_offered CHECK (((next_command_key IS NOT NULL) OR (next_key_offered_at IS NULL))),
  constraint scooter_credentials_revoked_gets_no_key CHECK (((revoked_at IS NULL) OR (next_command_key IS NULL))),
  constraint scooter_credentials_unit_check CHECK ((unit > 0)),
  constraint scooter_credentials_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint scooter_credentials_pkey PRIMARY KEY (scooter_id)
);
CREATE INDEX scooter_credentials_due ON public.scooter_credentials USING btree (next_key_due_at) WHERE (next_key_due_at IS NOT NULL);
CREATE UNIQUE INDEX scooter_credentials_no_shared_key ON public.scooter_credentials USING btree (command_key);
CREATE UNIQUE INDEX scooter_credentials_no_shared_next_key ON public.scooter_credentials USING btree (next_command_key);
CREATE INDEX scooter_credentials_not_first ON public.scooter_credentials USING btree (scooter_id) WHERE ((revoked_at IS NOT NULL) OR (unit > 1));

create table scooter_doubts (
  scooter_id uuid not null,
  missing_numbers bigint not null default 0,
  clock text,
  clock_skew_s double precision,
  clock_judged_at timestamp with time zone,
  suspect_places integer not null default 0,
  suspect_latitude double precision,
  suspect_longitude double precision,
  suspect_accuracy_m double precision,
  suspect_at timestamp with time zone,
  constraint scooter_doubts_check CHECK (((suspect_latitude IS NULL) = (suspect_longitude IS NULL))),
  constraint scooter_doubts_missing_numbers_check CHECK ((missing_numbers >= 0)),
  constraint scooter_doubts_suspect_latitude_check CHECK (((suspect_latitude >= ('-90'::integer)::double precision) AND (suspect_latitude <= (90)::double precision))),
  constraint scooter_doubts_suspect_longitude_check CHECK (((suspect_longitude >= ('-180'::integer)::double precision) AND (suspect_longitude <= (180)::double precision))),
  constraint scooter_doubts_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint scooter_doubts_pkey PRIMARY KEY (scooter_id)
);

create table scooter_events (
  scooter_id uuid not null,
  boot integer not null,
  seq bigint not null,
  kind text not null,
  age_ms bigint not null,
  received_at timestamp with time zone not null,
  constraint scooter_events_age_ms_check CHECK ((age_ms >= 0)),
  constraint scooter_events_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint scooter_events_pkey PRIMARY KEY (scooter_id, boot, seq)
);
CREATE INDEX scooter_events_by_age ON public.scooter_events USING btree (received_at);

create table scooter_releases (
  scooter_id uuid not null,
  release text not null,
  boot integer not null,
  since timestamp with time zone not null,
  constraint scooter_releases_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint scooter_releases_pkey PRIMARY KEY (scooter_id)
);

create table scooter_updates (
  release text not null,
  scooter_id uuid not null,
  state text not null,
  reason text,
  attempts integer not null default 0,
  chosen_at timestamp with time zone not null,
  offered_at timestamp with time zone,
  last_offer_at timestamp with time zone,
  next_offer_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint scooter_updates_attempts_check CHECK ((attempts >= 0)),
  constraint scooter_updates_check CHECK (((state <> ALL (ARRAY['offered'::text, 'downloaded'::text, 'timed_out'::text])) OR (offered_at IS NOT NULL))),
  constraint scooter_updates_check1 CHECK (((state = ANY (ARRAY['chosen'::text, 'offered'::text, 'downloaded'::text])) = (settled_at IS NULL))),
  constraint scooter_updates_state_check CHECK ((state = ANY (ARRAY['chosen'::text, 'offered'::text, 'downloaded'::text, 'installed'::text, 'rolled_back'::text, 'refused'::text, 'timed_out'::text]))),
  constraint scooter_updates_release_fkey FOREIGN KEY (release) REFERENCES releases(name),
  constraint scooter_updates_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint scooter_updates_pkey PRIMARY KEY (release, scooter_id)
);
CREATE INDEX scooter_updates_due ON public.scooter_updates USING btree (next_offer_at) WHERE (state = ANY (ARRAY['chosen'::text, 'offered'::text, 'downloaded'::text]));
CREATE INDEX scooter_updates_of_scooter ON public.scooter_updates USING btree (scooter_id);

create table scooter_zones (
  scooter_id uuid not null,
  known_since timestamp with time zone not null,
  version integer,
  kept_at timestamp with time zone,
  refused text,
  refused_at timestamp with time zone,
  constraint scooter_zones_check CHECK (((version IS NULL) = (kept_at IS NULL))),
  constraint scooter_zones_check1 CHECK (((refused IS NULL) = (refused_at IS NULL))),
  constraint scooter_zones_refused_check CHECK ((refused = ANY (ARRAY['bad_signature'::text, 'unreadable'::text, 'older'::text]))),
  constraint scooter_zones_version_check CHECK ((version > 0)),
  constraint scooter_zones_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint scooter_zones_pkey PRIMARY KEY (scooter_id)
);
CREATE INDEX scooter_zones_by_version ON public.scooter_zones USING btree (version);

create table scooters (
  id uuid not null,
  plate text not null,
  vin text not null,
  state text not null,
  unsure_since timestamp with time zone,
  needs_swap boolean not null default false,
  range_unknown boolean not null default false,
  connected boolean not null default false,
  connection_changed_at timestamp with time zone,
  last_seen_at timestamp with time zone,
  range_km double precision,
  charge_percent double precision,
  battery_serial text,
  odometer_m integer not null default 0,
  sensors jsonb,
  latitude double precision,
  longitude double precision,
  accuracy_m double precision,
  position_at timestamp with time zone,
  boot integer not null default 0,
  seq bigint not null default 0,
  created_at timestamp with time zone not null,
  constraint scooters_charge_percent_check CHECK (((charge_percent >= (0)::double precision) AND (charge_percent <= (100)::double precision))),
  constraint scooters_check CHECK (((latitude IS NULL) = (longitude IS NULL))),
  constraint scooters_check1 CHECK (((state <> 'taken'::text) OR (latitude IS NULL))),
  constraint scooters_check2 CHECK (((state = 'unsure'::text) = (unsure_since IS NOT NULL))),
  constraint scooters_check3 CHECK (((state <> 'available'::text) OR ((NOT needs_swap) AND (NOT range_unknown)))),
  constraint scooters_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  constraint scooters_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
  constraint scooters_odometer_m_check CHECK ((odometer_m >= 0)),
  constraint scooters_range_km_check CHECK (((range_km >= (0)::double precision) AND (range_km <= (300)::double precision))),
  constraint scooters_state_check CHECK ((state = ANY (ARRAY['available'::text, 'reserved'::text, 'taken'::text, 'low'::text, 'maintenance'::text, 'unsure'::text, 'retired'::text]))),
  constraint scooters_pkey PRIMARY KEY (id),
  constraint scooters_plate_key UNIQUE (plate),
  constraint scooters_vin_key UNIQUE (vin)
);
CREATE INDEX scooters_by_state ON public.scooters USING btree (state);
CREATE INDEX scooters_out_of_reach ON public.scooters USING btree (connection_changed_at) WHERE (NOT connected);
CREATE INDEX scooters_seen_open ON public.scooters USING btree (id) WHERE ((sensors ->> 'lock'::text) = 'open'::text);
CREATE TRIGGER scooters_called_out AFTER UPDATE ON public.scooters FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) OR (old.connected IS DISTINCT FROM new.connected))) EXECUTE FUNCTION call_out_scooter();

create table sessions (
  token_hash text not null,
  audience text not null,
  holder_id uuid not null,
  actor jsonb not null,
  opened_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  constraint sessions_audience_check CHECK ((audience = ANY (ARRAY['rider'::text, 'crew'::text, 'operator'::text]))),
  constraint sessions_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX sessions_of_holder ON public.sessions USING btree (holder_id) WHERE (closed_at IS NULL);

create table spent_secrets (
  digest text not null,
  scooter_id uuid not null,
  given_at timestamp with time zone not null,
  constraint spent_secrets_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint spent_secrets_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint spent_secrets_pkey PRIMARY KEY (digest)
);
CREATE INDEX spent_secrets_of_scooter ON public.spent_secrets USING btree (scooter_id);

create table staff_members (
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text not null,
  role text not null,
  crew_id uuid,
  created_at timestamp with time zone not null,
  disabled_at timestamp with time zone,
  constraint staff_members_check CHECK (((role = 'crew'::text) = (crew_id IS NOT NULL))),
  constraint staff_members_role_check CHECK ((role = ANY (ARRAY['crew'::text, 'operator'::text, 'support'::text, 'admin'::text]))),
  constraint staff_members_crew_id_fkey FOREIGN KEY (crew_id) REFERENCES crews(id),
  constraint staff_members_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX staff_members_one_per_email ON public.staff_members USING btree (lower(email));

create table staff_sign_in_tries (
  id uuid not null,
  email_hash text not null,
  tried_at timestamp with time zone not null,
  constraint staff_sign_in_tries_pkey PRIMARY KEY (id)
);
CREATE INDEX staff_sign_in_tries_by_age ON public.staff_sign_in_tries USING btree (tried_at);
CREATE INDEX staff_sign_in_tries_of_email ON public.staff_sign_in_tries USING btree (email_hash, tried_at);

create table stripe_customers (
  rider_id uuid not null,
  customer_id text not null,
  created_at timestamp with time zone not null,
  constraint stripe_customers_rider_id_fkey FOREIGN KEY (rider_id) REFERENCES riders(id),
  constraint stripe_customers_pkey PRIMARY KEY (rider_id),
  constraint stripe_customers_customer_id_key UNIQUE (customer_id)
);

create table stripe_events (
  id text not null,
  type text not null,
  created_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  constraint stripe_events_pkey PRIMARY KEY (id)
);

create table tariffs (
  id uuid not null,
  name text not null,
  currency character(3) not null,
  ride_minute_cents integer not null,
  pause_minute_cents integer not null,
  unlock_cents integer not null,
  minimum_cents integer not null,
  day_cap_cents integer not null,
  hold_cents integer not null,
  grace_seconds integer not null,
  grace_meters integer not null,
  tax_percent integer not null,
  in_force_from timestamp with time zone not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  constraint tariffs_check CHECK (((minimum_cents <= day_cap_cents) AND (unlock_cents <= day_cap_cents))),
  constraint tariffs_check1 CHECK ((pause_minute_cents <= ride_minute_cents)),
  constraint tariffs_day_cap_cents_check CHECK ((day_cap_cents > 0)),
  constraint tariffs_grace_meters_check CHECK ((grace_meters >= 0)),
  constraint tariffs_grace_seconds_check CHECK ((grace_seconds >= 0)),
  constraint tariffs_hold_cents_check CHECK ((hold_cents > 0)),
  constraint tariffs_minimum_cents_check CHECK ((minimum_cents >= 0)),
  constraint tariffs_pause_minute_cents_check CHECK (((pause_minute_cents >= 0) AND (pause_minute_cents <= 10000))),
  constraint tariffs_ride_minute_cents_check CHECK (((ride_minute_cents >= 0) AND (ride_minute_cents <= 10000))),
  constraint tariffs_tax_percent_check CHECK (((tax_percent >= 0) AND (tax_percent <= 100))),
  constraint tariffs_unlock_cents_check CHECK ((unlock_cents >= 0)),
  constraint tariffs_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX tariffs_one_per_instant ON public.tariffs USING btree (in_force_from);
CREATE TRIGGER tariffs_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.tariffs FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

create table tasks (
  id uuid not null,
  kind text not null,
  scooter_id uuid not null,
  state text not null,
  crew_id uuid,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  opened_range_km double precision,
  latitude double precision,
  longitude double precision,
  arrived_at timestamp with time zone,
  resolved_at timestamp with time zone,
  verified_at timestamp with time zone,
  command_id uuid,
  bay text,
  serial_out text,
  serial_in text,
  proof jsonb,
  note text,
  constraint tasks_bay_check CHECK ((bay = ANY (ARRAY['asked'::text, 'open'::text, 'refused'::text, 'silent'::text]))),
  constraint tasks_check CHECK (((state = ANY (ARRAY['created'::text, 'verified'::text, 'cancelled'::text])) OR (crew_id IS NOT NULL))),
  constraint tasks_kind_check CHECK ((kind = ANY (ARRAY['swap'::text, 'inspect'::text]))),
  constraint tasks_state_check CHECK ((state = ANY (ARRAY['created'::text, 'assigned'::text, 'in_progress'::text, 'resolved'::text, 'proved'::text, 'verified'::text, 'cancelled'::text]))),
  constraint tasks_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(id),
  constraint tasks_crew_id_fkey FOREIGN KEY (crew_id) REFERENCES crews(id),
  constraint tasks_scooter_id_fkey FOREIGN KEY (scooter_id) REFERENCES scooters(id),
  constraint tasks_pkey PRIMARY KEY (id)
);
CREATE INDEX tasks_of_command ON public.tasks USING btree (command_id) WHERE (command_id IS NOT NULL);
CREATE INDEX tasks_of_crew ON public.tasks USING btree (crew_id, state);
CREATE UNIQUE INDEX tasks_one_open_per_kind ON public.tasks USING btree (scooter_id, kind) WHERE (state <> ALL (ARRAY['verified'::text, 'cancelled'::text]));
CREATE INDEX tasks_open ON public.tasks USING btree (state, opened_at) WHERE (state <> ALL (ARRAY['verified'::text, 'cancelled'::text]));

create table zone_versions (
  version integer not null,
  note text not null,
  published_at timestamp with time zone not null,
  published_by text not null,
  constraint zone_versions_pkey PRIMARY KEY (version)
);

create table zones (
  id uuid not null,
  version integer not null,
  kind text not null,
  name text not null,
  priority integer,
  max_speed_kmh integer,
  geometry jsonb not null,
  area_m2 double precision not null,
  source text not null,
  constraint zones_area_m2_check CHECK ((area_m2 > (0)::double precision)),
  constraint zones_check CHECK (((kind = 'slow'::text) = (max_speed_kmh IS NOT NULL))),
  constraint zones_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'no_parking'::text, 'no_ride'::text, 'slow'::text]))),
  constraint zones_max_speed_kmh_check CHECK (((max_speed_kmh >= 0) AND (max_speed_kmh <= 45))),
  constraint zones_version_fkey FOREIGN KEY (version) REFERENCES zone_versions(version),
  constraint zones_pkey PRIMARY KEY (id)
);
CREATE INDEX zones_of_version ON public.zones USING btree (version);
