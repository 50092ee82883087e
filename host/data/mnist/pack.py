#!/usr/bin/env python3
"""Packs the images of MNIST into the form they have here, or unpacks them again.

    pack.py pack FOLDER      FOLDER/*-images-idx3-ubyte  ->  *-images.runs.gz, *-images.ink.gz beside this file
    pack.py unpack FOLDER    the other way round

Needs Python 3, and `zopfli` to pack: version 1.0.3 made the files here. README.md describes the form.
"""

import gzip
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PIXELS = 784
HEADER = 16  # bytes: 2051, number of images, 28, 28


def runs_of(image):
    """The runs of one image: paper before the ink, pixels of ink; for each run of ink. Then 0."""
    end = 0
    for ink in re.finditer(rb"[^\0]+", image):
        paper = ink.start() - end
        length = ink.end() - ink.start()
        end = ink.end()
        assert paper > 0 and length < 256, "an image that this form does not have room for"
        yield from [255] * (paper // 255) + [paper % 255, length]
    yield 0


def pack(file):
    images = file[HEADER:]
    runs = bytearray()
    for start in range(0, len(images), PIXELS):
        runs.extend(runs_of(images[start : start + PIXELS]))
    return bytes(runs), images.replace(b"\0", b"")


def unpack(runs, ink):
    images = bytearray()
    runs, used = iter(runs), 0
    count = 0
    while (run := next(runs, None)) is not None:
        image = bytearray()
        while run:
            paper = run
            while run == 255:
                run = next(runs)
                paper += run
            length = next(runs)
            image += bytes(paper) + ink[used : used + length]
            used += length
            run = next(runs)
        images += image.ljust(PIXELS, b"\0")
        count += 1
    header = b"".join(number.to_bytes(4, "big") for number in (2051, count, 28, 28))
    return header + bytes(images)


def main(verb, folder):
    for part in ("train", "t10k"):
        original = Path(folder) / f"{part}-images-idx3-ubyte"
        streams = [HERE / f"{part}-images.{kind}" for kind in ("runs", "ink")]
        if verb == "pack":
            for path, data in zip(streams, pack(original.read_bytes())):
                path.write_bytes(data)
                subprocess.run(["zopfli", path], check=True)
                path.unlink()
        else:
            packed = (path.with_name(path.name + ".gz").read_bytes() for path in streams)
            original.write_bytes(unpack(*map(gzip.decompress, packed)))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("pack", "unpack"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
