# shellcheck shell=bash
# The addon and how Odoo runs with it.

# environment_setup PROGRAM...: all that is needed before a database can be made
environment_setup() {
  cache_setup
  python_setup
  odoo_setup
  if (($#)); then need_programs "$@"; fi
  cluster_setup
  addon_setup
  databases_setup
}

# Odoo wants the folder to bear the addon's name: a link does, one for each checkout.
addon_setup() {
  local addons=$CG_CACHE/links/$CG_CHECKOUT_ID paths
  [[ -f $CG_ROOT/__manifest__.py ]] || die "$CG_ROOT holds no addon: __manifest__.py is missing"
  mkdir -p "$addons"
  ln -sfn -- "$CG_ROOT" "$addons/$CG_MODULE"
  paths=$addons
  if [[ -d $CG_ODOO/addons ]]; then paths+=,$CG_ODOO/addons; fi
  CG_CONF=$CG_CACHE/links/$CG_CHECKOUT_ID.conf
  cat >"$CG_CONF.$$" <<CONF
[options]
addons_path = $paths
data_dir = $CG_CACHE/data
http_interface = 127.0.0.1
limit_memory_soft = 0
limit_memory_hard = 0
limit_time_real = 1800
CONF
  mv -f -- "$CG_CONF.$$" "$CG_CONF"
  export ODOO_RC=$CG_CONF PYTHONPATH=$CG_ODOO LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
}

manifest_depends() {
  "$CG_PY" - "$CG_ROOT/__manifest__.py" <<'PYTHON'
import ast, sys
manifest = ast.literal_eval(open(sys.argv[1], encoding="utf-8").read())
print(",".join(sorted(manifest["depends"])))
PYTHON
}

# A hash over the files that a database takes in: has anything changed since the addon was installed?
checkout_hash() {
  (
    cd -- "$CG_ROOT"
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
      git ls-files -z --cached --others --exclude-standard
    else
      find . -type f -not -path './.git/*' -not -name '*.pyc' -printf '%P\0'
    fi | grep -zvE '^(\.ci|benchmarks|docs|scripts|tests)/|\.md$' | sort -z |
      { xargs -0 md5sum 2>/dev/null || true; } | md5sum | cut -c1-12
  )
}

# Odoo's first argument may be a command; the options follow.
spawn_odoo() {
  local log=$1
  shift
  spawn "$log" "$CG_PY" -m odoo "$@"
}

free_port() {
  "$CG_PY" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

port_is_free() {
  "$CG_PY" - "$1" <<'PYTHON'
import socket, sys
probe = socket.socket()
probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    probe.bind(("127.0.0.1", int(sys.argv[1])))
except OSError:
    sys.exit(1)
PYTHON
}
