#!/usr/bin/env bash
# Builds UniPo and runs every test on this machine; installs what is missing (Chromium through apt, front-end test tools through npm).
# Usage: ./test.sh [dotnet test arguments …]      Ends with a line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { echo "$1"; echo "0 passed, 1 failed"; exit 1; }
command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download, then call this script again."

# The view tests drive a real browser.
if [ -z "${UNIPO_CHROMIUM:-}" ] && ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
  command -v apt-get >/dev/null || fail "Chromium is missing: install it, or set UNIPO_CHROMIUM to the path of a Chromium browser."
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  echo "Installing Chromium …"
  ($sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq chromium fonts-dejavu-core) >/dev/null \
    || fail "Chromium could not be installed through apt; install it by hand, or set UNIPO_CHROMIUM to its path."
fi
# The accessibility checker and the widgets' build tools come from npm, at the versions of the lock file.
for folder in $(git ls-files '*package-lock.json' | xargs -r -n1 dirname); do
  command -v npm >/dev/null || fail "npm is missing: install Node.js 20 or later, then call this script again."
  [ -d "$folder/node_modules" ] || (cd "$folder" && npm ci --silent --no-audit --no-fund) || fail "npm ci failed in $folder."
done

# How long each stage took, for whoever wants it shorter.
begin() { stage=$1; started=$SECONDS; }
finish() { echo "stage $stage: $((SECONDS - started)) s"; }

begin build
dotnet build UniPo.sln -c Release -v q -nologo || fail "The build failed."
finish

log=$(mktemp)
status=0
for project in tests/*.Tests; do
  [ "$project" = tests/UniPo.Claims.Tests ] && continue # a stage of their own, below
  begin "$(basename "$project")"
  dotnet test "$project" -c Release --no-build --nologo "$@" 2>&1 | tee -a "$log" || status=1
  finish
done

ran=0 broken=0
# Whoever asks for some of the tests does not ask for what follows.
if [ $# = 0 ]; then
  # Every lesson in full, each in a fresh process: what it shows must be what is stored in it. Each counts as one test.
  begin lessons
  lessons=$(timeout 1200 dotnet src/UniPo.Cli/bin/Release/net10.0/UniPo.Cli.dll run notebooks --compare --output artifacts/test-notebooks 2>&1) \
    || { status=1; echo "Lessons whose outputs are out of date are stored anew by: dotnet run -c Release --project src/UniPo.Cli -- run notebooks --store"; }
  echo "$lessons"
  ran=$(grep -cE '^passed ' <<<"$lessons")
  broken=$(grep -cE '^(FAILED |[^ ]+\.ipynb[:,] )' <<<"$lessons")
  finish

  # The claims of the course, each over all its seeds: docs/claims.md must say what is found.
  begin claims
  if [ $SECONDS -lt 1080 ]; then # with them it takes less than 25 minutes
    dotnet test tests/UniPo.Claims.Tests -c Release --no-build --nologo 2>&1 | tee -a "$log" || status=1
  else
    echo "Left out on a machine this slow. They are computed by: dotnet test tests/UniPo.Claims.Tests -c Release"
  fi
  finish
fi

# One summary line a test run: "Passed!  - Failed: 0, Passed: 12, Skipped: 0, Total: 12, …"
passed=$(sed -nE 's/.*Failed: +[0-9]+, Passed: +([0-9]+),.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
failed=$(sed -nE 's/.*Failed: +([0-9]+), Passed: +[0-9]+,.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
rm -f "$log"
passed=$((passed + ran)) failed=$((failed + broken))
# A run that ended without saying how many tests failed (a crash, a build error) counts as one failure.
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
