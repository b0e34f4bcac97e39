"""Speaks sentences with flite and tells when each word is said, from the synthesiser's own segments.

A JSON list of sentences on standard input; 16-bit mono samples go to --out, {"rate", "words": [[text, start_s, end_s], ...]} as
JSON to standard output. Numbers and dates count as the one word that they are in the text.
"""

import argparse
import ctypes
import json
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--voice", required=True, help="slt, rms or awb")
parser.add_argument("--out", required=True)
args = parser.parse_args()


def load(name):
    return ctypes.CDLL(f"libflite{name}.so.1", mode=ctypes.RTLD_GLOBAL)


class Wave(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_char_p),
        ("rate", ctypes.c_int),
        ("samples", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_short)),
    ]


item = ctypes.c_void_p


def function(library, name, result, *arguments):
    f = getattr(library, name)
    f.restype, f.argtypes = result, arguments
    return f


flite = load("")
load("_usenglish")
load("_cmulex")
register = function(load(f"_cmu_us_{args.voice}"), f"register_cmu_us_{args.voice}", item, ctypes.c_char_p)
synthesise = function(flite, "flite_synth_text", item, ctypes.c_char_p, item)
delete = function(flite, "delete_utterance", None, item)
relation = function(flite, "utt_relation", item, item, ctypes.c_char_p)
head = function(flite, "relation_head", item, item)
following = function(flite, "item_next", item, item)
text_of = function(flite, "flite_ffeature_string", ctypes.c_char_p, item, ctypes.c_char_p)
number_of = function(flite, "flite_ffeature_float", ctypes.c_float, item, ctypes.c_char_p)
wave_of = function(flite, "utt_wave", ctypes.POINTER(Wave), item)

FIRST = b"daughter1.R:SylStructure.daughter1.daughter1.R:Segment.p.end"
LAST = b"daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end"

flite.flite_init()
voice = register(None)
rate, done, words = 0, 0, []
with open(args.out, "wb") as out:
    for sentence in json.load(sys.stdin):
        utterance = synthesise(sentence.replace("’", "'").replace("–", ", ").replace("—", ", ").encode("utf-8"), voice)
        wave = wave_of(utterance).contents
        rate = wave.rate
        token = head(relation(utterance, b"Token"))
        while token:
            end = number_of(token, LAST)
            if end > 0:  # a token that is not spoken has no segments
                words.append([text_of(token, b"name").decode("utf-8", "replace"), done / rate + number_of(token, FIRST), done / rate + end])
            token = following(token)
        out.write(ctypes.string_at(wave.data, 2 * wave.samples))
        done += wave.samples
        delete(utterance)
json.dump({"rate": rate, "words": words}, sys.stdout)
