#!/bin/sh
# enter-cgroups.sh FOLDER… -- COMMAND…: moves itself into the cgroups, then becomes the command.
set -eu
while [ "$1" != -- ]; do
  echo $$ > "$1/cgroup.procs"
  shift
done
shift
exec "$@"
