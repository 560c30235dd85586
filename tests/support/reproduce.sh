#!/usr/bin/env bash
# Builds one stack's package twice, in different folders and under different settings, and compares the digests.
# usage: reproduce.sh PYTHON STACK
set -euo pipefail
python=$(realpath "$(dirname "$1")")/$(basename "$1") stack=$2
root=$(git rev-parse --show-toplevel)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

build() { # folder, umask, hash seed, date of the sources, zone, locale: a checkout of its own, with no cache of the other's
    mkdir -p "$folder/$1"
    git -C "$root" ls-files -z -- api policies toolkit requirements pyproject.toml 'Pulumi*.yaml' | (cd "$root" && xargs -0 cp --parents -t "$folder/$1")
    find "$folder/$1" -exec touch -d "$4" {} +
    (cd "$folder/$1" && umask "$2" && PYTHONHASHSEED=$3 TZ=$5 LC_ALL=$6 "$python" toolkit package -- "$stack" >/dev/null)
    sha256sum <"$folder/$1/build/$stack/function.zip"
}

first=$(build here 0022 1 2020-01-01 UTC C.UTF-8)
second=$(build a/place/further/away 0077 2 2026-06-30 Asia/Tokyo C)
echo "$stack: $first"
echo "$stack: $second"
[ "$first" = "$second" ] || { echo "The two packages of $stack differ." >&2; exit 1; }
