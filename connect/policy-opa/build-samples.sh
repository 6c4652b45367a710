#!/usr/bin/env bash
# Compiles the policies of this module to WebAssembly, beside their sources: src/main/rego (samples) and src/test/rego.
# Needed only when a .rego has changed; a test fails then and says so. Commit what this writes.
#
# usage: build-samples.sh [OPA]     OPA: a program that understands "opa build" and "opa version"; "opa" on PATH by default
#
# Each policy.wasm gets a policy.wasm.from, which says what it was made of and with.
set -euo pipefail

opa=$(command -v "${1:-opa}") || {
  echo "There is no ${1:-opa} on PATH. Install it (openpolicyagent.org), or name another: $0 path/to/opa" >&2
  exit 2
}
[[ $opa = /* ]] || opa=$PWD/$opa
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sha256() { { sha256sum "$1" 2> /dev/null || shasum -a 256 "$1"; } | cut -d ' ' -f 1; }

# compile FOLDER/NAME.rego ENTRYPOINT...: from within the folder, as the compiler writes file names into what it makes
compile() {
  local folder name entrypoints=()
  folder=$(dirname "$1") name=$(basename "$1" .rego)
  for entrypoint in "${@:2}"; do entrypoints+=(-e "$entrypoint"); done
  (cd "$folder" && "$opa" build -t wasm "${entrypoints[@]}" -o "$work/bundle.tar.gz" "$name.rego")
  # Bundles name their files from the root on.
  tar -xzOPf "$work/bundle.tar.gz" /policy.wasm > "$folder/$name.wasm"
  {
    echo "rego=$(sha256 "$folder/$name.rego")"
    echo "wasm=$(sha256 "$folder/$name.wasm")"
    echo "compiler=OPA $("$opa" version | sed -n 's/^Version: //p')"
  } > "$folder/$name.wasm.from"
  echo "$folder/$name.wasm"
}

compile src/main/rego/gates.rego pawl/decision
compile src/main/rego/approval.rego pawl/decision
compile src/test/rego/cases.rego cases/{echo,known,runaway,hungry,torn,printed,marshalled}
compile src/test/rego/clock.rego pawl/decision
