# Ends the remaining processes after AppHost has exited or was killed.
#
# Reads lines "PID START SIGNAL" from a pipe whose other end only AppHost holds. When the pipe closes,
# AppHost has exited: each of these processes that still runs gets its stop signal and later KILL.
# START is field 22 of /proc/PID/stat, so that a process that reuses the id is never touched.
#
# usage: guard.sh LOG
exec >> "$1" 2>&1
set -fu
trap '' HUP INT TERM
grace_ticks=100 # of 0.1 s for each of the two phases

# Sets parent and born; fails if the process has exited or is a zombie.
read_stat() {
  { read -r stat_line < "/proc/$1/stat"; } 2> /dev/null || return 1
  # shellcheck disable=SC2086 # splits the fields
  set -- ${stat_line##*) }
  case $1 in Z | X) return 1 ;; esac
  parent=$2
  born=${20}
}

is_alive() { read_stat "$1" && [ "$born" = "$2" ]; }

# send SIGNAL ENTRY...: to each PID:START:STOPSIGNAL that is alive.
send() {
  signal=$1
  shift
  for entry; do
    pid=${entry%%:*}
    rest=${entry#*:}
    if is_alive "$pid" "${rest%%:*}"; then kill -s "$signal" "$pid" 2> /dev/null; fi
  done
}

# any_alive ENTRY...
any_alive() {
  for entry; do
    rest=${entry#*:}
    is_alive "${entry%%:*}" "${rest%%:*}" && return 0
  done
  return 1
}

# wait_for ENTRY...: until all have exited, or the grace period is over.
wait_for() {
  ticks=$grace_ticks
  while any_alive "$@" && [ "$ticks" -gt 0 ]; do
    sleep 0.1
    ticks=$((ticks - 1))
  done
}

terminate=
interrupt=
while read -r pid start stop_signal; do
  case $stop_signal in
    INT) interrupt="$interrupt $pid:$start:INT" ;;
    *) terminate="$terminate $pid:$start:TERM" ;;
  esac
done

# shellcheck disable=SC2086 # splits the list
any_alive $terminate $interrupt || exit 0

# Children (PostgreSQL has many) may be suspended, and survive if their parent must be killed.
children=
set +f
for directory in /proc/[0-9]*; do
  child=${directory#/proc/}
  read_stat "$child" || continue
  child_born=$born
  child_parent=$parent
  for entry in $terminate $interrupt; do
    rest=${entry#*:}
    if [ "$child_parent" = "${entry%%:*}" ] && is_alive "$child_parent" "${rest%%:*}"; then
      children="$children $child:$child_born:KILL"
    fi
  done
done
set -f

# Stop PostgreSQL last, so that instances can still store pending votes.
# shellcheck disable=SC2086
{
  send TERM $terminate
  send CONT $terminate $children $interrupt
  wait_for $terminate
  send KILL $terminate
  send INT $interrupt
  wait_for $interrupt
  send KILL $interrupt $children
  wait_for $terminate $interrupt $children
}
