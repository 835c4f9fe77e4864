"""Mutants of a C file, made mechanically over the whole of it: one small change at a time, as a slip of the hand would make it.

    + - * / %  += -=  ++ --        another of them
    < <= > >= == !=                the border moved, or the opposite
    && ||  !                       the other; dropped
    a number                       one more, one less
    if while for ?                 the opposite condition
    a call or an assignment        dropped, when it is a statement by itself
    return                         another result

Left alone: words in quotes (SQL and messages), #include, what zg_assert states (a weaker assert is not a wrong till; a call inside one is
dropped like any other), zeroes that only start a struct, and calls that only let memory or a file go: the sanitizers look for those.
"""
import collections
import re

TOKEN = re.compile(r"""(?P<space>\s+|/\*.*?\*/|//[^\n]*)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<word>[A-Za-z_]\w*)
|(?P<number>(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*)|(?P<sign>->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.\.|[^\s\w])""", re.S | re.X)

Token = collections.namedtuple("Token", "kind text start end")
Mutant = collections.namedtuple("Mutant", "line start end text")

SWAPS = {
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "+=": ["-="], "-=": ["+="], "++": ["--"], "--": ["++"],
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
    "&=": ["|="], "|=": ["&="], "*=": ["/="], "/=": ["*="],
}
TYPES = {"char", "int", "void", "bool", "long", "unsigned", "size_t", "wide", "FILE", "json_t", "zg_fen", "zg_milli", "zg_bp", "const", "double"}
LETS_GO = {"free", "close", "fclose", "json_decref", "release", "zg_buffer_clear"}
NOT_VALUES = {"return", "case", "sizeof", "else"}


def tokens_of(text):
    """Without spaces, comments and preprocessor lines other than #define's value."""
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        kind = match.lastgroup
        at = match.end()
        if kind == "sign" and match.group() == "#" and text[:match.start()].rsplit("\n", 1)[-1].strip() == "":
            end = at
            while text[end] != "\n" or text[end - 1] == "\\":
                end += 1
            define = re.match(r"define\s+\w+(?:\([^)]*\))?", text[at:end])
            at = at + define.end() if define else end
            continue
        if kind != "space":
            found.append(Token(kind, match.group(), match.start(), match.end()))
    return found


def closing(tokens, at):
    """Where the bracket at `at` is closed."""
    pairs, depth = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}, 0
    for i in range(at, len(tokens)):
        depth += pairs.get(tokens[i].text, 0) if tokens[i].kind == "sign" else 0
        if depth == 0:
            return i
    return len(tokens) - 1


def is_value_end(tokens, i):
    """Whether a sign after this token stands between two values."""
    if i < 0:
        return False
    token = tokens[i]
    if token.kind == "word":
        is_tag = i > 0 and tokens[i - 1].text in ("struct", "enum", "union")
        return token.text not in NOT_VALUES and token.text not in TYPES and not is_tag and not re.search(r"_t$", token.text)
    return token.kind in ("number", "text") or token.text in (")", "]")


def functions(tokens):
    """(first, last, return type) of each body."""
    found, depth, start = [], 0, 0
    for i, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text == "{":
            if depth == 0 and i > 0 and tokens[i - 1].text == ")":
                head = [t.text for t in tokens[start:i]]
                if "(" in head:
                    kind = re.search(r"((?:enum|struct) \w+|\w+)( \*)?$", " ".join(head[:head.index("(") - 1]))
                    found.append((i, closing(tokens, i), kind.group() if kind else ""))
            depth += 1
        elif token.text == "}":
            depth -= 1
            if depth == 0:
                start = i + 1
        elif token.text == ";" and depth == 0:
            start = i + 1
    return found


def other_results(kind, words):
    """What a function of this type might return instead of `words`."""
    if kind == "bool":
        return [{"true": "false", "false": "true"}.get(words, f"!({words})")]
    if kind == "enum zg_result":
        return ["ZG_BROKEN"] if words == "ZG_OK" else ["ZG_OK"]
    if kind.endswith("*"):
        return ["NULL"] if words != "NULL" else []
    return [f"({words}) + 1"] if kind.split(" ")[0] != "struct" else []


