#!/usr/bin/env bash
# Builds the firmware for this machine and for a Cortex-M3 and runs its tests. Usage: firmware-stubs/test.sh [--full] [--build FOLDER]
#   --build   where to build, for two runs at a time; the folder of the benches that start firmware (build/host, build/arm-patient) stays untouched
#   --full    a million commands per mix of faults, ten million fuzzed inputs, a hundred million bursts, 50 cuts on the emulated controller
# What is missing on a machine (cross compiler, emulator) is said, and its part is left out. Ends with "firmware: N passed, N failed, N left out".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

full=false
build=build/tests
while [ $# -gt 0 ]; do
  case "$1" in
    --full) full=true ;;
    --build) build=$2; shift ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "firmware-stubs/test.sh: unknown argument '$1'; see --help" >&2; exit 64 ;;
  esac
  shift
done

passed=0 failed=0 left_out=0
step() { # name, command ...
  local name=$1
  shift
  echo "-- $name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}
leave_out() { left_out=$((left_out + 1)); echo "-- $1: left out, $2"; }
finish() {
  echo "firmware: $passed passed, $failed failed, $left_out left out"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

cuts=3
if $full; then
  export COMMANDS=1000000 FUZZ=10000000 BURSTS=100000000
  cuts=50
fi

step "generated files" python3 tools/generate.py --check
step "golden vectors" python3 tools/vectors.py --check

if ! command -v cmake >/dev/null || ! command -v cc >/dev/null; then
  leave_out "host build and its tests" "cmake or a C compiler is missing (Debian: cmake gcc libc6-dev make)"
  finish
fi
configure_host() { cmake -S . -B "$build/host" >"$build/configure.log" 2>&1 || { cat "$build/configure.log"; false; }; }
mkdir -p "$build"
step "configure for this machine" configure_host
step "build for this machine" cmake --build "$build/host" -j 2 -- --quiet
for test in test_vectors test_errors test_fuzz test_link test_safety test_commands test_physics test_clock; do
  step "$test" "$build/host/$test"
done
step "firmware as a process, behind a pty" python3 tests/test_line.py --posix "$build/host/analoghil-fw-posix" --cuts "$cuts"

if ! command -v arm-none-eabi-gcc >/dev/null; then
  leave_out "Cortex-M3 image" "arm-none-eabi-gcc is missing (Debian: gcc-arm-none-eabi libnewlib-arm-none-eabi)"
  finish
fi
configure_arm() {
  cmake -S . -B "$build/arm" -DCMAKE_TOOLCHAIN_FILE=hal/mps2-an385/toolchain.cmake >"$build/configure-arm.log" 2>&1 ||
    { cat "$build/configure-arm.log"; false; }
}
step "configure for the Cortex-M3" configure_arm
step "build for the Cortex-M3" cmake --build "$build/arm" -j 2 -- --quiet
image="$build/arm/analoghil-fw-mps2-an385.elf"
arm-none-eabi-size "$image"
if ! command -v qemu-system-arm >/dev/null; then
  leave_out "firmware on an emulated controller" "qemu-system-arm is missing (Debian: qemu-system-arm)"
  finish
fi
step "firmware on an emulated controller" python3 tests/test_line.py --qemu "$image" --cuts "$cuts"
finish
