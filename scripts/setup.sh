# Sourced by scripts/demo and scripts/test. Makes .venv in the clone and installs this project into it, where
# pyproject.toml has changed since the last time. Needs only Python 3.11 or newer.
#
#   . setup.sh; set_up EXTRA      afterwards $root is the clone, $python the interpreter of its virtual environment

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python

say() { printf '%s\n' "$*" >&2; }

# The newest Python on the PATH that is new enough; PYTHON names another.
find_python() {
  local name
  for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s\n' "$name"
      return
    fi
  done
  say "Python 3.11 or newer is needed, and none was found (looked for python3, python3.11 to python3.14, python)."
  say "Found: $(python3 --version 2>&1 | head -n 1). Install a newer one, or name it: PYTHON=/path/to/python $0"
  return 1
}

make_venv() {
  local base
  base=$(find_python) || return 1
  say "Making a virtual environment in .venv with $("$base" --version)"
  rm -rf -- "$venv"
  if ! "$base" -m venv "$venv" >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -rf -- "$venv"
    say "Python can't make virtual environments here. On Debian and Ubuntu: apt install python3-venv"
    return 1
  fi
}

# The extras that are installed belong to one state of pyproject.toml: its checksum is kept beside them.
set_up() {
  local extra=$1 stamp sum log
  log=$(mktemp) || return 1
  trap 'rm -f -- "$log"' EXIT
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || make_venv || return 1
  stamp=$venv/.installed-$extra
  sum="$(cksum <"$root/pyproject.toml") $root"
  if [ "$(cat -- "$stamp" 2>/dev/null)" != "$sum" ]; then
    say "Installing mist-reconciler[$extra] into .venv (once; a minute or so)"
    if ! (cd -- "$root" && "$python" -m pip install --disable-pip-version-check --quiet --editable ".[$extra]") >"$log" 2>&1; then
      tail -n 20 "$log" >&2
      say "The installation failed; the last lines of pip are above. Is the package index reachable?"
      return 1
    fi
    printf '%s\n' "$sum" >"$stamp"
  fi
  rm -f -- "$log"
}
