#!/usr/bin/env bash
# Generates the stubs of the contract into a directory. Usage: generate.sh DIRECTORY
# Needs protoc and grpc_python_plugin (Debian: protobuf-compiler, protobuf-compiler-grpc, libprotobuf-dev), or the package grpcio-tools of PyPI.
set -euo pipefail
protos=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../protos" && pwd)
mkdir -p "${1:?usage: generate.sh DIRECTORY}"
out=$(cd "$1" && pwd)
cd "$protos"
files=(analoghil/v1/*.proto google/rpc/*.proto google/longrunning/*.proto)
if plugin=$(command -v grpc_python_plugin) && command -v protoc >/dev/null; then
  exec protoc -I . -I /usr/include --python_out="$out" --grpc_out="$out" --plugin=protoc-gen-grpc="$plugin" "${files[@]}"
fi
exec "${PYTHON:-python3}" -m grpc_tools.protoc -I . --python_out="$out" --grpc_python_out="$out" "${files[@]}"
