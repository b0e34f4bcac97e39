#!/usr/bin/env python3
"""Proves that a build for Vulkan transcribes on the device, and that the words stay the same.

prove-gpu.py CPU-PROGRAM VULKAN-PROGRAM transcribes samples/visit.ogg three times: with the plain program, with the one for Vulkan where no driver is to
be found, and with the same on Mesa's software device (lavapipe: no graphics card is needed, and none is used). Fails when the second did not decode on the
CPU or the third not on the device, when more than one word in fifty is another on the device than without it, or more than one in twenty than in the plain
program, which has kernels of its own and contexts that end where the sound does. That the device works is seen from outside as well: its
driver compiles each of ggml's shaders when it is first to run, and keeps it in a folder that is empty before. The figures are kept in benchmarks/results/.
"""
import datetime
import glob
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLE = "samples/visit.ogg"
PRESET = "fast"
PLAIN, DEVICE = 0.05, 0.02  # words that may differ from the plain program's, and from the same program's without the device, as shares


def transcribe(program, env):
    """Gives the words, the device that the engine names, how many shaders its driver compiled, how often the engine was lost, and the seconds that passed and of CPU."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryDirectory() as shaders:
        run = subprocess.run([program, "--json", "transcribe", "--states", "1", "--preset", PRESET, "--format", "text", SAMPLE], cwd=ROOT,
                             env=dict(os.environ, MESA_SHADER_CACHE_DIR=shaders, **env), capture_output=True, text=True)
        compiled = sum(p.is_file() for p in pathlib.Path(shaders, "mesa_shader_cache").glob("??/*"))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = run.stderr.splitlines()
    if run.returncode:
        sys.exit("%s ended with %d: %s" % (program, run.returncode, "\n".join(lines[-5:])))
    words = re.findall(r"[\w']+", run.stdout.lower())
    devices = [json.loads(line)["device"] for line in lines if '"msg":"engine"' in line]
    if len(devices) != 1 or len(words) < 100:
        sys.exit("%s named its device %d times and heard %d words" % (program, len(devices), len(words)))
    return words, devices[0], compiled, run.stderr.count('"msg":"engine lost'), time.monotonic() - began, used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime


def distance(a, b):
    """How many words are put in, left out or replaced."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    plain, vulkan = (os.path.abspath(p) for p in sys.argv[1:])
    drivers = glob.glob("/usr/share/vulkan/icd.d/lvp_icd*.json")
    if not drivers:
        sys.exit("no software device: scripts/setup-packages.sh lavapipe installs it")
    # ggml leaves out devices that are made by software, unless they are named. Numbers of 16 bits only cost time on a CPU, and a window may take two minutes.
    software = {"VK_ICD_FILENAMES": drivers[0], "VK_DRIVER_FILES": drivers[0], "GGML_VK_VISIBLE_DEVICES": "0", "GGML_VK_DISABLE_F16": "1"}
    nothing = {"VK_ICD_FILENAMES": "/dev/null", "VK_DRIVER_FILES": "/dev/null"}
    load = os.getloadavg()[0]
    report, faults, heard = [], [], []
    for name, program, env, card in (("plain program", plain, software, False), ("Vulkan, no driver", vulkan, nothing, False), ("Vulkan, software device", vulkan, software, True)):
        words, device, compiled, lost, seconds, cpu = transcribe(program, env)
        heard.append(words)
        far, near = distance(heard[0], words), distance(heard[-2:][0], words)
        report.append("%-24s %s: %d shaders, engine lost %d times, %.0f s, %.0f s of CPU, %d words; %d differ from the plain program's, %d from those above" %
                      (name, device, compiled, lost, seconds, cpu, len(words), far, near))
        print(report[-1], flush=True)
        if far > PLAIN * len(words) or card and near > DEVICE * len(words):
            faults.append("%s: too many words differ" % name)
        if (device != "CPU") != card or (compiled > 0) != card:
            faults.append("%s: it was %sto be done on the device" % (name, "" if card else "not "))
    report += ["FAILED  " + f for f in faults] or ["as it should be"]
    print("\n".join(report[3:]))
    head = "%s  %s, %d cores, load at the start %.1f, %s, preset %s\n" % (datetime.date.today(), os.uname().machine, os.cpu_count(), load, SAMPLE, PRESET)
    (ROOT / ("benchmarks/results/gpu-%s.txt" % datetime.date.today())).write_text(head + "\n".join(report) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
