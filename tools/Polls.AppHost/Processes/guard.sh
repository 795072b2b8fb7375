# Ends what is left when AppHost is gone, however it went (kill -9 included).
#
# Reads lines "PID START SIGNAL" from a pipe whose other end only AppHost holds. The end of the pipe
# means that AppHost ended: whatever of these processes still runs gets its stop signal, later KILL.
# START is field 22 of /proc/PID/stat: a process that merely got the same id is never touched.
#
# usage: guard.sh LOG
exec >> "$1" 2>&1
set -fu
trap '' HUP INT TERM
grace_ticks=100 # of 0.1 s for each of the two phases

# Sets parent and born; fails when the process is gone or a zombie.
look_at() {
  { read -r stat_line < "/proc/$1/stat"; } 2> /dev/null || return 1
  # shellcheck disable=SC2086 # the fields are to be split
  set -- ${stat_line##*) }
  case $1 in Z | X) return 1 ;; esac
  parent=$2
  born=${20}
}

lives() { look_at "$1" && [ "$born" = "$2" ]; }

# send SIGNAL ENTRY...: to each PID:START:STOPSIGNAL that still lives.
send() {
  signal=$1
  shift
  for entry; do
    pid=${entry%%:*}
    rest=${entry#*:}
    if lives "$pid" "${rest%%:*}"; then kill -s "$signal" "$pid" 2> /dev/null; fi
  done
}

# any_left ENTRY...
any_left() {
  for entry; do
    rest=${entry#*:}
    lives "${entry%%:*}" "${rest%%:*}" && return 0
  done
  return 1
}

# wait_for ENTRY...: until all are gone, or the time is up.
wait_for() {
  ticks=$grace_ticks
  while any_left "$@" && [ "$ticks" -gt 0 ]; do
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

# shellcheck disable=SC2086 # lists of words from here on
any_left $terminate $interrupt || exit 0

# Children (PostgreSQL has many) may be suspended, and stay when their parent has to be killed.
children=
set +f
for directory in /proc/[0-9]*; do
  child=${directory#/proc/}
  look_at "$child" || continue
  child_born=$born
  child_parent=$parent
  for entry in $terminate $interrupt; do
    rest=${entry#*:}
    if [ "$child_parent" = "${entry%%:*}" ] && lives "$child_parent" "${rest%%:*}"; then
      children="$children $child:$child_born:KILL"
    fi
  done
done
set -f

# Instances and Redis first: PostgreSQL goes last, so that votes in flight can still be stored.
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
