#!/bin/sh
# Prints the running kernel's configuration, or nothing when it cannot be known.
if [ -r /proc/config.gz ]; then
  zcat /proc/config.gz
elif [ -r "/boot/config-$(uname -r)" ]; then
  cat "/boot/config-$(uname -r)"
fi
