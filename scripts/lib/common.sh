# shellcheck shell=bash
# What every script shares: messages, a clean stop, locks and cached builds.
# Sourced, never run. File descriptors: 8 = build lock, 9 = "I use the cluster" lock.

set -euo pipefail
umask 022

CG_MODULE=customer_governance
CG_LIB=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
CG_SCRIPTS=$(dirname -- "$CG_LIB")
CG_ROOT=$(dirname -- "$CG_SCRIPTS")

# --- messages ---------------------------------------------------------------

if [[ -t 2 ]]; then
  CG_BOLD=$'\e[1m' CG_RED=$'\e[31m' CG_PLAIN=$'\e[0m'
else
  CG_BOLD='' CG_RED='' CG_PLAIN=''
fi

say() { printf '%s==>%s %s\n' "$CG_BOLD" "$CG_PLAIN" "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
warn() { printf '%swarning:%s %s\n' "$CG_RED" "$CG_PLAIN" "$*" >&2; }

# die MESSAGE [WHAT TO DO]...
die() {
  printf '%serror:%s %s\n' "$CG_RED" "$CG_PLAIN" "$1" >&2
  shift
  local hint
  for hint in "$@"; do printf '       %s\n' "$hint" >&2; done
  exit 1
}

# Print the help text of a script: the comment block that follows its first line.
usage() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }

# need_value OPTION COUNT: an option that takes a value was given without one
need_value() { (($2 > 1)) || die "$1 needs a value" "See: $0 --help"; }

# --- the cache folder -------------------------------------------------------

cache_setup() {
  local base=${XDG_CACHE_HOME:-}
  if [[ -z $base ]]; then
    [[ -n ${HOME:-} ]] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    export HOME
    base=$HOME/.cache
  fi
  CG_CACHE=$base/customer_governance
  mkdir -p "$CG_CACHE"/{locks,logs,downloads,links} 2>/dev/null && [[ -w $CG_CACHE/locks ]] ||
    die "cannot write to the cache folder $CG_CACHE" \
      "Set XDG_CACHE_HOME to a folder of yours, or remove the folder if another user made it."
  CG_CACHE=$(cd -- "$CG_CACHE" && pwd -P)
  # Names made from these never meet those of another user, cache or checkout.
  CG_CACHE_ID=$(short_hash "$(uname -n):$CG_CACHE")
  CG_CHECKOUT_ID=$(short_hash "$CG_ROOT")
  CG_RUN_LOGS=$CG_CACHE/logs/$(date +%Y%m%d-%H%M%S)-$(basename -- "$0")-$$
  mkdir -p "$CG_RUN_LOGS"
  remove_old_logs
  temp_setup
}

short_hash() { printf '%s' "$1" | md5sum | cut -c1-6; }

remove_old_logs() {
  local old
  # Names start with the date, so the order of names is the order of time; keep the newest 20, and those
  # whose run, the number at the end, goes on: a long one has many short ones after it.
  while IFS= read -r old; do kill -0 "${old##*-}" 2>/dev/null || rm -rf -- "$old"; done < <(
    find "$CG_CACHE/logs" -mindepth 1 -maxdepth 1 | sort | head -n -20
  )
}

# A short TMPDIR of our own: what a killed browser leaves in it goes with it.
temp_setup() {
  local dir prefix=${TMPDIR:-/tmp}/customer_governance
  for dir in "$prefix-$UID-"*; do
    [[ -d $dir && -O $dir ]] || continue
    process_lives "${dir##*-}" || rm -rf -- "$dir"
  done
  CG_TMP=$prefix-$UID-$(process_key $$)
  mkdir -m 700 "$CG_TMP" || die "cannot make the folder $CG_TMP" "Is there room on the disk?"
  export TMPDIR=$CG_TMP XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-$CG_TMP}
  at_exit remove_temp
}

remove_temp() { rm -rf -- "$CG_TMP"; }

# need_space MEBIBYTES WHAT: before a step that writes much
need_space() {
  local free
  free=$(df -Pm "$CG_CACHE" | awk 'NR == 2 { print $4 }')
  ((free >= $1)) ||
    die "not enough disk space for $2: $1 MiB needed in $CG_CACHE, $free MiB free" \
      "Make room, or set XDG_CACHE_HOME to a folder on another disk."
}

# --- processes --------------------------------------------------------------

# A process id is used again after a while; with its start time it is unique until the next boot.
process_key() {
  local stat
  stat=$(<"/proc/$1/stat") || return 1
  # The name (second field) may hold spaces: count fields from the closing parenthesis.
  set -- "$1" "${stat##*) }"
  # shellcheck disable=SC2086
  printf '%s_%s' "$1" "$(set -- $2 && echo "${20}")"
}

