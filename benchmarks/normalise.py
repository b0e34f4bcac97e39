"""Whisper's English text normaliser: a JSON list of texts on standard input, the normalised list on standard output."""

import json
import sys

from whisper_normalizer.english import EnglishTextNormalizer

normalise = EnglishTextNormalizer()
json.dump([normalise(text) for text in json.load(sys.stdin)], sys.stdout)
