#!/usr/bin/env bash
# Builds UniPo and runs its tests on this machine; installs what is missing (Chromium and clang through apt, front-end tools through npm).
# Usage: ./test.sh --quick                     unit tests without a browser (about three minutes)
#        ./test.sh                             what continuous integration runs: every proof once, lessons in their quick form
#        ./test.sh --all                       besides: lessons in full, the claims
#        ./test.sh --kernel                    every lesson in the real kernel of notebook editors (docs/maintaining.md)
#        ./test.sh [dotnet test arguments …]   some of the tests, such as --filter …
# Ends with a line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { echo "$1"; echo "0 passed, 1 failed"; exit 1; }
command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download, then call this script again."

mode=default
case "${1:-}" in
  --quick | --all | --kernel) mode=${1#--}; shift ;;
  "") ;;
  *) mode=some ;;
esac

# install PACKAGE… — through apt, where there is apt.
install() {
  command -v apt-get >/dev/null || return 1
  local sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  echo "Installing $* …"
  ($sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "$@") >/dev/null
}

if [ $mode != quick ]; then
  # The view tests drive a real browser.
  if [ -z "${UNIPO_CHROMIUM:-}" ] && ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    install chromium fonts-dejavu-core || fail "Chromium is missing: install it, or set UNIPO_CHROMIUM to the path of a Chromium browser."
  fi
  # A program compiled ahead of time is linked by clang.
  if [ "$(uname)" = Linux ] && ! command -v clang >/dev/null; then
    install clang zlib1g-dev || fail "clang is missing: install it together with the headers of zlib."
  fi
  # The accessibility checker and the widgets' build tools come from npm, at the versions of the lock file.
  for folder in $(git ls-files '*package-lock.json' | xargs -r -n1 dirname); do
    command -v npm >/dev/null || fail "npm is missing: install Node.js 20 or later, then call this script again."
    [ -d "$folder/node_modules" ] || (cd "$folder" && npm ci --silent --no-audit --no-fund) || fail "npm ci failed in $folder."
  done
fi

# How long each stage took, for whoever wants it shorter.
begin() { stage=$1; started=$SECONDS; }
finish() { echo "stage $stage: $((SECONDS - started)) s"; }

log=$(mktemp)
status=0
# tests NAME PROJECT [dotnet test arguments …] — one stage.
tests() {
  begin "$1"; shift
  dotnet test "$1" -c Release --no-build --nologo "${@:2}" 2>&1 | tee -a "$log" || status=1
  finish
}

# Where continuous integration builds, packages must be those of the lock files, byte for byte.
locked=""; [ -z "${CI:-}" ] || locked="-p:RestoreLockedMode=true"
begin build
if [ $mode = quick ]; then
  for project in src/UniPo.Cli tests/UniPo.Tests; do
    dotnet build $project -c Release -v q -nologo $locked $([ $project = tests/UniPo.Tests ] && echo "-f net10.0") || fail "The build failed."
  done
else
  dotnet build UniPo.sln -c Release -v q -nologo $locked || fail "The build failed."
fi
finish

case $mode in
  quick)
    # The maths, the model, training and logs. Tests of weights against every golden vector are part of it.
    tests UniPo.Tests tests/UniPo.Tests -f net10.0 "$@"
    ;;
  kernel)
    tests kernel tests/UniPo.Packages.Tests --filter "Stage=kernel" "$@"
    ;;
  *)
    for project in tests/*.Tests; do
      name=$(basename "$project")
      case $name in
        UniPo.Claims.Tests) continue ;; # a stage of --all
        UniPo.Tests) # the older framework has the same proof; it is run by --all
          if [ $mode = default ]; then tests "$name" "$project" -f net10.0 "$@"; continue; fi ;;
        UniPo.Packages.Tests) # the real kernel is a stage of its own: --kernel
          if [[ " $* " != *" --filter "* ]]; then tests "$name" "$project" --filter "Stage!=kernel" "$@"; continue; fi ;;
      esac
      tests "$name" "$project" "$@"
    done
    ;;
esac

ran=0 broken=0
# lessons [unipo run options …] — every lesson in a fresh process; each counts as one test.
lessons() {
  begin lessons
  local said
  said=$(timeout 1200 dotnet src/UniPo.Cli/bin/Release/net10.0/UniPo.Cli.dll run notebooks "$@" --output artifacts/test-notebooks 2>&1) || status=1
  echo "$said"
  ran=$(grep -cE '^passed ' <<<"$said")
  broken=$(grep -cE '^(FAILED |[^ ]+\.ipynb[:,] )' <<<"$said")
  finish
}
case $mode in
  default) lessons --quick ;;
  all)
    # In full: what a lesson shows must be what is stored in it.
    lessons --compare
    [ "$broken" = 0 ] || echo "Outputs that are out of date are stored anew by: dotnet run -c Release --project src/UniPo.Cli -- run notebooks --store"
    # The claims of the course, each over all its seeds: docs/claims.md must say what is found.
    tests claims tests/UniPo.Claims.Tests
    ;;
esac

# One summary line a test run: "Passed!  - Failed: 0, Passed: 12, Skipped: 0, Total: 12, …"
passed=$(sed -nE 's/.*Failed: +[0-9]+, Passed: +([0-9]+),.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
failed=$(sed -nE 's/.*Failed: +([0-9]+), Passed: +[0-9]+,.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
rm -f "$log"
passed=$((passed + ran)) failed=$((failed + broken))
# A run that ended without saying how many tests failed (a crash, a build error) counts as one failure.
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
