#!/usr/bin/env bash
# Ask every source and write what is new to the batch file $1.
# Environment, all optional: MODE=full, STRICT=true, ACCEPT_DROP="<id> <reason>", BUDGET=40m.
set -euo pipefail
flags=("--budget=${BUDGET:-40m}")
if [[ ${MODE:-} == full ]]; then flags+=(--full); fi
if [[ -n ${ACCEPT_DROP:-} ]]; then
  id=${ACCEPT_DROP%% *}
  reason=${ACCEPT_DROP#"$id"}
  flags+=("--accept-drop=$id" "--reason=${reason# }")
fi
code=0
sunlit=$(command -v sunlit || echo .venv/bin/sunlit)
"$sunlit" snapshot --batch "$1" "${flags[@]}" || code=$?
if [[ $code -eq 3 ]]; then
  if [[ ${STRICT:-} == true ]]; then
    echo "::error::A source did not answer, or not all projects had their turn, and warnings stop this run."
    rm -f "$1"
    exit 2
  fi
  echo "::warning::A source did not answer, or not all projects had their turn; what is recorded of them stands."
  code=0
fi
exit "$code"
