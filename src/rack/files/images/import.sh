#!/bin/sh
# Inside a node's file system: starts its containerd and imports the archive folder into Kubernetes' namespace.
set -eu
containerd >/tmp/containerd.log 2>&1 &
pid=$!
tries=0
until ctr version >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ]; then cat /tmp/containerd.log >&2; exit 1; fi
  sleep 0.1
done
tar --create --directory /archive . | ctr -n k8s.io images import -
ctr -n k8s.io images ls -q
kill "$pid"
wait "$pid" || true
sync
