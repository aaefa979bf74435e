#!/usr/bin/env bash
# The first ride, from sign-up to receipt, with nothing but curl: the smoke test of a running city.
# What each call is for, and what it answers, stands in docs/first-ride.md.
#
#   npm start            # in one terminal
#   scripts/first-ride.sh
#
# CITY, STRIPE, SMS and STREET say where everybody is; else DATA_DIR/addresses.json does ({city, stripe, sms,
# street}); else the service is on port 3000 and the others on the next three, as `npm start` prints it.
# SHOW=1 prints every call with its answer.
set -euo pipefail

DATA_DIR=${DATA_DIR:-.data}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

fail() { echo "first ride: $*" >&2; exit 1; }
# json EXPRESSION <text: `it` is the parsed text.
json() { node -e 'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>{const it=JSON.parse(t);const v=eval(process.argv[1]);process.stdout.write(typeof v==="string"?v:JSON.stringify(v)??"")})' "$1"; }
address() { [ -f "$DATA_DIR/addresses.json" ] && json "it.$1 ?? ''" <"$DATA_DIR/addresses.json" || true; }

CITY=${CITY:-$(address city)}; CITY=${CITY:-http://127.0.0.1:3000}; CITY=${CITY%/}
# Beside the service stand Stripe, SMS and the street, on the ports after its own.
beside() { node -e 'const u = new URL(process.argv[1]); u.port = String(Number(u.port || 80) + Number(process.argv[2])); process.stdout.write(u.origin)' "$CITY" "$1"; }
STRIPE=${STRIPE:-$(address stripe)}; STRIPE=${STRIPE:-$(beside 1)}; STRIPE=${STRIPE%/}
SMS=${SMS:-$(address sms)}; SMS=${SMS:-$(beside 2)}; SMS=${SMS%/}
STREET=${STREET:-$(address street)}; STREET=${STREET:-$(beside 3)}; STREET=${STREET%/}

TOKEN=''
STATUS=0
BODY=''
# call METHOD URL [json] [header…]: fills STATUS and BODY.
call() {
  local method=$1 url=$2 body=${3:-} args=()
  shift $(($# < 3 ? $# : 3))
  for header in "$@"; do args+=(-H "$header"); done
  [ -z "$TOKEN" ] || args+=(-H "authorization: Bearer $TOKEN")
  [ -z "$body" ] || args+=(-H 'content-type: application/json' --data "$body")
  STATUS=$(curl -sS -m 20 -o "$WORK/body" -w '%{http_code}' -X "$method" "$url" "${args[@]}") || fail "$method $url: nobody answers"
  BODY=$(cat "$WORK/body")
  if [ "${SHOW:-0}" = 1 ]; then
    printf '\n%s %s %s\n%s %s\n' "$method" "${url#"$CITY"}" "$body" "$STATUS" "$BODY"
  fi
}
must() {
  local want=$1
  shift
  call "$@"
  [ "$STATUS" = "$want" ] || fail "$1 $2 answered $STATUS instead of $want: $BODY"
}
it() { json "$1" <<<"$BODY"; }
say() { printf '%-9s %s\n' "$1" "$2"; }
pick_phone() { printf '+33639980%03d' $((RANDOM % 1000)); }

# ── sign up, with a number nobody has ──────────────────────────────────────────────────────────────
for _ in 1 2 3 4 5 6 7 8; do
  PHONE=$(pick_phone)
  call POST "$CITY/rider/sign-up" "{\"firstName\":\"Camille\",\"lastName\":\"Martin\",\"email\":\"camille-${PHONE#+}@example.org\",\"phone\":\"$PHONE\",\"birthDate\":\"1980-04-12\",\"language\":\"fr\"}"
  [ "$STATUS" = 409 ] || break
done
[ "$STATUS" = 201 ] || fail "sign-up answered $STATUS: $BODY"
say signed-up "$(it it.riderId)"

CODE=''
for _ in $(seq 50); do
  must 200 GET "$SMS/messages?to=%2B${PHONE#+}"
  CODE=$(it '(it.items[0]?.text.match(/\d{6}/) ?? [""])[0]')
  [ -z "$CODE" ] || break
  sleep 0.2
done
[ -n "$CODE" ] || fail 'no text message came'
must 200 POST "$CITY/rider/verify-phone" "{\"phone\":\"$PHONE\",\"code\":\"$CODE\"}"
TOKEN=$(it it.token)
say verified "with the code $CODE"

# ── a card: the app talks to Stripe itself, our service never sees the number ──────────────────────
call POST "$CITY/rider/card/setup"
[[ "$STATUS" = 20? ]] || fail "card setup answered $STATUS: $BODY"
SETUP=$(it it.setupIntentId); SECRET=$(it it.clientSecret); PUBLIC=$(it it.publishableKey)
curl -sS -f -m 20 -o "$WORK/stripe" -H "authorization: Bearer $PUBLIC" --data-urlencode "client_secret=$SECRET" \
  --data 'payment_method=pm_card_visa' "$STRIPE/v1/setup_intents/$SETUP/confirm" || fail 'Stripe did not confirm the card'
[ "${SHOW:-0}" != 1 ] || printf '\nPOST %s/v1/setup_intents/%s/confirm client_secret=%s payment_method=pm_card_visa\n200 %s\n' \
  "$STRIPE" "$SETUP" "$SECRET" "$(json it <"$WORK/stripe")"
[ "$(json it.status <"$WORK/stripe")" = succeeded ] || fail "the card is not confirmed: $(cat "$WORK/stripe")"
call POST "$CITY/rider/card" "{\"setupIntentId\":\"$SETUP\"}"
[[ "$STATUS" = 20? ]] || fail "saving the card answered $STATUS: $BODY"
say card "$(it '`${it.brand} ${it.last4}`')"

# ── look around, read the price, unlock ────────────────────────────────────────────────────────────
must 200 GET "$CITY/rider/prices"
HOLD=$(it it.holdCents)
RIDE=''
for centre in '48.8606 2.3466' '48.8532 2.3692' '48.8722 2.3320' '48.8421 2.3219'; do
  read -r LAT LON <<<"$centre"
  must 200 GET "$CITY/rider/scooters?latitude=$LAT&longitude=$LON&radiusM=2000"
  NEAR=$BODY
  for nth in 0 1 2; do
    SCOOTER=$(json "it.items[$nth]?.id ?? ''" <<<"$NEAR")
    [ -n "$SCOOTER" ] || break
    call POST "$CITY/rider/rides" "{\"scooterId\":\"$SCOOTER\",\"acceptedHoldCents\":$HOLD}" "idempotency-key: first-ride-$PHONE-$SCOOTER"
    [ "$STATUS" = 202 ] || { say refused "$(it it.error.code)"; continue; }
    RIDE=$(it it.id)
    break 2
  done
done
[ -n "$RIDE" ] || fail "no scooter could be had: $STATUS $BODY"
say unlocking "$(it it.plate)"

# until STATE…: polls the ride until it is in one of these states.
until_ride() {
  for _ in $(seq 150); do
    must 200 GET "$CITY/rider/rides/$RIDE"
    local state
    state=$(it it.state)
    for wanted in "$@"; do [ "$state" != "$wanted" ] || return 0; done
    sleep 0.3
  done
  fail "the ride stays $state: $BODY"
}
until_ride riding failed
[ "$(it it.state)" = riding ] || fail "the ride failed: $BODY"
say riding "since $(it it.startedAt)"
[ "$(it it.offline.code.length)" = 4 ] || fail "the ride cannot be ended without a network: $BODY"

# ── ride: further than the free grace, to a place where parking is allowed ─────────────────────────
RIDER_TOKEN=$TOKEN
TOKEN='' must 200 GET "$STREET/scooters/$SCOOTER"
HERE=$(it it.position)
GOAL=''
for meters in 300 450 600; do
  for bearing in 0 90 180 270 45 135 225 315; do
    THERE=$(json "(b => ({latitude: it.latitude + $meters * Math.cos(b) / 111195, longitude: it.longitude + $meters * Math.sin(b) / 73200}))($bearing * Math.PI / 180)" <<<"$HERE")
    must 200 GET "$CITY/rider/parking?$(json '`latitude=${it.latitude.toFixed(6)}&longitude=${it.longitude.toFixed(6)}`' <<<"$THERE")"
    [ "$(it 'it.mayEnd && it.mayRide')" = true ] || continue
    GOAL=$THERE
    break 2
  done
done
[ -n "$GOAL" ] || fail 'no place to park around'
TOKEN='' must 202 POST "$STREET/scooters/$SCOOTER/ride" "{\"waypoints\":[$GOAL]}"
for _ in $(seq 600); do
  TOKEN='' must 200 GET "$STREET/scooters/$SCOOTER"
  [ "$(it it.underway)" = true ] || break
  sleep 0.3
done
say arrived "$(it '`${it.position.latitude.toFixed(4)}, ${it.position.longitude.toFixed(4)}`')"
TOKEN='' must 200 POST "$STREET/scooters/$SCOOTER/park" '{}'

# ── end, pay, receipt ──────────────────────────────────────────────────────────────────────────────
TOKEN=$RIDER_TOKEN
for _ in 1 2 3 4 5; do
  must 202 POST "$CITY/rider/rides/$RIDE/end"
  until_ride ended riding paused
  [ "$(it it.state)" != ended ] || break
  say 'not yet' "$(it it.refusal.code)"
  sleep 2
done
[ "$(it it.state)" = ended ] || fail "the ride does not end: $BODY"
FARE=$(it it.fareCents)
say ended "$FARE cents"
for _ in $(seq 100); do
  must 200 GET "$CITY/rider/rides/$RIDE"
  [ "$(it it.payment.state)" != paid ] || break
  sleep 0.2
done
[ "$(it it.payment.state)" = paid ] || fail "the fare is not paid: $BODY"
must 200 GET "$CITY/rider/rides/$RIDE/receipt"
[ "$(it it.totalCents)" = "$FARE" ] || fail "the receipt says something else: $BODY"
[ "$(it 'it.netCents + it.taxCents')" = "$FARE" ] || fail "net and tax do not make the total: $BODY"
[ "$FARE" -gt 0 ] || fail 'the ride was free, so nothing was proved about money'

# ── what it must have left behind ──────────────────────────────────────────────────────────────────
TOKEN='' must 200 GET "$STRIPE/_stand-in/charges"
CHARGES=$(it "it.items.filter(({rideId}) => rideId === '$RIDE').map(({status, captured}) => [status, captured])")
[ "$CHARGES" = "[[\"succeeded\",$FARE]]" ] || fail "Stripe should hold exactly one charge of $FARE cents for this ride, and holds $CHARGES"
say charged "once, $FARE cents"

OPERATOR_EMAIL=${OPERATOR_EMAIL:-operator@roue-libre.example}
if [ -z "${OPERATOR_PASSWORD:-}" ] && [ -f "$DATA_DIR/staff.json" ]; then
  OPERATOR_PASSWORD=$(json "it.find(({email}) => email === '$OPERATOR_EMAIL')?.password ?? ''" <"$DATA_DIR/staff.json")
fi
TOKEN='' must 200 POST "$CITY/operator/sign-in" "{\"email\":\"$OPERATOR_EMAIL\",\"password\":\"${OPERATOR_PASSWORD:-roue-libre-demo}\"}"
TOKEN=$(it it.token)
must 200 GET "$CITY/operator/ledger"
[ "$(it '[it.sumCents, it.differenceCents]')" = '[0,0]' ] || fail "the ledger does not balance: $BODY"
say ledger 'balanced, 0 cents over'
echo 'The first ride is over, and everything is as it should be.'
