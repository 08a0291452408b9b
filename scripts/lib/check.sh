# shellcheck shell=bash
# For the files in scripts/checks/: `source "$CG_LIB/check.sh"`. scripts/test runs each of them after
# the tests, with the environment set up, and counts the lines `ok - NAME` and `not ok - NAME`. One
# that does not name CG_INSTALLED_ runs while the tests without demo data are still under way.
#
#   $CG_TEMPLATE_nodemo, $CG_TEMPLATE_demo     databases with the dependencies only (copy them)
#   $CG_INSTALLED_nodemo, $CG_INSTALLED_demo   databases with the addon installed (copy them)
#   check_database NAME FROM    copy a database; prints the new one's name; it goes when the run ends
#   check_odoo DB OPTIONS...    run Odoo on it and stop; fails when Odoo fails or logs a warning
#   check_python DB < SCRIPT    run a script in Odoo's shell (`env`); an exception fails, commit yourself
#   passed NAME, failed NAME    report one result

# shellcheck source=/dev/null
source "$CG_LIB/common.sh"
# shellcheck source=/dev/null
source "$CG_LIB/database.sh"

passed() { echo "ok - $1"; }
failed() { echo "not ok - $1"; }

check_database() {
  local db
  db=$(run_db "$1")
  db_copy "$2" "$db"
  echo "$db"
}

check_odoo() {
  local db=$1 status=0 log=$CG_RUN_LOGS/check-$1.log
  shift
  spawn "$log" "$CG_PY" -m odoo -d "$db" --no-http --stop-after-init "$@"
  wait_for "$CG_PID" "Odoo on $db" || status=$?
  CG_RESULTS=/dev/null "$CG_PY" "$CG_LIB/report.py" warnings "$log" || status=1
  return "$status"
}

check_python() { "$CG_PY" -m odoo shell -d "$1" --no-http --log-level=warn; }
