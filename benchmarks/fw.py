"""faster-whisper over files: writes {"texts", "words", "startup_s", "versions"} as JSON to --out."""

import time

started = time.monotonic()

import argparse
import json

import ctranslate2
import faster_whisper

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True, help="folder of the weights in CTranslate2's layout")
parser.add_argument("--out", required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--beam", type=int, default=5)
parser.add_argument("--vad", action="store_true")
parser.add_argument("--batch", type=int, default=0)
parser.add_argument("--words", action="store_true", help="also when each word was said and its probability")
parser.add_argument("files", nargs="+")
args = parser.parse_args()

model = faster_whisper.WhisperModel(
    args.model, device="cpu", compute_type="int8", cpu_threads=args.threads, local_files_only=True
)
options = {"language": "en", "beam_size": args.beam, "word_timestamps": args.words}
if args.batch:
    # The batched pipeline cannot work without voice activity detection.
    transcribe = faster_whisper.BatchedInferencePipeline(model=model).transcribe
    options["batch_size"] = args.batch
else:
    transcribe = model.transcribe
    options["vad_filter"] = args.vad
startup = time.monotonic() - started

texts, words = [], []
for path in args.files:
    segments = list(transcribe(path, **options)[0])
    texts.append(" ".join(segment.text.strip() for segment in segments))
    words.append([[w.word.strip(), w.start, w.end, w.probability] for s in segments for w in s.words or []])

with open(args.out, "w", encoding="utf-8") as f:
    json.dump(
        {
            "texts": texts,
            "words": words,
            "startup_s": startup,
            "versions": {"faster-whisper": faster_whisper.__version__, "ctranslate2": ctranslate2.__version__},
        },
        f,
    )
