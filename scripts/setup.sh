# Sourced by the other scripts. Makes .venv in the clone and installs this project into it, where pyproject.toml has
# changed since the last time. Needs only Python 3.11 or newer. Where CI is set, the versions are those of constraints.txt,
# so that a run comes to the same tomorrow.
#
#   . setup.sh; set_up EXTRA      afterwards $root is the clone, $python the interpreter of its virtual environment

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

say() { printf '%s\n' "$*" >&2; }

# What is installed belongs to one state of pyproject.toml and to one place: a stamp says which. `dev` includes `demo`.
set_up() {
  local extra=$1 sum log constraint=()
  sum="$(cksum <"$root/pyproject.toml") $root"
  if [ -n "${CI:-}" ]; then
    constraint=(--constraint constraints.txt)
    sum="$sum $(cksum <"$root/constraints.txt")"
  fi
  if "$python" -c 'import pip' >/dev/null 2>&1 && "$python" -c "$new_enough"; then
    if is_installed "$extra" || { [ "$extra" = demo ] && is_installed dev; }; then return; fi
  elif "$python" -c '' >/dev/null 2>&1; then
    say ".venv has a Python that is older than 3.11 or has no pip. Remove .venv and run this again."
    return 1
  fi
  log=$(mktemp) || return 1
  "$python" -c '' >/dev/null 2>&1 || make_venv || return 1
  say "Installing mist-reconciler[$extra] into .venv (once; a minute or so)"
  if ! install_into_venv "$extra" ${constraint[@]+"${constraint[@]}"} >"$log" 2>&1; then
    tail -n 20 -- "$log" >&2
    say "The installation failed; the last lines of pip are above. Is the package index reachable?"
    return 1
  fi
  printf '%s\n' "$sum" >"$venv/.installed-$extra"
  rm -f -- "$log"
}

install_into_venv() (
  cd -- "$root"
  "$python" -m pip install --disable-pip-version-check --quiet "${@:2}" --editable ".[$1]"
)

is_installed() { [ "$(cat -- "$venv/.installed-$1" 2>/dev/null)" = "$sum" ]; }

make_venv() {
  local base
  base=$(find_python) || return 1
  say "Making a virtual environment in .venv with $("$base" --version)"
  rm -rf -- "$venv"
  if ! "$base" -m venv "$venv" >"$log" 2>&1; then
    tail -n 5 -- "$log" >&2
    rm -rf -- "$venv"
    say "Python can't make virtual environments here. On Debian and Ubuntu: apt install python3-venv"
    return 1
  fi
}

# The first Python that is new enough; the variable PYTHON names another.
find_python() {
  local name
  for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c "$new_enough" >/dev/null 2>&1; then
      printf '%s\n' "$name"
      return
    fi
  done
  say "Python 3.11 or newer is needed; python3 is: $(python3 --version 2>&1 | head -n 1)"
  say "Install a newer one, or name it: PYTHON=/path/to/python $0"
  return 1
}
