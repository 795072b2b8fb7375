# shellcheck shell=bash disable=SC2154,SC2034
# PASS and FAIL lines, waiting, and a vote over HTTP. To be sourced by verify-image.

passed=0 failed=0

# check WHAT COMMAND...: prints one line, and the command's output if it fails.
check() {
  local what=$1 said status
  shift
  # Not within an if: there bash ignores set -e in the command.
  set +e
  said=$(set -e; "$@" 2>&1)
  status=$?
  set -e
  if [ "$status" -eq 0 ]; then
    passed=$((passed + 1))
    echo "PASS $what"
  else
    failed=$((failed + 1))
    echo "FAIL $what"
    [ -z "$said" ] || tail -n 60 <<< "$said" | sed 's/^/       /'
  fi
}

logged() { "$@" > "$work/step.log" 2>&1 || { tail -n 40 "$work/step.log" >&2; fail "Failed: $*"; }; }

is() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }; }

# wait_for WHAT COMMAND...: repeats the command until it succeeds, for at most two minutes.
wait_for() {
  local what=$1 end=$((SECONDS + 120))
  shift
  until "$@" > "$work/wait.log" 2>&1; do
    if [ $SECONDS -ge $end ]; then
      echo "Waited two minutes for $what." "$(tail -n 3 "$work/wait.log")" >&2
      return 1
    fi
    sleep 0.3
  done
}

# api METHOD PATH [TOKEN [BODY]], at $address: prints the body of the answer; fails on a refusal. A 503 is retried, as the
# contract asks, at most ten times; each retry is printed.
api() {
  local arguments=(-sS -m 20 -w '\n%{http_code}' -X "$1" "$address$2") answer status
  [ -z "${3:-}" ] || arguments+=(-H "authorization: Bearer $3")
  [ -z "${4:-}" ] || arguments+=(-H 'content-type: application/json' -d "$4")
  for _ in $(seq 10); do
    answer=$(curl "${arguments[@]}") || return
    status=${answer##*$'\n'} answer=${answer%$'\n'*}
    case $status in
      2??) echo "$answer"; return ;;
      503) echo "$1 $2: $status $answer" >&2; sleep 1 ;;
      *) break ;;
    esac
  done
  echo "$1 $2: $status $answer" >&2
  return 1
}

# vote ADDRESS: creates a room and a poll; two people vote, one changes her vote; the host reads the exact tally.
vote() {
  local address=$1 room code host poll ann bob tally
  room=$(api POST /api/rooms "" '{"title":"Image"}')
  code=$(jq -r .code <<< "$room") host=$(jq -r .hostToken <<< "$room")
  poll=$(api POST "/api/rooms/$code/polls" "$host" '{"question":"Here?","kind":"singleChoice","options":["Yes","No"]}' | jq -r .id)
  ann=$(api POST "/api/rooms/$code/participants" "" '{"nickname":"Ann"}' | jq -r .token)
  bob=$(api POST "/api/rooms/$code/participants" "" '{}' | jq -r .token)
  api POST "/api/rooms/$code/polls/$poll/open" "$host" > /dev/null
  api PUT "/api/rooms/$code/polls/$poll/vote" "$ann" '{"choices":[0],"revision":1}' > /dev/null
  api PUT "/api/rooms/$code/polls/$poll/vote" "$bob" '{"choices":[1],"revision":1}' > /dev/null
  api PUT "/api/rooms/$code/polls/$poll/vote" "$ann" '{"choices":[1],"revision":2}' > /dev/null
  # Any instance may answer, and a vote on another one needs a moment to arrive.
  for _ in $(seq 50); do
    tally=$(api GET "/api/rooms/$code/state" "$host" | jq -c '.polls[0].tally.counts')
    [ "$tally" != '[0,2]' ] || return 0
    sleep 0.1
  done
  echo "the tally is $tally, not [0,2]"
  return 1
}
