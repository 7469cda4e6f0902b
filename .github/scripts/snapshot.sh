#!/usr/bin/env bash
# Ask every source and write what is new to the batch file $1.
# Environment, all optional: MODE=full, STRICT=true, ACCEPT_DROP="<id> <reason>".
set -euo pipefail
flags=()
if [[ ${MODE:-} == full ]]; then flags+=(--full); fi
if [[ -n ${ACCEPT_DROP:-} ]]; then
  id=${ACCEPT_DROP%% *}
  reason=${ACCEPT_DROP#"$id"}
  flags+=("--accept-drop=$id" "--reason=${reason# }")
fi
code=0
.venv/bin/sunlit snapshot --batch "$1" "${flags[@]}" || code=$?
if [[ $code -eq 3 ]]; then
  if [[ ${STRICT:-} == true ]]; then
    echo "::error::A source did not answer, and warnings stop this run."
    exit 2
  fi
  echo "::warning::A source did not answer; its last observations stand."
  code=0
fi
exit "$code"
