#!/usr/bin/env bash
# The WGSL tests on a second implementation of Vulkan, with what SwiftShader lacks (shader-f16, subgroups of 8): Mesa's lavapipe, from Debian's backports.
#
#   scripts/second-adapter.sh [VITEST_ARGUMENT...]        default: the layers in half precision and with subgroups, and the tests of half precision
#
# Nothing is installed: the driver and what it lacks here are unpacked into node_modules/.cache/second-adapter. Needs `npm install` before, and a
# Debian whose apt sources have backports with Mesa 25 or newer (Dawn refuses 22.3). Exits with 3, saying why, where there is no such driver,
# and otherwise with the tests' own code. Pipelines compile slowly there (Mesa keeps them for the next time): times say nothing about a GPU.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD/node_modules/.cache/second-adapter

without() {
  echo "second adapter: $1" >&2
  exit 3
}

# Unpacks the driver from the machine's own Debian sources, with the backports of its release beside.
fetch() {
  local codename work archive
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -n "$codename" ] && command -v apt-get >/dev/null && command -v dpkg >/dev/null || without "this machine is no Debian"
  work=$(mktemp -d)
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work"/{parts,lists/partial,cache/archives/partial}
  for archive in /etc/apt/sources.list.d/*.sources; do
    [ -e "$archive" ] && sed -E "/^Suites:/ s/([ :])$codename( |\$)/\1$codename $codename-backports\2/" "$archive" >"$work/parts/$(basename "$archive")"
  done
  for archive in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -e "$archive" ] && sed -E "s/^(deb .*) $codename (.*)\$/\1 $codename \2\n\1 $codename-backports \2/" "$archive" >"$work/parts/$(basename "$archive" .list).list"
  done
  local apt=(apt-get -qq -o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$work/parts" -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Debug::NoLocking=1 -o APT::Get::List-Cleanup=0)
  timeout 40 "${apt[@]}" update >&2 || without "the package lists could not be read"
  timeout 60 "${apt[@]}" install -y --download-only --no-install-recommends --reinstall "mesa-vulkan-drivers/$codename-backports" >&2 ||
    without "$codename-backports has no mesa-vulkan-drivers that this machine can take"
  mkdir -p "$root"
  for archive in "$work"/cache/archives/*.deb; do dpkg-deb -x "$archive" "$root"; done
}

libraries=$root/usr/lib/$(uname -m)-linux-gnu
[ -e "$libraries/libvulkan_lvp.so" ] || fetch
# The driver by its full path, and no other.
printf '{"file_format_version": "1.0.0", "ICD": {"api_version": "1.3.0", "library_path": "%s"}}\n' "$libraries/libvulkan_lvp.so" >"$root/icd.json"

export ISLET_TEST_ADAPTER=own VK_ICD_FILENAMES=$root/icd.json VK_DRIVER_FILES=$root/icd.json LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
# Vectors of 128 bits and no optimisation compile faster; Mesa would take a thread a core.
export GALLIVM_PERF=nopt LP_NATIVE_VECTOR_WIDTH=128 LP_NUM_THREADS=1
[ $# -gt 0 ] || set -- packages/gpu-unet/src/ops/ops.test.ts packages/gpu-unet/src/precision.test.ts -t "half precision|shader-f16|block [67]"
npx vitest run --project gpu-unet "$@"
