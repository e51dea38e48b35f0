"""Which parts of an opaque block are words that people translate: the comments and strings of its language, or all of a
glossary, a table of lists, front matter, markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_STRINGS = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
# Without a language an apostrophe may be one of prose: `don't`.
_SURE_STRINGS = r'(?<!\w)"[^"\n]*"(?!\w)|(?<!\w)\'[^\'\n]*\'(?!\w)'
_DOCSTRINGS = r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\''
_WORDS_OF_FORMULAS = r"\\(?:text|textrm|mathrm|mbox)\{[^{}\n]*\}"
# `#@tab` and the like are instructions to a notebook's builder, no comments; they are dealt with by whole lines.
_HASH, _SPACED_HASH = r"#[^\n]*", r"(?<!\S)#[^\n]*"
_SLASHES = r"/\*[\s\S]*?\*/|(?<!:)//[^\n]*"
_DASHES, _PERCENT, _SEMICOLON = r"--[^\n]*", r"(?<!\\)%[^\n]*", r"(?<!\\);[^\n]*"
_MARKUP = r"<!--[\s\S]*?-->"
_ANY = (
    r"(?m:^[ \t]*(?:#(?![@!])|//|--[ \t]|%|;|'[ \t]|[Rr][Ee][Mm][ \t])[^\n]*)|(?<=[ \t])(?:#|//|--|;;)[ \t][^\n]*"
    r"|/\*[\s\S]*?\*/"
)

# Patterns of comments and strings, and the languages that have them.
_LANGUAGES = (
    ((_DOCSTRINGS, _STRINGS, _HASH), "py py3 python python3 ipython ipython3 pycon julia jl r starlark gdscript"),
    ((_STRINGS, _SPACED_HASH), "sh bash zsh fish shell console shell-session ruby rb perl pl tcl make makefile cmake"),
    ((_STRINGS, _SPACED_HASH), "docker dockerfile yaml yml toml elixir ex exs nix nim crystal nginx conf gitignore"),
    ((r"<#[\s\S]*?#>", _STRINGS, _SPACED_HASH), "powershell ps1 pwsh"),
    ((_SLASHES, _STRINGS, r"`(?:\\.|[^`\\])*`"), "js jsx mjs javascript ts tsx typescript go golang"),
    (
        (_SLASHES, _STRINGS),
        "c h cpp c++ cc cxx hpp java cs c# csharp rs rust swift kt kotlin scala dart json jsonc json5",
    ),
    (
        (_SLASHES, _STRINGS),
        "css scss sass less proto protobuf groovy gradle zig verilog v sv glsl hlsl solidity sol cuda",
    ),
    ((_SLASHES, _STRINGS), "objc objective-c objectivec d f# fsharp dot graphviz"),
    ((_SLASHES, _STRINGS, _SPACED_HASH), "php hcl terraform tf"),
    (
        (r"--\[\[[\s\S]*?\]\]", r"\{-[\s\S]*?-\}", r"/\*[\s\S]*?\*/", _DASHES, _STRINGS),
        "sql mysql postgresql plsql lua",
    ),
    ((r"\{-[\s\S]*?-\}", _DASHES, _STRINGS), "haskell hs elm ada adb vhdl applescript purescript idris agda lean"),
    ((r"%\{[\s\S]*?%\}", _PERCENT, r'"[^"\n]*"'), "matlab octave erlang erl prolog postscript ps mermaid"),
    ((_SEMICOLON, r"#\|[\s\S]*?\|#", r'"(?:\\.|[^"\\])*"'), "lisp cl elisp emacs-lisp scheme racket clojure clj edn"),
    ((_SEMICOLON, _SPACED_HASH, _STRINGS), "asm nasm s ini cfg properties dosini autohotkey ahk llvm"),
    ((r"![^\n]*", _STRINGS), "fortran f90 f95"),
    ((r"'[^\n]*|(?im:^[ \t]*rem\b[^\n]*)", r'"[^"\n]*"'), "vb vbnet vb.net vba vbs vbscript basic qbasic freebasic"),
    ((r"(?im:^[ \t]*@?(?:rem\b|::)[^\n]*)", r'"[^"\n]*"'), "bat batch cmd dos dosbatch"),
    ((r'(?m:^[ \t]*"[^\n]*)', r"'[^'\n]*'"), "vim viml vimscript"),
    ((r"\(\*[\s\S]*?\*\)", r"\{[^}$][^}]*\}", r"//[^\n]*", r"'[^'\n]*'"), "pascal delphi"),
    ((r"\(\*[\s\S]*?\*\)", r'"(?:\\.|[^"\\])*"'), "ocaml ml sml coq mathematica wolfram"),
)
_TEXTS = (
    ((_MARKUP, r"\{#[\s\S]*?#\}", r"\{\{!--[\s\S]*?--\}\}", r"/\*[\s\S]*?\*/"), "html xml svg vue svelte jinja jinja2"),
    ((_MARKUP,), "md markdown myst mdx xhtml rss handlebars hbs htmldjango django erb twig"),
    ((_PERCENT,), "tex latex bibtex"),
    ((r"(?m:^[ \t]*\.\.[ \t][^\n]*)",), "rst rest restructuredtext"),
)
# Directives that hold code or formulas, the language is their argument.
_OF_CODE = frozenset({"code", "code-block", "code-cell", "sourcecode", "prompt", "literalinclude", "ipython"})
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,}|:{3,})[ \t]*(.*)")
_DIRECTIVE = re.compile(r"\{([\w:+-]+)\}[ \t]*(.*)")
# What stays of a line that is shown when its words are taken away: its mark, option or key, numbers, tags, addresses.
_MARK = re.compile(r"[ \t>]*((?:[-*+|.`~:{}\w]*[`~:{}*+|-](?=\s|$|\{|[\w-]*\}))?)")
_KEPT = re.compile(r"</?[A-Za-z][\w-]*|(?<=[=\"'(])[!-~]*[./][!-~]*?(?=[\"')])|\d+|/?>")
_INFO = re.compile(r"\{?[ \t]*\.?([\w+#.-]*\w[+#]*)?")


@dataclass(frozen=True, slots=True)
class Syntax:
    """How an opaque block is written. `wording` finds comments, strings and words in formulas. All else is no words,
    unless `is_text`; then it may be, and is if the block `is_shown` to the reader as text. `has_keys` says that lines
    such as `title: …` are keys and values."""

    wording: re.Pattern[str]
    is_text: bool = False
    is_shown: bool = False
    has_keys: bool = False


def _syntax(*patterns: str, is_text: bool = False, is_shown: bool = False, has_keys: bool = False) -> Syntax:
    return Syntax(re.compile("|".join((*patterns, _WORDS_OF_FORMULAS))), is_text, is_shown, has_keys)


_BY_NAME = {name: _syntax(*patterns) for patterns, names in _LANGUAGES for name in names.split()} | {
    name: _syntax(*patterns, is_text=True) for patterns, names in _TEXTS for name in names.split()
}
_FORMULA = _syntax(_PERCENT)
_FRONT_MATTER = _syntax(r"(?<!\S)#[^\n]*", is_text=True, is_shown=True, has_keys=True)
_MARKED_TEXT = _syntax(_MARKUP, r"(?m:^[ \t]*%(?:[ \t][^\n]*)?$)", is_text=True, is_shown=True)
_UNKNOWN = _syntax(_MARKUP, _ANY, _SURE_STRINGS, is_text=True)


def syntax_of(text: str) -> Syntax:
    """The syntax of an opaque block, as its first line tells: a fence with a language or a directive, the line that
    opens front matter or a formula, a tag."""
    return _of_first_line(text.partition("\n")[0].rstrip())


@lru_cache(maxsize=1024)
def _of_first_line(line: str) -> Syntax:
    fence = _FENCE.match(line)
    if fence is None:
        stripped = line.strip()
        if stripped == "---":
            return _FRONT_MATTER
        if stripped.startswith(("$$", "\\begin{", "\\[")):
            return _FORMULA
        return _MARKED_TEXT if stripped.startswith(("<", "% ")) else _UNKNOWN
    info = fence[2].strip()
    directive = _DIRECTIVE.match(info)
    if directive is None and fence[1].startswith(":"):
        return _MARKED_TEXT
    if directive is not None:
        if directive[1] == "math":
            return _FORMULA
        if directive[1] in _OF_CODE:
            info = directive[2]
        elif directive[1].lower() in _BY_NAME:
            info = directive[1]
        else:
            return _MARKED_TEXT
    name = _INFO.match(info)
    return _BY_NAME.get((name[1] or "").lower(), _UNKNOWN) if name else _UNKNOWN


def skeleton(text: str) -> str:
    """An opaque block without its words, nearly the same in every language."""
    syntax = syntax_of(text)
    first, _, rest = text.partition("\n")
    if _FENCE.match(first) is None:
        first, rest = "", text
    bare = syntax.wording.sub('""', rest)
    lines = [first, *bare.split("\n")] if first else bare.split("\n")
    return "\n".join(map(_line_skeleton, lines) if syntax.is_shown else lines)


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas are the same but for their words and white space."""
    return "".join(skeleton(one).split()) == "".join(skeleton(other).split())


def _line_skeleton(line: str) -> str:
    mark = _MARK.match(line)
    end = mark.end() if mark else 0
    rest = line[end:]
    words = "w" if any(letter.isalpha() for letter in _KEPT.sub("", rest)) else ""
    return line[:end] + "".join(_KEPT.findall(rest)) + words
