#!/bin/sh
# Debian's wine64 without the 32-bit half, of which nothing here is.
exec /usr/lib/wine/wine64 "$@"
