#!/usr/bin/env bash
# One call on the lent GPU machine; call it three times (README.md here). Each goes on where the last one stopped.
#   first call of a machine:  carry [".neural"], command: bash models/training/neural/gpu_run.sh
#   on a fresh machine, after the first was lost: copy what came back to .neural/back, and
#     command: SPENT_MINUTES=<minutes trained> bash models/training/neural/gpu_run.sh
# In $OUT (at most 8 files of 16 MiB): safetensors, rest.tar (json, tokenizer, card, reports), log.txt.
set -euo pipefail
export PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false BRIEFING_TRAIN_THREADS=8
here=models/training/neural
config=${CONFIG:-$here/configs/h200.toml}
# Outside the working tree: what a call carries replaces what lies there.
work=${NEURAL_WORK:-/tmp/neural_run}
: "${OUT:?is set by the device tool}"
exec > >(tee -a "$OUT/log.txt") 2>&1
date
nvidia-smi --query-gpu=name,memory.used --format=csv,noheader || true
python3 "$here/unpack.py" .neural/pack.tar.xz --work "$work"

if [ ! -e "$work/pretraining_finished" ]; then
  init=()
  if [ ! -e "$work/pretrain.pt" ] && [ -e .neural/back/head.json ]; then
    init=(--init .neural/back --spent-minutes "${SPENT_MINUTES:?minutes that the weights in .neural/back were trained}")
  fi
  python3 "$here/pretrain.py" --config "$config" --work "$work" --workers 8 --limit-minutes "${LIMIT_MINUTES:-8.2}" "${init[@]}"
  model=pretrained
fi
# The call in which pre-training ends stops there: fine-tuning has a call to itself.
if [ -e "$work/pretraining_finished" ] && [ "${model:-}" != pretrained ]; then
  python3 "$here/finetune.py" --config "$config" --work "$work"
  model=finetuned
fi
rm -rf "$work/export"
python3 "$here/export.py" --work "$work" --model "$model" --out "$work/export" --name "$model"
cp "$work"/export/*.safetensors "$OUT/"
[ ! -e "$work/$model/report.json" ] || cp "$work/$model/report.json" "$work/export/"
tar -C "$work/export" --exclude='*.safetensors' -cf "$OUT/rest.tar" .
ls -l "$OUT"
date
