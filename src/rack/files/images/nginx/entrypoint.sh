#!/bin/sh
# As the official image: templates become configuration before the server starts.
set -e
if [ "$1" = nginx ] && [ -d /etc/nginx/templates ]; then
  # Only variables that exist are replaced, so that nginx's own ($host) stay.
  defined=$(printenv | cut -d= -f1 | grep -E '^[A-Za-z_][A-Za-z0-9_]*$' | sed 's/^/${/; s/$/}/' | tr '\n' ' ')
  for template in /etc/nginx/templates/*.template; do
    [ -e "$template" ] || continue
    envsubst "$defined" < "$template" > "/etc/nginx/conf.d/$(basename "$template" .template)"
  done
fi
exec "$@"
