#!/usr/bin/env bash
# Writes the public surface of every package anew: PublicAPI.Shipped.txt holds all of it, PublicAPI.Unshipped.txt nothing.
# From then on a build with -p:FreezePublicApi=true fails when a public member appears, changes or goes.
# Usage: tools/public-api.sh [PROJECT …]      such as tools/public-api.sh UniPo UniPo.Interactive; all packages without a name.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

projects=("$@")
if [ ${#projects[@]} = 0 ]; then
  for file in src/*/*.csproj; do
    name=$(basename "$file" .csproj)
    # A tool and templates have no surface that a program could use.
    case $name in UniPo.Cli | UniPo.Templates) ;; *) projects+=("$name") ;; esac
  done
fi

for name in "${projects[@]}"; do
  folder=src/$name
  echo "#nullable enable" >"$folder/PublicAPI.Shipped.txt"
  echo "#nullable enable" >"$folder/PublicAPI.Unshipped.txt"
  # RS0016 says which members the files lack, each in the form that the files hold; as warnings, so that all of them are named.
  said=$(dotnet build "$folder" -c Release -m:1 --no-incremental -nologo -p:FreezePublicApi=true -p:TreatWarningsAsErrors=false \
    -p:WarningsAsErrors= -p:UseSharedCompilation=false 2>&1) || { echo "$said" | tail -20; exit 1; }
  # What only one target framework has stands in the same file: the build of the other one does not mind.
  { echo "#nullable enable"; sed -nE "s/.*warning RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" <<<"$said" | LC_ALL=C sort -u; } \
    >"$folder/PublicAPI.Shipped.txt"
  echo "$name: $(($(wc -l <"$folder/PublicAPI.Shipped.txt") - 1)) members"
done
