#!/bin/sh
# Certificates for the door of the scooters, with nothing but openssl:
#
#   sh deploy/mosquitto/make-certificates.sh server mosquitto localhost 127.0.0.1    names scooters call it by
#   sh deploy/mosquitto/make-certificates.sh scooter <scooterId>                     one per scooter (mutual-tls.conf); an earlier one ends
#   sh deploy/mosquitto/make-certificates.sh revoke <scooterId>                      and never again, whichever it has
#
# What brokers and scooters need lands in the folder `certificates` beside this script, or in $CERTIFICATES. The first
# call makes an authority of your own in deploy/authority, or in $AUTHORITY: it belongs on no server. Scooters get ca.crt.
set -eu
umask 077

mkdir -p "${CERTIFICATES:=$(dirname "$0")/certificates}" "${AUTHORITY:=$(dirname "$0")/../authority}"
folder=$(cd "$CERTIFICATES" && pwd)
cd "$AUTHORITY"
echo '*' > .gitignore

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# What openssl needs to remember which certificates are out, and which of them are worth nothing any more.
config() {
  cat <<END
[ca]
default_ca = own
[own]
dir = .
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
default_crl_days = 3650
unique_subject = no
policy = only_a_name
[only_a_name]
commonName = supplied
END
}

# Whole or not at all: a broker may read it at any moment.
publish() {
  cp "$1" "$folder/$1.new"
  chmod 644 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}

revoked_list() {
  openssl ca -batch -config authority.conf -gencrl -out revoked.pem 2>/dev/null
  publish revoked.pem
}

# Every certificate that this name still has: a lost key is one of an earlier certificate as often as of the last.
revoke_all() {
  awk -F '\t' -v name="/CN=$1" '$1 == "V" && $6 == name { print $4 }' index.txt > to-revoke
  while read -r serial; do
    openssl ca -batch -config authority.conf -revoke "$serial.pem" 2>/dev/null < /dev/null
  done < to-revoke
  rm to-revoke
  revoked_list
}

scooter_id() {
  case "$1" in
    *[!0-9a-f-]* | '') echo 'The id of a scooter, please.' >&2; exit 2 ;;
  esac
}

authority() {
  if [ -f ca.key ]; then return; fi
  config > authority.conf
  new_key ca.key
  openssl req -x509 -new -key ca.key -sha256 -days 3650 -subj '/CN=Roue Libre scooters' -out ca.crt
  : > index.txt
  echo 1000 > serial
  echo 01 > crlnumber
  publish ca.crt
  revoked_list
}

# signed <name of the files> <common name> <days> <extensions>
signed() {
  new_key "$1.key"
  printf '%s\n' "$4" > "$1.ext"
  openssl req -new -key "$1.key" -subj "/CN=$2" -out "$1.csr"
  openssl ca -batch -config authority.conf -days "$3" -notext -extfile "$1.ext" -in "$1.csr" -out "$1.crt" 2>/dev/null
  rm -f "$1.csr" "$1.ext"
  mv "$1.key" "$folder/$1.key"
  publish "$1.crt"
}

case "${1:-}" in
  server)
    shift
    if [ $# -eq 0 ]; then set -- mosquitto localhost 127.0.0.1; fi
    authority
    names=''
    for name in "$@"; do
      case "$name" in
        *[!0-9.]*) names="$names,DNS:$name" ;;
        *) names="$names,IP:$name" ;;
      esac
    done
    signed server "$1" 825 "subjectAltName=${names#,}
extendedKeyUsage=serverAuth"
    ;;
  scooter)
    scooter_id "${2:-}"
    authority
    revoke_all "$2"
    signed "scooter-$2" "$2" 3650 'extendedKeyUsage=clientAuth'
    ;;
  revoke)
    scooter_id "${2:-}"
    authority
    if ! grep -q "/CN=$2\$" index.txt; then echo 'This scooter never had a certificate of ours.' >&2; exit 1; fi
    revoke_all "$2"
    ;;
  *)
    sed -n '2,9p' "$0" >&2
    exit 2
    ;;
esac
