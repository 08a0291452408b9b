# shellcheck shell=bash
# Databases. Names: cg_<cache>_tpl_<key>_<kind> dependency templates; cg_<cache>_run_<process>_<name>
# belong to one run and go with it. A database and its filestore (a folder of the same name) go together.

databases_setup() {
  CG_DATA=$CG_CACHE/data
  mkdir -p "$CG_DATA/filestore"
  CG_RUN_DBS=cg_${CG_CACHE_ID}_run_$(process_key $$)
  at_exit drop_run_databases
  drop_leftovers
}

db_exists() { [[ $(sql postgres -c "SELECT 1 FROM pg_database WHERE datname = '$1'") == 1 ]]; }

# db_names LIKE-PATTERN
db_names() { sql postgres -c "SELECT datname FROM pg_database WHERE datname LIKE '${1//_/\\_}' ORDER BY 1"; }

db_drop() {
  dropdb --if-exists --force "$1" >/dev/null 2>&1 || dropdb --if-exists "$1"
  rm -rf -- "${CG_DATA:?}/filestore/$1"
}

# db_copy FROM TO: the filestore first, a database without it answers its pages with errors
db_copy() {
  db_drop "$2"
  if [[ -d $CG_DATA/filestore/$1 ]]; then cp -a -- "$CG_DATA/filestore/$1" "$CG_DATA/filestore/$2"; fi
  createdb -T "$1" "$2" || die "cannot copy the database $1 to $2" "Is somebody connected to $1?"
}

db_rename() {
  rm -rf -- "${CG_DATA:?}/filestore/$2"
  if [[ -d $CG_DATA/filestore/$1 ]]; then mv -- "$CG_DATA/filestore/$1" "$CG_DATA/filestore/$2"; fi
  sql postgres -c "ALTER DATABASE \"$1\" RENAME TO \"$2\""
}

# A note kept with the database itself: what it was made from.
db_mark() { sql postgres -c "COMMENT ON DATABASE \"$1\" IS '$2'"; }
db_marked() {
  sql postgres -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"
}

addon_is_installed() {
  [[ -n $(sql "$1" -c "SELECT 1 FROM ir_module_module
    WHERE name = '$CG_MODULE' AND state IN ('installed', 'to upgrade')") ]]
}

# run_db NAME: a database name that belongs to this run
run_db() { echo "${CG_RUN_DBS}_$1"; }

drop_run_databases() {
  local db
  for db in $(db_names "${CG_RUN_DBS}_%" 2>/dev/null); do db_drop "$db"; done
}

# Databases of runs that were killed.
drop_leftovers() {
  local db key
  for db in $(db_names "cg_${CG_CACHE_ID}_run_%"); do
    key=${db#"cg_${CG_CACHE_ID}_run_"}
    [[ $key =~ ^[0-9]+_[0-9]+ ]] || continue
    process_lives "${BASH_REMATCH[0]}" || db_drop "$db"
  done
}

# --- dependency templates ---------------------------------------------------

# templates_setup KIND...: kinds are nodemo and demo; sets CG_TEMPLATE_nodemo, CG_TEMPLATE_demo.
# A template has everything the addon depends on, so that a test run installs only the addon.
templates_setup() {
  local kind key missing=()
  CG_DEPENDS=$(manifest_depends)
  key=$(short_hash "2 $CG_DEPENDS $CG_ODOO_VERSION $CG_PINS")
  for kind in "$@"; do
    printf -v "CG_TEMPLATE_$kind" 'cg_%s_tpl_%s_%s' "$CG_CACHE_ID" "$key" "$kind"
    template_is_ready "$(template "$kind")" || missing+=("$kind")
  done
  if ((${#missing[@]})); then
    with_lock templates build_templates "${missing[@]}"
  fi
  for kind in "$@"; do db_mark "$(template "$kind")" "used $(date +%F)"; done
  drop_old_templates
}

template() {
  local variable=CG_TEMPLATE_$1
  echo "${!variable}"
}

template_is_ready() { [[ -d $CG_DATA/filestore/$1 ]] && db_exists "$1"; }

build_templates() {
  local kind db log options pids=() names=() i failed=0
  need_space 1500 "the databases"
  say "Installing what the addon depends on: $* (usually 60 s, with demo data 120 s)"
  for kind in "$@"; do
    db=$(template "$kind")
    template_is_ready "$db" && continue
    db_drop "$db"
    db_drop "${db}_build"
    log=$CG_RUN_LOGS/template-$kind.log
    options=(-d "${db}_build" -i "$CG_DEPENDS" --no-http --stop-after-init)
    if [[ $kind == demo ]]; then options+=(--with-demo); fi
    spawn_odoo "$log" "${options[@]}"
    pids+=("$CG_PID") names+=("$kind")
  done
  for i in "${!pids[@]}"; do
    wait_for "${pids[i]}" "installing (${names[i]})" || failed=1
    log=$CG_RUN_LOGS/template-${names[i]}.log
    db=$(template "${names[i]}")
    if ((failed)) || ! template_is_whole "${db}_build"; then
      tail -n 15 "$log" | sed 's/^/    | /' >&2
      die "the modules $CG_DEPENDS could not be installed in a new database" "Details: $log"
    fi
    mkdir -p "$CG_DATA/filestore/${db}_build"
    db_rename "${db}_build" "$db"
  done
}

template_is_whole() {
  local count
  count=$(sql "$1" -c "SELECT count(*) FROM ir_module_module
    WHERE state = 'installed' AND name IN ('${CG_DEPENDS//,/\',\'}')")
  ((count == $(tr ',' '\n' <<<"$CG_DEPENDS" | wc -l)))
}

# Templates of other dependencies or pins that nobody has used for two weeks.
drop_old_templates() {
  local db
  for db in $(db_names "cg_${CG_CACHE_ID}_tpl_%"); do
    [[ $(db_marked "$db") < "used $(date -d '14 days ago' +%F)" ]] || continue
    [[ $db == *_build ]] || db_drop "$db"
  done
}