process_lives() { [[ -d /proc/${1%%_*} && $(process_key "${1%%_*}" 2>/dev/null) == "$1" ]]; }

CG_CHILDREN=() # process groups that this run started
CG_AT_EXIT=()  # functions to call at exit, the last one first

at_exit() { CG_AT_EXIT+=("$1"); }

on_exit() {
  local status=$? i
  trap '' INT TERM HUP # a second Ctrl-C must not leave the rest running
  set +e
  stop_children
  for ((i = ${#CG_AT_EXIT[@]} - 1; i >= 0; i--)); do "${CG_AT_EXIT[i]}"; done
  exit "$status"
}

trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# spawn LOG COMMAND...: start a command as a process group of its own; sets CG_PID. LOG may be -.
# It gets a TERM if this script is killed with no chance to stop it. It keeps the build lock open: what
# is left of a killed build must have ended before the next run begins the build anew.
spawn() {
  local log=$1 command
  shift
  command=(setsid setpriv --pdeathsig TERM -- "$@")
  if [[ $log == - ]]; then
    "${command[@]}" </dev/null 9>&- &
  else
    "${command[@]}" >>"$log" 2>&1 </dev/null 9>&- &
  fi
  CG_PID=$!
  CG_CHILDREN+=("$CG_PID")
}

stop_children() {
  local pid i alive
  for pid in "${CG_CHILDREN[@]}"; do kill -TERM -- "-$pid" 2>/dev/null; done
  for ((i = 0; i < 100; i++)); do
    alive=0
    for pid in "${CG_CHILDREN[@]}"; do kill -0 -- "-$pid" 2>/dev/null && alive=1; done
    ((alive)) || break
    sleep 0.1
  done
  for pid in "${CG_CHILDREN[@]}"; do kill -KILL -- "-$pid" 2>/dev/null; done
  CG_CHILDREN=()
}

forget_child() {
  local pid kept=()
  for pid in "${CG_CHILDREN[@]}"; do [[ $pid == "$1" ]] || kept+=("$pid"); done
  CG_CHILDREN=("${kept[@]}")
}

# wait_for PID LABEL [PROGRESS FUNCTION]: wait and say every 15 s that it goes on.
# Past CG_TIME_LIMIT seconds (when set) it is stopped.
wait_for() {
  local pid=$1 label=$2 progress=${3:-} start=$SECONDS next=15 status=0
  local limit=${CG_TIME_LIMIT:-999999} signal=TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS - start >= next)); then
      next=$((next + 15))
      note "$label: $((SECONDS - start)) s  ${progress:+$("$progress")}"
    fi
    if ((SECONDS - start > limit)); then
      warn "$label takes longer than $limit s: sending $signal"
      kill "-$signal" -- "-$pid" 2>/dev/null || true
      signal=KILL limit=$((limit + 30))
    fi
  done
  wait "$pid" || status=$?
  # What it left running in its group goes too.
  kill -TERM -- "-$pid" 2>/dev/null || true
  forget_child "$pid"
  return "$status"
}

# logged LABEL LOG COMMAND...: run a long command quietly; show the end of its output when it fails
logged() {
  local label=$1 log=$2 status=0
  shift 2
  spawn "$log" "$@"
  wait_for "$CG_PID" "$label" || status=$?
  if ((status)); then
    warn "$label failed (status $status); the end of $log:"
    tail -n 15 "$log" | sed 's/^/    | /' >&2
  fi
  return "$status"
}

# --- locks and builds that are done once ------------------------------------

# with_lock NAME FUNCTION ARGUMENTS...: one run at a time (do not nest)
with_lock() {
  local name=$1
  shift
  exec 8>>"$CG_CACHE/locks/$name.lock"
  if ! flock -n 8; then
    note "another run is busy with $name, waiting for it"
    while ! flock -w 1 8; do :; done
  fi
  "$@"
  flock -u 8
  exec 8>&-
}

# build_once FOLDER FUNCTION: call FUNCTION FOLDER in an empty folder, unless that was done before.
# Only a build that came to its end is marked, so one that was killed starts again.
build_once() {
  [[ -e $1/.complete ]] || with_lock "$(basename -- "$1")" build_locked "$1" "$2"
}

build_locked() {
  [[ ! -e $1/.complete ]] || return 0
  rm -rf -- "$1"
  mkdir -p "$1"
  "$2" "$1"
  touch "$1/.complete"
}