def statements(tokens):
    """Where statements start."""
    found, depth = set(), 0
    for i, token in enumerate(tokens[:-1]):
        if token.kind != "sign" and token.text != "else":
            continue
        if token.text in ("(", "["):
            depth += 1
        elif token.text in (")", "]"):
            depth -= 1
        is_block = token.text == "{" and (tokens[i - 1].text in (")", "else", "do", ";", "{", "}"))
        is_label = token.text == ":" and ("default" in (tokens[i - 1].text,) or tokens[i - 2].text == "case")
        if depth == 0 and (token.text in (";", "}", "else") or is_block or is_label):
            found.add(i + 1)
    for i, token in enumerate(tokens):
        if token.text in ("if", "for", "while") and tokens[i + 1].text == "(":
            found.add(closing(tokens, i + 1) + 1)
    return found


def mutants(text):
    tokens = tokens_of(text)
    bodies = functions(tokens)
    made = []

    def change(first, last, becomes):
        start, end = tokens[first].start, tokens[last].end
        becomes += "\n" * (text[start:end].count("\n") - becomes.count("\n"))    # lines stay where they are
        made.append(Mutant(text.count("\n", 0, start) + 1, start, end, becomes))

    def body_of(i):
        return next((body for body in bodies if body[0] < i < body[1]), None)

    starts, asserted = statements(tokens), 0
    for i, token in enumerate(tokens):
        body = body_of(i)
        before = tokens[i - 1].text if i else ""
        if body and i in starts and token.text != "}":
            statement(tokens, i, body, change, text)
        if token.text == "zg_assert" and i + 1 < len(tokens) and tokens[i + 1].text == "(":
            asserted = closing(tokens, i + 1)
        if i < asserted:
            continue
        if token.kind == "number":
            if before == "{" and tokens[i + 1].text == "}":
                continue
            number = re.match(r"0[xX][0-9a-fA-F]+|\d+", token.text).group()
            value, tail = int(number, 16 if number[:2].lower() == "0x" else 10), token.text[len(number):]
            for near in (value + 1, value - 1):
                change(i, i, f"{near}{tail}" if near >= 0 else f"({near}{tail.replace('u', '').replace('U', '')})")
        elif token.kind == "sign":
            if token.text == "!" and tokens[i + 1].text != "!":
                change(i, i, "")
            elif token.text in SWAPS and (token.text not in "+-*&" or is_value_end(tokens, i - 1)):
                for other in SWAPS[token.text]:
                    change(i, i, other)
            elif token.text == "?":
                start = i - 1
                depth = 0
                while start > 0 and (depth > 0 or tokens[start].text not in ("=", "return", ",", "(", "?", ":", ";", "{", "}", "[")):
                    depth += {")": 1, "]": 1, "(": -1, "[": -1}.get(tokens[start].text, 0)
                    start -= 1
                change(start + 1, i - 1, f"!({text[tokens[start + 1].start:tokens[i - 1].end]})")
        elif token.text in ("if", "while") and tokens[i + 1].text == "(":
            end = closing(tokens, i + 1)
            change(i + 2, end - 1, f"!({text[tokens[i + 2].start:tokens[end - 1].end]})")
    return made


def statement(tokens, i, body, change, text):
    """Drops the statement that starts here, or returns something else."""
    end = i
    while end < body[1] and tokens[end].text != ";":
        if tokens[end].text in ("(", "[", "{"):
            end = closing(tokens, end)
        end += 1
    words = tokens[i:end]
    if not words or tokens[end].text != ";" or "{" in [t.text for t in words[:1]]:
        return
    if words[0].text == "return":
        if len(words) > 1:
            for other in other_results(body[2], text[words[1].start:words[-1].end]):
                change(i + 1, end - 1, other)
        return
    if words[0].text in ("if", "for", "while", "do", "switch", "case", "default", "break", "continue", "goto", "else", "static", "struct",
                         "enum", "const", "va_list") or words[0].text == ")":
        return
    is_call = len(words) > 2 and words[0].kind == "word" and words[1].text == "(" and closing(tokens, i + 1) == end - 1
    if words[0].text in LETS_GO:
        return
    if words[0].text == "(" and words[1].text == "void":
        is_call = True
    if words[0].text == "zg_assert" and not any(a.kind == "word" and b.text == "(" for a, b in zip(words[2:], words[3:])):
        return
    is_declared = words[0].kind == "word" and len(words) > 1 and (words[1].kind == "word" or (words[1].text == "*" and words[0].text in TYPES))
    if is_call or (not is_declared and any(t.text in ("=", "+=", "-=", "|=", "&=", "*=", "/=", "++", "--") for t in words)):
        change(i, end, ";")
