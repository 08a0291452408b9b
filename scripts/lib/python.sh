# shellcheck shell=bash
# The Python environment: every package at the version in requirements*.txt, in a folder named by
# their hash, so that a change of pins makes a new one and old checkouts keep theirs.

python_setup() {
  local version pins
  CG_PYTHON=${CG_PYTHON:-python3}
  command -v "$CG_PYTHON" >/dev/null ||
    die "no python3 on this machine" "Install it: apt-get install python3 python3-venv"
  version=$("$CG_PYTHON" -c 'import sys; print(*sys.version_info[:2], sep=".")')
  "$CG_PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    die "Odoo 19 needs Python 3.10 or newer, $CG_PYTHON is $version" \
      "Set CG_PYTHON to a newer one."
  pins=$(cat "$CG_LIB"/requirements*.txt | md5sum | cut -c1-8)
  CG_PINS=$pins
  CG_VENV=$CG_CACHE/venv-$version-$pins
  [[ -e $CG_VENV/.complete ]] ||
    say "Making the Python environment (100 packages, usually 40 s)"
  build_once "$CG_VENV" build_venv
  CG_PY=$CG_VENV/bin/python
  export PATH=$CG_VENV/bin:$PATH PYTHONNOUSERSITE=1
}

pip_run() {
  PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore PIP_USER=0 \
    logged "$1" "$CG_RUN_LOGS/pip.log" "${@:2}"
}

build_venv() {
  local venv=$1 pins=() install file
  need_space 1000 "the Python packages"
  spawn "$CG_RUN_LOGS/pip.log" "$CG_PYTHON" -m venv "$venv"
  if ! wait_for "$CG_PID" "creating the environment"; then
    # Debian keeps venv's pip in a package of its own; take the wheel out of it.
    "$CG_PYTHON" -m venv --clear --without-pip "$venv" ||
      die "python3 cannot make a virtual environment" "Install python3-venv, or set CG_PYTHON."
    build_pip "$venv"
  fi
  for file in "$CG_LIB"/requirements*.txt; do pins+=(-r "$file"); done
  # The pins are complete, so nothing is resolved: what was tested is what is installed.
  # Not compiled beforehand: that costs more time than the few modules that are used save.
  install=("$venv/bin/python" -m pip install --no-deps --no-compile)
  pip_run "installing Python build tools" "${install[@]}" -r "$CG_LIB/requirements-build.txt" &&
    pip_run "installing Python packages" "${install[@]}" --no-build-isolation "${pins[@]}" ||
    die "the Python packages could not be installed" \
      "Is the network there, and does pip's index work? Details: $CG_RUN_LOGS/pip.log"
}

build_pip() {
  local folder=$CG_CACHE/downloads/pip wheel
  need_apt python3-pip-whl "Install python3-venv."
  apt_config machine /dev/null
  apt_update || true
  apt_unpack "$folder" python3-pip-whl
  wheel=$(find "$folder" -name 'pip-*.whl' | head -n 1)
  pip_run "installing pip" "$1/bin/python" "$wheel/pip" install --no-index "$wheel" ||
    die "pip could not be set up" "Install python3-venv."
}
