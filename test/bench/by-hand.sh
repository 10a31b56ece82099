#!/bin/sh
# The checks of playbooks/clusterip.yaml as the book's chapter does them: a `kubectl run --rm -i` for each request,
# `kubectl get` and `describe` for the objects. It exists to be timed beside pilab, and looks less closely than pilab does:
# - the spread is a sample of $REQUESTS (100), as a thousand would take over half an hour;
# - one request from each node instead of 39, and three instead of 300 after a pod was replaced;
# - a Service counts as settled once it answers one pod, where pilab asks from every node and for every backend.
# by-hand.mjs sets KUBECTL KUBECONFIG NAMESPACE RUN IMAGE MANIFESTS REQUESTS SSH HOSTS NODES.
set -u
export KUBECONFIG
asked=0
seen=0
pods=0

k() { "$KUBECTL" -n "$NAMESPACE" "$@"; }

clean_up() {
  "$KUBECTL" delete namespace "$NAMESPACE" --ignore-not-found --timeout=60s
  echo "$seen of $asked checks saw what they should; $pods pods were made for them"
}
trap clean_up EXIT
trap 'exit 143' INT TERM HUP

# expect PATTERN COMMAND…: a person reads the output; grep stands in for that.
expect() {
  pattern=$1
  shift
  asked=$((asked + 1))
  output=$("$@" 2>&1)
  if printf '%s\n' "$output" | grep -E -q -e "$pattern"; then
    seen=$((seen + 1))
  else
    echo "not seen: $pattern: $*: $output"
  fi
}

# in_pod NODE COMMAND…: a throwaway pod for one command; NODE may be empty.
in_pod() {
  place=${1:+"{\"spec\":{\"nodeName\":\"$1\",\"tolerations\":[{\"operator\":\"Exists\"}]}}"}
  shift
  k run "ask-$asked" --rm -i --quiet --restart=Never --image="$IMAGE" \
    --overrides="${place:-{\}}" --command -- "$@"
}

# ask PATTERN COMMAND…
ask() {
  pods=$((pods + 1))
  pattern=$1
  shift
  expect "$pattern" in_pod "" "$@"
}

# until_answers PATTERN URL: at most 20 tries.
until_answers() {
  try=0
  while [ "$try" -lt 20 ]; do
    try=$((try + 1))
    pods=$((pods + 1))
    in_pod "" curl -sS --connect-timeout 4 "$2" 2>&1 | grep -E -q -e "$1" && return
  done
}

vip() { k get service "$1" -o 'jsonpath={.spec.clusterIP}'; }
pod_ips() { k get pods -l app=sample-app -o 'jsonpath={.items[*].status.podIP}'; }

"$KUBECTL" create namespace "$NAMESPACE"
"$KUBECTL" label namespace "$NAMESPACE" app.kubernetes.io/managed-by=pilab "pilab.dev/run=$RUN"

# The Service as an object
k apply -f "$MANIFESTS/sample-deployment.yaml" -f "$MANIFESTS/sample-clusterip.yaml" -f "$MANIFESTS/sample-clusterip-default.yaml"
k rollout status deployment/sample-deployment --timeout=90s
address=$(vip sample-clusterip)
until_answers From= "http://$address:8080/"
expect 'ClusterIP.*8080/TCP' k get service sample-clusterip
expect 'ClusterIP.*8080/TCP' k get service sample-clusterip-default
expect 'Selector: +app=sample-app' k describe service sample-clusterip
expect 'sample-clusterip-' k get endpointslices -l kubernetes.io/service-name=sample-clusterip
expect 'sample-deployment-' k get pods -l app=sample-app -o wide

# Traffic
request=0
while [ "$request" -lt "$REQUESTS" ]; do
  request=$((request + 1))
  ask From= curl -s "http://$address:8080/"
done
for node in $NODES; do
  pods=$((pods + 1))
  expect From= in_pod "$node" curl -s "http://$address:8080/"
done
for host in $HOSTS; do
  expect From= $SSH "$host" "for i in \$(seq 13); do curl -s http://$address:8080/; done"
done
expect 'curl: \((7|28)\)' curl -sS --connect-timeout 4 "http://$address:8080/"
ask 'curl: \((7|28)\)' curl -sS --connect-timeout 4 "http://$address:80/"
for ip in $(pod_ips); do
  ask From= curl -s "http://$ip:80/"
  ask 'curl: \(7\)' curl -sS "http://$ip:8080/"
done
ask From= curl -s "http://$address:8080/#[1-30]"
ask '[^0-9]0 (packets )?received' ping -c 1 -W 1 "$address"

# Pods come and go
k delete "$(k get pods -l app=sample-app -o name | head -n 1)"
k rollout status deployment/sample-deployment --timeout=90s
expect 'Endpoints: .*,.*,' k describe service sample-clusterip
for _ in 1 2 3; do ask From= curl -s "http://$address:8080/"; done
k delete deployment sample-deployment
k apply -f "$MANIFESTS/sample-deployment.yaml"
k rollout status deployment/sample-deployment --timeout=90s
until_answers From= "http://$address:8080/"
expect "$address" k get service sample-clusterip
expect 'sample-deployment-' k get pods -l app=sample-app -o wide
ask From= curl -s "http://$address:8080/"
