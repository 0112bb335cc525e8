#!/usr/bin/env bash
# Promotion to many streams: this control plane and a peer in turn (A B A B), measured by one neutral load client.
# PEERS_DIR holds the client (xds-load) and the peer (gcp-server). TURNS pairs each (2). Usage: promotion.sh [STREAMS] [CLUSTERS] [ROUNDS]
set -euo pipefail
streams=${1:-1000} clusters=${2:-100} rounds=${3:-10}
root=$(cd "$(dirname "$0")/.." && pwd)
: "${PEERS_DIR:?PEERS_DIR is the folder with xds-load and gcp-server}"
ours=$root/benchmarks/PolicyEngine.Benchmarks/bin/Release/net10.0/PolicyEngine.Benchmarks.dll
[ -f "$ours" ] || dotnet build "$root/benchmarks/PolicyEngine.Benchmarks" -c Release -v q --nologo
measure() { # NAME PID XDS_PORT HTTP_PORT CHANGED EXTRA…
  local name=$1 pid=$2 xds=$3 http=$4 changed=$5; shift 5
  # One changed: the endpoints of one cluster, which only who watches endpoints gets.
  [ "$changed" = one ] && set -- "$@" -watch eds -names "$clusters"
  printf '%s %s %s ' "$name" "$changed" "${*:-sotw}"
  "$PEERS_DIR/xds-load" -target "127.0.0.1:$xds" -push "http://127.0.0.1:$http/push?clusters=$clusters&endpoints=2&changed=$changed" -streams "$streams" -rounds "$rounds" -pid "$pid" "$@"
}
for changed in all one; do
  for mode in "" "-delta"; do
    for turn in $(seq "${TURNS:-2}"); do
      dotnet "$ours" xds-host 18101 18102 >/dev/null & pid=$!
      until curl -sf "http://127.0.0.1:18102/stats" >/dev/null; do :; done
      measure policyengine $pid 18101 18102 $changed $mode; kill $pid; wait $pid 2>/dev/null || true
      "$PEERS_DIR/gcp-server" -addr 127.0.0.1:18201 -http 127.0.0.1:18202 >/dev/null 2>&1 & pid=$!
      until curl -sf "http://127.0.0.1:18202/stats" >/dev/null; do :; done
      measure peer $pid 18201 18202 $changed $mode; kill $pid; wait $pid 2>/dev/null || true
    done
  done
done
