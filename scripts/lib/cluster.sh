# shellcheck shell=bash
# The PostgreSQL server: the one PGHOST names, or a private cluster in the cache, reached by a unix
# socket only. The private one is shared by all scripts of this cache that run at the same time.
# Each holds a shared lock; a watcher waits for the exclusive one and then stops the server, so it
# goes when the last script goes, however that ended.

cluster_setup() {
  unset PGDATABASE PGSERVICE PGDATABASE_TEMPLATE
  if [[ -n ${PGHOST:-} ]]; then
    need_programs psql
    use_given_server
  else
    need_programs postgres
    use_private_cluster
  fi
}

sql() { psql -XAtq -v ON_ERROR_STOP=1 -d "$@"; }

use_given_server() {
  local answer
  export PGUSER=${PGUSER:-$(id -un)} PGCONNECT_TIMEOUT=10
  answer=$(sql postgres -w -c "SELECT current_setting('server_version_num')::int / 10000,
      rolcreatedb OR rolsuper, current_user FROM pg_roles WHERE rolname = current_user" 2>&1) ||
    die "the PostgreSQL server that PGHOST names refuses the connection:" "$answer" \
      "PGHOST=$PGHOST PGPORT=${PGPORT:-5432} PGUSER=$PGUSER${PGPASSWORD:+ (with PGPASSWORD)}" \
      "Correct these, or unset PGHOST to use a private server."
  [[ $answer != *"|postgres" ]] || die "Odoo refuses to work as the database user postgres" \
    "Set PGUSER to a role of its own: CREATE ROLE odoo LOGIN CREATEDB"
  [[ $answer == *"|t|"* ]] || die "the database user $PGUSER may not create databases" \
    "On that server: ALTER ROLE \"$PGUSER\" CREATEDB"
  ((${answer%%|*} >= 13)) || die "Odoo 19 needs PostgreSQL 13 or newer, the server is ${answer%%|*}"
}

use_private_cluster() {
  local version
  version=$("$CG_PG_BIN/postgres" -V | sed 's/[^0-9]*\([0-9]*\).*/\1/')
  CG_PG_AS=()
  CG_PG=$CG_CACHE/postgres-$version
  if ((UID == 0)); then cluster_as_other_user; fi
  mkdir -p "$CG_PG"
  chmod 711 "$CG_PG"
  if ((UID == 0)); then chown "$CG_PG_UID:$CG_PG_GID" "$CG_PG"; fi
  # Shared: many scripts may use the cluster. Waits while a watcher is just stopping it.
  exec 9>>"$CG_PG/use.lock"
  flock -s 9
  at_exit leave_cluster
  with_lock "postgres-$version" start_cluster
  export PGHOST=$CG_PG_SOCKET PGUSER=odoo
  unset PGPORT PGPASSWORD
  setsid flock -w 5 -E 0 "$CG_PG/watcher.lock" flock -x "$CG_PG/use.lock" \
    "${CG_PG_AS[@]}" "$CG_PG_BIN/pg_ctl" -D "$CG_PG/data" -m fast -w stop \
    >/dev/null 2>&1 </dev/null 8>&- 9>&- &
}

# PostgreSQL refuses to run as root. As nobody it may not enter root's home, so it gets the right to
# pass there; without that right the cluster moves to /var/tmp.
cluster_as_other_user() {
  CG_PG_UID=$(id -u nobody) CG_PG_GID=$(id -g nobody)
  local as=(setpriv --reuid="$CG_PG_UID" --regid="$CG_PG_GID" --clear-groups)
  local caps=(--inh-caps=+dac_override --ambient-caps=+dac_override)
  "${as[@]}" true 2>/dev/null ||
    die "PostgreSQL cannot run as root and this container does not let root start it as another user" \
      "Run this script as an ordinary user, or set PGHOST to a PostgreSQL server."
  # The programs look for each other in a way that minds only the user, not the right.
  "${as[@]}" test -x "$CG_PG_BIN/postgres" || copy_programs
  if "${as[@]}" "${caps[@]}" touch "$CG_TMP/nobody" 2>/dev/null; then
    CG_PG_AS=("${as[@]}" "${caps[@]}")
  else
    CG_PG_AS=("${as[@]}")
    public_folder
    CG_PG=$CG_PUBLIC/$(basename -- "$CG_PG")
    note "the PostgreSQL cluster is in $CG_PG: the user nobody may not read $CG_CACHE"
  fi
}

# A folder that every user can enter, for what cannot be in root's cache.
public_folder() {
  CG_PUBLIC=/var/tmp/customer_governance-$CG_CACHE_ID
  mkdir -p "$CG_PUBLIC"
  [[ -O $CG_PUBLIC && ! -L $CG_PUBLIC ]] || die "$CG_PUBLIC belongs to somebody else" "Remove it."
}

copy_programs() {
  public_folder
  if [[ ! -e $CG_PUBLIC/programs/.complete ]]; then
    note "copying the PostgreSQL programs to $CG_PUBLIC: the user nobody may not read $CG_CACHE"
    rm -rf -- "$CG_PUBLIC/programs.partial" "$CG_PUBLIC/programs"
    cp -a -- "$(dirname -- "$CG_PG_BIN")" "$CG_PUBLIC/programs.partial"
    mv -- "$CG_PUBLIC/programs.partial" "$CG_PUBLIC/programs"
  fi
  CG_PG_BIN=$CG_PUBLIC/programs/bin
}

pg_as() { (cd / && "${CG_PG_AS[@]}" env LC_ALL=C.UTF-8 "$@"); }

# Called with the lock held.
start_cluster() {
  if [[ ! -e $CG_PG/initialized ]]; then create_cluster; fi
  choose_socket
  if psql -XAtq -h "$CG_PG_SOCKET" -U odoo -d postgres -c '' >/dev/null 2>&1; then return; fi
  remove_stale_pid
  write_settings
  if ! pg_as "$CG_PG_BIN/pg_ctl" -D "$CG_PG/data" -l "$CG_PG/server.log" -w -t 120 start \
    >>"$CG_RUN_LOGS/postgres.log" 2>&1 </dev/null 8>&- 9>&-; then
    tail -n 5 "$CG_PG/server.log" | sed 's/^/    | /' >&2
    die "the private PostgreSQL server does not start" "Details: $CG_PG/server.log" \
      "It holds only test and demo databases: remove $CG_PG to begin anew."
  fi
}

create_cluster() {
  say "Creating the private PostgreSQL cluster (usually 3 s)"
  need_space 1500 "the PostgreSQL cluster"
  rm -rf -- "$CG_PG/data"
  pg_as "$CG_PG_BIN/initdb" -D "$CG_PG/data" -U odoo -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >>"$CG_RUN_LOGS/postgres.log" 2>&1 ||
    die "the PostgreSQL cluster could not be created" "Details: $CG_RUN_LOGS/postgres.log"
  echo "include 'customer_governance.conf'" >>"$CG_PG/data/postgresql.conf"
  touch "$CG_PG/initialized"
}

# The path of a unix socket may have 107 characters; past that it goes to a short folder.
choose_socket() {
  local socket=$CG_PG/socket
  if ((${#socket} > 85)); then
    socket=$(cat "$CG_PG/socket_folder" 2>/dev/null || true)
    if [[ ! -d $socket ]] || [[ ! -O $socket && $UID != 0 ]]; then
      socket=$(TMPDIR=/tmp mktemp -d /tmp/cgpg.XXXXXX)
      echo "$socket" >"$CG_PG/socket_folder"
    fi
  fi
  mkdir -p "$socket"
  chmod 700 "$socket"
  if ((UID == 0)); then chown "$CG_PG_UID:$CG_PG_GID" "$socket"; fi
  CG_PG_SOCKET=$socket
}

# After a reboot the number in postmaster.pid may belong to any program, and the server would not start.
remove_stale_pid() {
  local pid
  pid=$(sed -n 1p "$CG_PG/data/postmaster.pid" 2>/dev/null) || return 0
  [[ $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) == *"$CG_PG/data"* ]] ||
    rm -f -- "$CG_PG/data/postmaster.pid"
}

# Everything in it can be made again, so speed goes before safety against a power cut.
write_settings() {
  local memory shared=1024
  memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
  if ((memory < 8192)); then shared=$((memory / 8)); fi
  cat >"$CG_PG/data/customer_governance.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$CG_PG_SOCKET'
max_connections = 200
shared_buffers = ${shared}MB
effective_cache_size = $((memory / 3))MB
work_mem = 32MB
maintenance_work_mem = 256MB
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 30min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
lc_messages = 'C'
SETTINGS
  if ((UID == 0)); then chown "$CG_PG_UID" "$CG_PG/data/customer_governance.conf"; fi
}

# Let go of the cluster. When we were the last one the watcher now stops it: wait until it has.
leave_cluster() {
  exec 9>&-
  sleep 0.2
  flock -s -w 20 "$CG_PG/use.lock" true
}
