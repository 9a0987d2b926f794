#!/usr/bin/env bash
# Builds everything and runs the tests. Usage: ./test.sh [--full]
#   (nothing)  the everyday suite
#   --full     adds the long statistical suites (category Long), the firmware's long runs and the emulated microcontroller
# Installs from Debian what a bare machine lacks when it is allowed to (root or sudo). Ends with one line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

full=false
for argument in "$@"; do
  case "$argument" in
    --full) full=true ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "test.sh: unknown argument '$argument'; see ./test.sh --help" >&2; exit 64 ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

install_from_debian() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "note: no apt-get here; tests that need ${missing[*]} say so and skip"
    return 0
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && as_root=(sudo -n) || {
      echo "note: not allowed to install ${missing[*]}; tests that need them say so and skip"
      return 0
    }
  fi
  echo "installing from Debian: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    echo "note: could not install ${missing[*]}; tests that need them say so and skip"
}

if ! command -v dotnet >/dev/null; then
  echo "test.sh: the .NET SDK 10 is not on PATH; install it from https://dotnet.microsoft.com or your distribution (package dotnet-sdk-10.0)" >&2
  exit 69
fi

packages=(python3-grpcio python3-numpy protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libturbojpeg0 cmake make gcc libc6-dev zsh fish)
command -v npm >/dev/null || packages+=(npm)
$full && packages+=(dieharder gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm)
install_from_debian "${packages[@]}"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

dotnet restore AnalogHil.sln --locked-mode || exit 1
dotnet build AnalogHil.sln -c Release --no-restore -v minimal || exit 1

if $full; then
  selection=()
  echo "running every test, the long suites included"
else
  selection=(--filter 'Category!=Long')
  echo "running the everyday tests; the long statistical suites run with --full"
fi

status=0
if $full; then firmware=(--full); else firmware=(); fi
firmware-stubs/test.sh "${firmware[@]}" || status=1

for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  started=$SECONDS
  dotnet test "$project" -c Release --no-build "${selection[@]}" --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
    --logger 'console;verbosity=minimal' -v quiet || status=1
  echo "$name took $((SECONDS - started)) s"
done

count() { # attribute of <Counters> summed over all result files
  cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ s += $1 } END { print s + 0 }'
}
passed=$(count passed)
failed=$(count failed)
[ "$failed" -gt 0 ] && status=1
[ "$passed" -eq 0 ] && { echo "no test ran"; status=1; }
echo "$passed passed, $failed failed"
exit $status
