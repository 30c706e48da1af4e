# Sourced by run and test: brings what is missing, without asking anything. Needs bash; $root is the source tree.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# What the window needs from the system (Qt's xcb and wayland plugins, the keyring, fonts).
system_packages=(
  libegl1 libgl1 libopengl0 libfontconfig1 libglib2.0-0 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0 libx11-xcb1
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
  libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 libxss1
  fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji ca-certificates libenchant-2-2
)
demo_packages=(prosody)
test_packages=(
  prosody prosody-modules lua-dbi-sqlite3 ejabberd erlang-p1-sqlite3 xvfb xauth openbox dbus gnome-keyring at-spi2-core python3-pyatspi fonts-inter
  x11-utils
)
# What builds the package for Debian and Ubuntu, and what its test looks at it with.
package_tools=(binutils dpkg-dev file)
package_test_tools=(lintian desktop-file-utils appstream debootstrap)
command -v node >/dev/null || test_packages+=(nodejs)
command -v npm >/dev/null || test_packages+=(npm)

is_installed() {
  # libglib2.0-0 and its like carry the suffix t64 on newer systems
  local status
  status=$(dpkg-query -W -f '${db:Status-Status}\n' "$1" "$1t64" 2>/dev/null) || true
  grep -qx installed <<<"$status"
}

apt_get() { DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2; }

# Installs those of the given packages that are missing. Servers among them are installed, not started.
bring_packages() {
  command -v dpkg-query >/dev/null || { say "This is not Debian or Ubuntu; please see to it that these are there: $*"; return; }
  local missing=() package
  for package in "$@"; do is_installed "$package" || missing+=("$package"); done
  ((${#missing[@]})) || return 0
  as_root=()
  if ((EUID != 0)); then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo -n --preserve-env=DEBIAN_FRONTEND)
    else
      die "Some packages are missing. Please run this, then try again:
  sudo apt-get install --yes --no-install-recommends ${missing[*]}"
    fi
  fi
  say "Installing ${missing[*]}"
  local policy=/usr/sbin/policy-rc.d blocked=
  if [[ ! -e $policy ]] && printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null; then
    "${as_root[@]}" chmod 755 "$policy"
    blocked=yes
  fi
  local status=0
  apt_get install --yes --no-install-recommends "${missing[@]}" || {
    apt_get update || apt_get update || say "The package lists could not be updated"
    apt_get install --yes --no-install-recommends "${missing[@]}" || status=$?
  }
  [[ -z $blocked ]] || "${as_root[@]}" rm -f "$policy"
  ((status == 0)) || die "These packages could not be installed: ${missing[*]}"
}

is_good_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [[ -n $candidate ]] && command -v "$candidate" >/dev/null && is_good_python "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  die "Whimbrel needs Python 3.11 or newer."
}

# Makes $root/.venv with the package, editable; "$1" is the extra to install ("dev") or empty.
# Skipped where nothing changed since the last time.
bring_python() {
  local extra=$1 stamp="$root/.venv/.installed${1:+-$1}" base
  python="$root/.venv/bin/python"
  if [[ -x $python && -e $stamp && $stamp -nt $root/pyproject.toml ]]; then return; fi
  if [[ ! -x $python ]]; then
    base=$(find_python)
    if ! "$base" -c 'import ensurepip' 2>/dev/null; then bring_packages "$(basename "$(readlink -f "$base")")-venv"; fi
    "$base" -m venv "$root/.venv" </dev/null
  fi
  say "Installing Python packages into .venv"
  "$python" -m pip install --quiet --disable-pip-version-check --no-input --retries 5 \
    --editable "$root${extra:+[$extra]}" </dev/null >&2 || die "The Python packages could not be installed."
  touch "$stamp"
}

# The friend of the end-to-end tests uses an npm package.
bring_friend() {
  local folder="$root/tests/e2e"
  [[ -e $folder/package.json && ! -d $folder/node_modules/@xmpp/client ]] || return 0
  command -v npm >/dev/null || { say "npm is missing: tests with a friend on @xmpp/client will say so"; return 0; }
  say "Installing @xmpp/client"
  npm install --prefix "$folder" --no-audit --no-fund --no-package-lock --loglevel=error --fetch-timeout=60000 </dev/null >&2 ||
    npm install --prefix "$folder" --no-audit --no-fund --no-package-lock --loglevel=error --fetch-timeout=60000 </dev/null >&2 ||
    die "@xmpp/client could not be installed."
}
