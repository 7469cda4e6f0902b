#!/usr/bin/env bash
# Install the Sunlit that this script is part of into an environment of the job's, once a job, and put it on the PATH.
# Environment, all optional: PYTHON, WHEELS=folder of wheels that stand for a download, filled if need be; RUNNER_TEMP
# and GITHUB_PATH are GitHub's. Whatever is run here has its hash in the lock, so nobody need trust that folder.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
venv=${RUNNER_TEMP:-/tmp}/sunlit
lock=$source/requirements.lock

pip() { "$venv/bin/python" -m pip --disable-pip-version-check --quiet "$@"; }

install() { # with what names the sources of packages
  # first what builds those that have no wheel: pip would fetch it unpinned
  sed -n '/^setuptools==/,/[^\\]$/p' "$lock" >"$venv/build.lock"
  pip install --require-hashes -r "$venv/build.lock" "$@"
  pip install --no-build-isolation --require-hashes -r "$lock" "$@"
}

if [[ ! -e $venv/ready ]]; then
  "${PYTHON:-python3}" -m venv "$venv"
  if [[ -z ${WHEELS:-} ]]; then
    install
  elif ! install --no-index --find-links "$WHEELS" 2>/dev/null; then
    # it lacks something, or holds what the lock does not know
    rm -rf "$WHEELS"
    install
    pip download --no-build-isolation --dest "$WHEELS" --require-hashes -r "$lock"
  fi
  pip install --no-deps --no-build-isolation --no-index "$source"
  touch "$venv/ready"
fi
if [[ -n ${GITHUB_PATH:-} ]]; then echo "$venv/bin" >>"$GITHUB_PATH"; fi
