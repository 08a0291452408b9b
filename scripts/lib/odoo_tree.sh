# shellcheck shell=bash
# Odoo 19 itself: the tree that ODOO_PATH names, or Debian's package unpacked into the cache.

# Other Debian packages that the tree links into (without them the login page fails).
CG_ODOO_EXTRAS=(libjs-jquery libjs-underscore libjs-jquery-form fonts-montserrat
  fonts-roboto-unhinted fonts-inconsolata)
# Odoo draws its icons with version 4; unstable has 7 under other names.
CG_FONT_AWESOME=XStatic-Font-Awesome==4.7.0.0

# odoo_setup: sets CG_ODOO (folder that holds the package `odoo`) and CG_ODOO_VERSION
odoo_setup() {
  if [[ -n ${ODOO_PATH:-} ]]; then
    use_given_odoo
  else
    use_packaged_odoo
  fi
}

odoo_series() { sed -n 's/^version_info = (\([0-9]*\), \([0-9]*\),.*/\1.\2/p' "$1/odoo/release.py"; }

use_given_odoo() {
  local candidate series
  CG_ODOO=''
  for candidate in "$ODOO_PATH" "$ODOO_PATH/usr/lib/python3/dist-packages" "${ODOO_PATH%/odoo}"; do
    if [[ -f $candidate/odoo/release.py ]]; then
      CG_ODOO=$(cd -- "$candidate" && pwd -P)
      break
    fi
  done
  [[ -n $CG_ODOO ]] || die "ODOO_PATH=$ODOO_PATH holds no Odoo" \
    "It must be a checkout of Odoo 19 (with odoo-bin), or the folder that holds the package 'odoo'."
  series=$(odoo_series "$CG_ODOO")
  [[ $series == 19.0 ]] || die "ODOO_PATH=$ODOO_PATH holds Odoo ${series:-of an unknown version}, 19.0 is needed" \
    "Point it to an Odoo 19.0, or unset it to let this script fetch one."
  CG_ODOO_VERSION=$(git -C "$CG_ODOO" rev-parse --short HEAD 2>/dev/null || short_hash "$CG_ODOO")
}

# One that is there is used as it is: no network on later runs. Remove the folder to get a newer one.
use_packaged_odoo() {
  local tree=$CG_CACHE/odoo-19
  [[ -e $tree/.complete ]] || say "Getting Odoo 19 (140 MB to download, usually 30 s)"
  build_once "$tree" build_odoo
  CG_ODOO=$tree/usr/lib/python3/dist-packages
  CG_ODOO_VERSION=$(<"$tree/VERSION")
}

build_odoo() {
  local tree=$1 mirror keyring suite=unstable
  need_apt "Odoo 19" "Set ODOO_PATH to an Odoo 19.0 of your own."
  need_space 3000 "Odoo"
  mirror=${CG_DEBIAN_MIRROR:-$(apt_mirror)}
  keyring=$(find /usr/share/keyrings -name 'debian-archive-keyring.*' 2>/dev/null | sort | head -n 1)
  [[ -n $mirror && -n $keyring && $mirror != *ubuntu* ]] ||
    die "this machine's apt has no Debian mirror to get Odoo 19 from" \
      "Set CG_DEBIAN_MIRROR (and install the package debian-archive-keyring)," \
      "or set ODOO_PATH to an Odoo 19.0 of your own."
  apt_config "$suite" /dev/null "deb [signed-by=$keyring] $mirror $suite main"
  apt_update || no_network "the package list of $suite" "Or set ODOO_PATH to an Odoo 19.0 of your own."
  apt_unpack "$tree" odoo-19 "${CG_ODOO_EXTRAS[@]}"
  [[ $(odoo_series "$tree/usr/lib/python3/dist-packages") == 19.0 ]] ||
    die "the package odoo-19 of $suite is no Odoo 19.0 any more" "Set ODOO_PATH to an Odoo 19.0."
  apt-cache -c "$CG_APT_CONF" show odoo-19 | awk '$1 == "Version:" && !n++ { print $2 }' >"$tree/VERSION"
  complete_odoo "$tree"
}

# What Debian leaves out of the tree and Odoo's own pages ask for.
complete_odoo() {
  local tree=$1 addons=$1/usr/lib/python3/dist-packages/odoo/addons fonts
  mkdir -p "$addons/mail/static/lib/selfie_segmentation"
  : >"$addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
  fonts=$tree/usr/share/fonts-font-awesome/fonts
  mkdir -p "$fonts" "$tree/wheels"
  pip_run "downloading icons" "$CG_PY" -m pip download --no-deps -d "$tree/wheels" "$CG_FONT_AWESOME" ||
    die "the icon font could not be downloaded" "Details: $CG_RUN_LOGS/pip.log"
  "$CG_PY" - "$tree/wheels" "$fonts" <<'PYTHON'
import pathlib, sys, zipfile
wheels, fonts = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
    for name in wheel.namelist():
        if "/fonts/" in name and not name.endswith("/"):
            (fonts / pathlib.PurePath(name).name).write_bytes(wheel.read(name))
PYTHON
  rm -rf -- "$tree/wheels"
  # Moved to another folder since Odoo was packaged.
  mkdir -p "$tree/usr/share/fonts/truetype/inconsolata"
  ln -sf ../../opentype/inconsolata/Inconsolata-Regular.otf \
    "$tree/usr/share/fonts/truetype/inconsolata/Inconsolata.otf"
}
