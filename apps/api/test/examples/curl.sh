#!/bin/sh
# Sends a mail, reports an event and reads the mail back, with nothing but curl.
set -eu

curl --silent --show-error --fail "$POSTHORN_URL/v1/send" \
  -H "Authorization: Bearer $POSTHORN_KEY" \
  -H 'Content-Type: application/json' \
  -d '{"to":"ada@example.com","subject":"Hello","body":"<p>It works.</p>"}'
echo

curl --silent --show-error --fail "$POSTHORN_URL/v1/track" \
  -H "Authorization: Bearer $POSTHORN_KEY" \
  -H 'Content-Type: application/json' \
  -H 'Idempotency-Key: signed-up-1' \
  -d '{"event":"signed-up","email":"ada@example.com","data":{"plan":"free"}}'
echo

curl --silent --show-error --fail --get "$POSTHORN_URL/v1/emails" \
  --data-urlencode 'to=ada@example.com' \
  --data-urlencode 'limit=1' \
  -H "Authorization: Bearer $POSTHORN_KEY"
echo
