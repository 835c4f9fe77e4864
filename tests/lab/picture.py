"""A picture of a terminal, as a customer's phone would see it: the cells of tmux (capture-pane -e) with their colours, as PGM.

Blocks are drawn exactly; any other character is a blot in its middle, which is all that a code's surroundings need. The terminal is a
dark one: light letters on black, unless a cell says otherwise.
"""
import os
import re
import subprocess
import unicodedata

WIDE, HIGH = 8, 16    # dots of a cell
GREYS = [0, 54, 182, 228, 18, 76, 160, 229, 127, 76, 220, 240, 92, 128, 200, 255]    # how light the 16 colours of xterm are
LIGHT, DARK = 220, 16


class Pen:
    def __init__(self):
        self.clear()

    def clear(self):
        self.letter = self.ground = None
        self.is_reverse = False

    def take(self, text):
        codes = [int(part or 0) for part in re.split("[;:]", text)]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.clear()
            elif code in (7, 27):
                self.is_reverse = code == 7
            elif code == 39:
                self.letter = None
            elif code == 49:
                self.ground = None
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.letter = GREYS[code % 10 + (8 if code >= 90 else 0)]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.ground = GREYS[code % 10 + (8 if code >= 100 else 0)]
            elif code in (38, 48) and len(codes) >= 2 and codes[0] == 5:
                grey, codes = GREYS[codes[1]] if codes[1] < 16 else codes[1], codes[2:]
                self.letter, self.ground = (grey, self.ground) if code == 38 else (self.letter, grey)

    def greys(self):
        letter = LIGHT if self.letter is None else self.letter
        ground = DARK if self.ground is None else self.ground
        return (ground, letter) if self.is_reverse else (letter, ground)


def cells_of(line, columns, pen):
    """[(character, letter, ground)], a wide character followed by one that is ''."""
    cells = []
    for sgr, other, character in re.findall(r"\x1b\[([0-9;:]*)m|(\x1b.|[\x0e\x0f])|(.)", line):
        if character:
            cells.append((character, *pen.greys()))
            if unicodedata.east_asian_width(character) in "WF":
                cells.append(("", *pen.greys()))
        elif not other:
            pen.take(sgr)
    return cells[:columns] + [(" ", LIGHT, DARK)] * (columns - len(cells))


def dots_of(character, letter, ground):
    """The rows of one cell."""
    upper, lower = {" ": (0, 0), "█": (1, 1), "▀": (1, 0), "▄": (0, 1)}.get(character, (None, None))
    if upper is None:
        blot = bytes([ground] * 2 + [letter] * (WIDE - 4) + [ground] * 2)
        return [bytes([ground]) * WIDE] * 4 + [blot] * (HIGH - 8) + [bytes([ground]) * WIDE] * 4
    half = HIGH // 2
    return [bytes([letter if upper else ground]) * WIDE] * half + [bytes([letter if lower else ground]) * WIDE] * half


def draw(captured, columns, rows):
    """PGM of what capture-pane -e printed."""
    pen, lines = Pen(), captured.split("\n")[:rows]
    body = bytearray()
    for line in lines + [""] * (rows - len(lines)):
        drawn = [dots_of(*cell) for cell in cells_of(line, columns, pen)]
        for dot_row in range(HIGH):
            body += b"".join(cell[dot_row] for cell in drawn)
    return b"P5\n%d %d\n255\n" % (columns * WIDE, rows * HIGH) + bytes(body)


# Braille's dots, down the left column, then down the right, the last row apart; each is 6 x 6 dots of the virtual printer's paper.
BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
GRAIN = 4


def paper(text):
    """PGM of the virtual printer's paper, black on white: what it drew in Braille; words are blots."""
    lines = text.split("\n")
    columns = max(len(line) for line in lines) + 4
    body = bytearray()
    for line in [""] * 2 + lines + [""] * 2:
        cells = ("  " + line).ljust(columns)
        for row in BRAILLE:
            dots = bytearray()
            for cell in cells:
                shape = ord(cell) - 0x2800 if 0x2800 <= ord(cell) < 0x2900 else 0 if cell == " " else 0x36
                for bit in row:
                    dots += bytes([0 if shape & bit else 255]) * GRAIN
            body += bytes(dots) * GRAIN
    return b"P5\n%d %d\n255\n" % (columns * 2 * GRAIN, (len(lines) + 4) * 4 * GRAIN) + bytes(body)


def codes_in(picture, place):
    """What zbarimg reads in a picture (PGM or PNG, bytes): the text of each QR code. place: a directory of ours."""
    path = os.path.join(place, "picture.pgm")
    with open(path, "wb") as file:
        file.write(picture)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=60, check=False)
    return done.stdout.decode("utf-8", "replace").split()
