#!/bin/sh
# Makes the base of our image from Debian's packages, where no registry of images can be reached: a folder, or an image of the local
# Docker engine.  scripts/image/base-image.sh FOLDER | --docker NAME:TAG     needs root, debootstrap and Debian's archive
set -eu
suite=${SUITE:-bookworm}
command -v debootstrap >/dev/null || { echo 'error: debootstrap is missing: apt-get install debootstrap' >&2; exit 1; }
[ $# -ge 1 ] || { echo 'usage: base-image.sh FOLDER | --docker NAME:TAG' >&2; exit 2; }
if [ "$1" = --docker ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
else
  folder=$1
fi
debootstrap --variant=minbase "$suite" "$folder" ${MIRROR:+"$MIRROR"} >&2
rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
[ "$1" != --docker ] || tar -C "$folder" -c . | docker import - "$2"
