// Every way we say no, one line each: code → HTTP status and the sentence a person reads. Codes are
// states of the world; the sentence says what is so and, where there is one, the way out.
export const errors = {
  // about the request itself
  malformed: [400, 'This request is not in the form we understand; the details say where.'],
  signed_out: [401, 'Please sign in first.'],
  not_for_you: [403, 'Your account may not do this.'],
  not_found: [404, 'There is nothing here by that name.'],
  too_large: [413, 'This is more than we accept in one request.'],
  unsupported_media: [415, 'Please send JSON.'],
  too_many_requests: [429, 'That was a lot at once. Please wait a moment and try again.'],
  step_not_allowed: [409, 'This cannot be done in the present state.'],
  idempotency_key_reused: [422, 'This Idempotency-Key was already used for another request.'],
  idempotency_key_busy: [409, 'The first request with this Idempotency-Key is still under way.'],
  temporarily_unavailable: [503, 'We cannot answer right now. Please try again in a few seconds.'],
  broken: [500, 'Something broke on our side. It has been noted; nothing was charged for it.'],

  // accounts
  account_exists: [409, 'There is already an account with this phone or e-mail. Sign in instead.'],
  code_wrong: [401, 'This code is not right, or no longer valid. Ask for a new one.'],
  sign_in_wrong: [401, 'E-mail or password is not right.'],
  rider_unknown: [404, 'We do not know this rider.'],
  rider_not_verified: [403, 'Please confirm your phone first.'],
  rider_suspended: [403, 'Your account is suspended. The reason is in your profile; write to us if you see it differently.'],
  rider_too_young: [403, 'You need to be 18 to ride.'],
  licence_missing: [403, 'Please add your licence first: AM, A or B. Born before 1988, none is needed.'],
  licence_in_review: [403, 'Somebody is looking at your licence. It usually takes a few minutes.'],
  licence_refused: [403, 'We could not accept your licence. The reason is in your profile, where you can send it again.'],
  licence_not_needed: [409, 'You do not need to send a licence.'],

  // money
  card_missing: [402, 'Please add a card first.'],
  card_not_confirmed: [402, 'Your bank has not confirmed this card yet.'],
  card_declined: [402, 'Your bank said no to this card. Nothing was started; please try another one.'],
  card_needs_confirmation: [402, 'Your bank wants you to confirm. Please add the card once more and confirm it there.'],
  card_not_reached: [503, 'We could not reach the bank in time. Nothing was started and nothing is charged.'],
  debt_open: [402, 'A past ride is still to be paid. You can pay it now and ride on.'],
  hold_not_accepted: [409, 'The amount we would block on your card is another one than you agreed to. Please look again.'],
  debt_unknown: [404, 'We do not know this debt.'],
  signature_wrong: [400, 'This message does not carry the right signature.'],

  // scooters and zones
  scooter_unknown: [404, 'We do not know this scooter.'],
  scooter_not_available: [409, 'Someone else has this scooter, or it is out of service. There may be another one close by.'],
  scooter_low: [409, 'This scooter needs a fresh battery before the next ride.'],
  scooter_offline: [409, 'This scooter cannot hear us just now. Please take another one.'],
  broker_down: [503, 'We cannot reach the scooters right now. Nothing was started and nothing is charged.'],
  plate_taken: [409, 'A scooter with this plate or serial number is already known.'],
  scooter_revoked: [409, 'This scooter is revoked: it is told nothing and believed nothing until it is reinstated.'],
  scooter_not_revoked: [409, 'Only a revoked scooter gets new credentials. Revoke it first.'],
  scooter_open: [409, 'This scooter stands open. Lock it first, or revoke it if it cannot be reached.'],
  key_change_under_way: [409, 'This scooter is just being given a new key; the old one stays until it has said that it keeps it.'],
  key_known: [422, 'This key or password is one that everybody knows, or one that was given before. Each scooter needs its own.'],
  zone_invalid: [422, 'This shape cannot be a zone; the details say why.'],
  zones_too_large: [422, 'These zones do not fit on board of the scooters; the details say by how much. Fewer zones or fewer corners would.'],

  // releases of firmware
  release_unknown: [404, 'We do not know this release, or it is not offered.'],
  release_known: [409, 'There is already a release of this name. What was uploaded once is never replaced: give it a new number.'],
  release_damaged: [422, 'The image does not have the checksum that came with it. Please upload it again.'],
  rollout_under_way: [409, 'Another release is on its way to the scooters, or was halted. Finish or cancel that one first.'],

  // reservations and rides
  rider_already_riding: [409, 'You have a ride under way.'],
  rider_already_reserved: [409, 'You hold another scooter. Let it go first, or ride it.'],
  reserved_too_soon: [409, 'You held this scooter a moment ago. Others may try now; it will be yours to hold again soon.'],
  reservation_unknown: [404, 'We do not know this reservation, or it has run out.'],
  service_closed: [409, 'We are open from 07:00 to 23:00, and no ride starts in the last quarter of an hour.'],
  ride_unknown: [404, 'We do not know this ride.'],
  no_live_ride: [404, 'You have no ride under way.'],
  receipt_not_ready: [409, 'This ride has no receipt yet.'],
  ignition_on: [409, 'Please switch the scooter off first.'],
  stand_up: [409, 'Please put the scooter on its stand.'],
  helmet_missing: [409, 'Please put the helmet back into its case.'],
  case_open: [409, 'Please close the helmet case.'],
  position_stale: [409, 'The scooter is still looking for its position. Wait a few seconds under open sky.'],
  outside_service_area: [409, 'You cannot end the ride here: this is outside our area. The nearest place where you can is in the details.'],
  parking_forbidden: [409, 'You cannot leave the scooter here. The nearest place where you can is in the details.'],
  scooter_refused: [409, 'The scooter did not do it; the details say why.'],
  battery_died: [409, 'The battery of this scooter has died. Your time stopped there, and nothing more is billed; please take another one.'],
  scooter_silent: [409, 'The scooter has not answered. We keep trying; your time stopped when you asked.'],

  // work on scooters
  crew_off_shift: [409, 'Start your shift first.'],
  crew_unknown: [404, 'We do not know this crew.'],
  crew_name_taken: [409, 'There is already a crew with this name.'],
  task_unknown: [404, 'We do not know this task, or another crew has it.'],
  too_far_away: [409, 'You are more than 50 m from the scooter.'],
  van_empty: [409, 'There is no full battery left in the van.'],

  // watching
  alert_unknown: [404, 'We do not know this alert.'],
  staff_unknown: [404, 'Nobody in the control room has this id.'],

  // operators
  tariff_in_past: [409, 'A tariff can only begin in the future: what riders agreed to stays.'],
  tariff_instant_taken: [409, 'Another tariff already begins at that instant.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type RefusalCode = keyof typeof errors;

/** The database has the last word where two ask at once: what its unique indexes mean to a person. */
export const lastWords: Readonly<Record<string, RefusalCode>> = {
  rides_one_per_scooter: 'scooter_not_available',
  rides_one_per_rider: 'rider_already_riding',
  reservations_one_per_scooter: 'scooter_not_available',
  reservations_one_per_rider: 'rider_already_reserved',
  riders_one_per_email: 'account_exists',
  riders_one_per_phone: 'account_exists',
  crews_name_key: 'crew_name_taken',
  scooters_plate_key: 'plate_taken',
  spent_secrets_pkey: 'key_known',
  scooter_credentials_no_shared_key: 'key_known',
  scooter_credentials_no_shared_next_key: 'key_known',
  releases_pkey: 'release_known',
  releases_one_rollout: 'rollout_under_way',
  scooters_vin_key: 'plate_taken',
};
