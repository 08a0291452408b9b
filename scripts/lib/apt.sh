# shellcheck shell=bash
# Debian packages without installing them: a scratch apt configuration, download, unpack.
# The mirror is the one this machine's own apt uses; no address is written here.

# apt_config NAME STATUS [SOURCE LINE]: make the scratch configuration, set CG_APT_CONF
apt_config() {
  local dir=$CG_CACHE/apt/$1
  mkdir -p "$dir"/{lists/partial,archives/partial}
  CG_APT_CONF=$dir/apt.conf
  {
    echo "Dir::State \"$dir\"; Dir::State::Lists \"$dir/lists\"; Dir::State::status \"$2\";"
    echo "Dir::Cache \"$dir\"; Dir::Cache::archives \"$dir/archives\"; Dir::Log \"$dir\";"
    echo 'APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Retries "3";'
    echo 'APT::Install-Recommends "false"; APT::Get::List-Cleanup "false";'
    echo '#clear APT::Update::Pre-Invoke; #clear APT::Update::Post-Invoke;'
    echo '#clear APT::Update::Post-Invoke-Success;'
    if [[ -n ${3:-} ]]; then
      printf '%s\n' "$3" >"$dir/sources.list"
      echo "Dir::Etc::SourceList \"$dir/sources.list\"; Dir::Etc::SourceParts \"/dev/null\";"
    fi
  } >"$CG_APT_CONF"
}

apt_scratch() { LC_ALL=C apt-get -c "$CG_APT_CONF" -q "$@"; }

need_apt() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    die "$1 is missing and this machine has no apt to get it with" "${2:-Install it yourself.}"
}

# The first mirror of this machine that is not its security archive.
apt_mirror() {
  apt_config machine /var/lib/dpkg/status
  apt_scratch update --print-uris 2>/dev/null |
    sed -n "s|^'\(.*\)/dists/.*|\1|p" | grep -v security | sed -n 1p || true
}

apt_update() {
  logged "reading package lists" "$CG_RUN_LOGS/apt.log" \
    env LC_ALL=C apt-get -c "$CG_APT_CONF" -q update
}

no_network() {
  die "$1 could not be downloaded" \
    "Is the network there? Do the machine's package mirror and proxy settings work?" "${@:2}"
}

# apt_unpack FOLDER PACKAGE[=VERSION]...: download from the current configuration and unpack
apt_unpack() {
  local folder=$1 debs deb
  shift
  debs=$CG_CACHE/downloads/$(basename -- "$folder").debs
  rm -rf -- "$debs"
  mkdir -p "$debs"
  logged "downloading" "$CG_RUN_LOGS/apt.log" env LC_ALL=C sh -c \
    'cd "$1" && conf=$2 && shift 2 && exec apt-get -c "$conf" -q download "$@"' \
    sh "$debs" "$CG_APT_CONF" "$@" || no_network "$1"
  for deb in "$debs"/*.deb; do
    logged "unpacking" "$CG_RUN_LOGS/apt.log" dpkg-deb -x "$deb" "$folder" ||
      die "cannot unpack $(basename -- "$deb")" "Is the disk full?"
  done
  rm -rf -- "$debs"
}

# apt_closure PACKAGE...: the packages, as name=version, that installing these would bring
apt_closure() {
  apt_scratch --simulate --no-install-recommends install "$@" 2>>"$CG_RUN_LOGS/apt.log" |
    awk '$1 == "Inst" {
      version = ($3 ~ /^\[/) ? $4 : $3
      sub(/^\(/, "", version)
      print $2 "=" version
    }'
}
