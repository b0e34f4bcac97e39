"""Whisper's English text normaliser: a JSON list of texts on standard input, the normalised list on standard output.

It knows every ordinal but "ninth", which it leaves as it is, and "twenty-ninth" as "20 ninth"; whoever writes "29th" is right too.
"""

import json
import re
import sys

from whisper_normalizer.english import EnglishTextNormalizer

whisper = EnglishTextNormalizer()


def normalise(text):
    text = re.sub(r"\b([2-9])0 ninth\b", r"\g<1>9th", whisper(text))
    return re.sub(r"\bninth\b", "9th", text)


json.dump([normalise(text) for text in json.load(sys.stdin)], sys.stdout)
