#!/bin/sh
# Runs Mosquitto, and makes it read its files again as soon as one of them has changed: a scooter that is no longer
# in the password file is put out in the same second, and one whose certificate is revoked does not come in again.
#
#   sh deploy/mosquitto/run.sh deploy/mosquitto/mosquitto.conf [seconds between two looks]
set -eu

conf=$1
pause=${2:-2}

mosquitto -c "$conf" &
broker=$!
trap 'kill -TERM "$broker" 2>/dev/null || true' TERM INT
trap 'kill -HUP "$broker" 2>/dev/null || true' HUP

mark() {
  sed -nE 's/^(password_file|acl_file|crlfile|certfile|keyfile) +//p' "$conf" | while read -r file; do
    cat "$file" 2>/dev/null || true
  done | cksum
}

before=$(mark)
while kill -0 "$broker" 2>/dev/null; do
  # In the background, so that a signal does not have to wait for it.
  sleep "$pause" &
  wait $! || true
  now=$(mark)
  if [ "$now" != "$before" ]; then
    before=$now
    kill -HUP "$broker" 2>/dev/null || true
  fi
done
wait "$broker"
