# shellcheck shell=bash
# Programs that are not Python: PostgreSQL, browser, PDF tools, a Chinese font.
# The machine's own are used; what is missing is unpacked into the cache, nothing is installed.

# need_programs NAME...: names are the functions have_NAME and the packages below
need_programs() {
  local name missing=()
  for name in "$@"; do "have_$name" || missing+=("$name"); done
  for name in "${missing[@]}"; do fetch_program "$name"; done
}

have_postgres() {
  local dir found=''
  # The last one is the newest of the machine; its own before an unpacked one.
  for dir in "$CG_CACHE"/system/postgres/bin /usr/lib/postgresql/*/bin; do
    if [[ -x $dir/initdb && -x $dir/psql ]]; then found=$dir; fi
  done
  if [[ -z $found ]] && command -v initdb >/dev/null; then
    found=$(dirname -- "$(readlink -f -- "$(command -v initdb)")")
  fi
  [[ -n $found ]] || return 1
  CG_PG_BIN=$found
  export PATH=$CG_PG_BIN:$PATH
}
have_psql() { command -v psql >/dev/null || have_postgres; }
have_chromium() { command -v google-chrome || command -v chromium; } >/dev/null
have_wkhtmltopdf() { command -v wkhtmltopdf; } >/dev/null
have_pdftoppm() { command -v pdftoppm; } >/dev/null
have_msgfmt() { command -v msgfmt; } >/dev/null
have_font() { command -v fc-list >/dev/null && [[ -n $(fc-list :lang=zh-cn family) ]]; }

package_of() {
  case $1 in
    postgres) echo postgresql ;;
    psql) echo postgresql-client ;;
    chromium) echo chromium ;;
    wkhtmltopdf) echo wkhtmltopdf ;;
    pdftoppm) echo poppler-utils ;;
    msgfmt) echo gettext ;;
    font) echo fonts-wqy-microhei ;;
  esac
}

fetch_program() {
  local name=$1 folder=$CG_CACHE/system/$1
  [[ -e $folder/.complete ]] || say "Getting $(package_of "$name") (not on this machine; usually 10-20 s)"
  build_once "$folder" unpack_program
  [[ ! -d $folder/bin ]] || export PATH=$folder/bin:$PATH
  [[ ! -d $folder/usr/share/fonts ]] || use_fonts
  "have_$name" || [[ $name == font ]] ||
    die "$(package_of "$name") was unpacked to $folder but does not have what is needed" \
      "Remove that folder to try again, or install the package yourself."
}

# unpack_program FOLDER: its package and all it needs beyond what the machine has
unpack_program() {
  local folder=$1 name package packages
  name=$(basename -- "$folder")
  package=$(package_of "$name")
  need_apt "$package"
  need_space 1500 "$package"
  apt_config machine /var/lib/dpkg/status
  apt_update || true # a third-party source that does not answer must not matter
  packages=$(apt_closure "$package" | grep -v '^libc6=' || true)
  if [[ -z $packages ]]; then
    apt_scratch policy "$package" >>"$CG_RUN_LOGS/apt.log" 2>&1 || true
    no_network "$package" "Or the machine's package sources do not have it: install it yourself."
  fi
  # shellcheck disable=SC2086
  apt_unpack "$folder" $packages
  write_wrappers "$folder"
}

# write_wrappers FOLDER: bin/NAME starts the unpacked program with its own libraries
write_wrappers() {
  local folder=$1 program triplet
  triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
  mkdir -p "$folder/bin"
  for program in "$folder"/usr/bin/{wkhtmlto,pdfto,pdfinfo,msg}* "$folder"/usr/lib/postgresql/*/bin/*; do
    [[ ! -x $program ]] ||
      write_wrapper "$folder" "$triplet" "$(basename -- "$program")" "${program#"$folder"/}"
  done
  # The package's own start script names absolute paths, so start the browser itself.
  [[ ! -x $folder/usr/lib/chromium/chromium ]] ||
    write_wrapper "$folder" "$triplet" chromium usr/lib/chromium/chromium
}

write_wrapper() {
  local lib=\$root/usr/lib/$2
  cat >"$1/bin/$3" <<WRAPPER
#!/bin/sh
root=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")
LD_LIBRARY_PATH=$lib:\$root/lib/$2:$lib/pulseaudio:$lib/blas:$lib/lapack\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
QT_PLUGIN_PATH=$lib/qt5/plugins
GETTEXTDATADIRS=\$root/usr/share/gettext
export LD_LIBRARY_PATH QT_PLUGIN_PATH GETTEXTDATADIRS
exec "\$root/$4" "\$@"
WRAPPER
  chmod +x "$1/bin/$3"
}

# Fonts of the machine and of every unpacked package.
use_fonts() {
  local conf=$CG_CACHE/system/fonts.conf dir
  {
    echo '<?xml version="1.0"?>'
    echo '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
    echo '<fontconfig>'
    if [[ -e /etc/fonts/fonts.conf ]]; then
      echo '  <include>/etc/fonts/fonts.conf</include>'
    fi
    for dir in "$CG_CACHE"/system/*/usr/share/fonts; do echo "  <dir>$dir</dir>"; done
    echo "  <cachedir>$CG_CACHE/system/fontconfig-cache</cachedir>"
    echo '</fontconfig>'
  } >"$conf.$$"
  mv -f -- "$conf.$$" "$conf"
  export FONTCONFIG_FILE=$conf
}
