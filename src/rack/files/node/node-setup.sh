#!/bin/sh
# Before containerd: what a booted Pi has and a container has not.
set -eu
# The cgroup mounts come read-only with a private cgroup namespace; a plain remount says busy, a bind remount works.
for dir in /sys/fs/cgroup /sys/fs/cgroup/*; do
  if mountpoint -q "$dir"; then mount -o remount,bind,rw "$dir" || true; fi
done
# Kubernetes shares mounts between pods (Bidirectional, subPath).
mount --make-rshared /
# What kubeadm's preflight asks for; both are per network namespace.
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables
echo 1 > /proc/sys/net/bridge/bridge-nf-call-ip6tables
# The model of the board. On a Pi /proc/device-tree is a link to this folder; /proc takes no new names, so in the rack
# only the folder itself exists. A tmpfs over /sys/firmware makes room for it; the file can be written by tests.
mount -t tmpfs -o mode=755 tmpfs /sys/firmware
mkdir -p /sys/firmware/devicetree/base
printf 'Raspberry Pi 4 Model B Rev 1.5\0' > /sys/firmware/devicetree/base/model
mkdir -p /run/pilab-pi
