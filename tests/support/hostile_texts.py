"""Texts, paths and names that mean something on a host, and results of a sync that are full of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from bot.model import Action, Carried, Doubt, FileChange, FileResult, FuzzyMatch, Left, Revision
from bot.report.clashes import Clashing
from bot.report.left_for_people import Standing
from bot.report.source_changes import SourceCommit
from tests.support.reported import COMMIT, CONTEXT, OLD, merged

# What means something on a host, or to a bot, outside code; and what tries to get out of code and tables.
SMUGGLED = [
    *("@canary", "#1", "GH-1", "owner/repo#2", "owner/repo@b28141a", "b28141a1938d74e169493320c91e601431a987eb"),
    *("<!-- canary -->", "<!--", "-->", "</details>", "<details>", "<summary>", "</code>", "<img src=x>"),
    *("&commat;canary", "/amts canary", "/amts sync", "[canary](http://e.org)", "https://e.org/pull/1", "www.e.org"),
    *("canary@e.org", "`", "``", "```", "````", "~~~", "|", "\\", "\\|", "$x$", "\n", "\n\n", "\r", "\u2028"),
    *("\x1b[31m", "\u202e", " ", "字", "עברית", "- ", "[report]: http://e.org", "# canary", "GH\u2060-1", "@org/team"),
    *("fixes #1", "Closes GH-1", "owner/repo#1", "#\xb2", "&#64;canary", "&#x40;canary", "&lt;b&gt;", "\\@canary"),
    *("@\u200bcanary", "@\u2060canary", "http\\://e.org", "<http://e.org>", "<canary@e.org>", "mailto:canary@e.org"),
    *("xmpp:canary@e.org/x", "ftp://e.org", "![x](http://e.org/x.png)", "![x][report]", "[x]: http://e.org"),
    *("[report]", "[^1]", "[^1]: canary", "$`x`$", "$$x$$", "- [ ] canary", "[x] ", "> [!NOTE]", "> canary", "==="),
    *("---", "***", "```math\n", "```geojson\n", "```mermaid\n", "    code", "\t", "<b>", "<details><summary>"),
    *("</summary>", "<!", "<?php", "]]>", "<![CDATA[", "<script>", "<pre>", "<textarea>", "`<!--", "-->`", "a`"),
    *("`a", "\\`", "~~", "**", "__", "*", "_", ":tada:", "<!-- amts:pull-request {} -->"),
    *("`<!-- amts:pull-request {} -->`@canary", "\n<!-- amts:tally eJw= -->\n", "--!>", "\x00", "\u200e", "\u2066"),
    *("\U000e0041", "\x85", "\x1b]8;;http://e.org\x07", "\udce9", "%0A", "::error::", "0000000", "defaced", "x" * 70),
    *("`" * 60, "`" * 90, "\n" + "`" * 300 + "\n", "[" * 40, "<" * 30, "*" * 50),
]

texts = st.lists(st.sampled_from(SMUGGLED), max_size=8).map("".join) | st.text(max_size=30)


paths = texts.map("a{}".format)


fuzzies = st.none() | st.builds(FuzzyMatch, texts, texts, st.floats(0, 1), texts)


lefts = st.builds(Left, texts, texts, st.just((0, 0)), fuzzies, texts)


doubts = st.builds(Doubt, st.lists(texts, min_size=1, max_size=3).map(tuple), texts, st.just((0, 0)))


revisions = st.builds(
    Revision,
    st.sampled_from([Action.KEPT, Action.PATCHED, Action.STALE]),
    *(texts, texts, texts, texts, texts, st.just((0, 0))),
    st.builds(Carried, texts, *[st.lists(texts, max_size=2).map(tuple)] * 3),
    texts,
)


merges = st.builds(
    merged,
    st.lists(lefts, max_size=3),
    texts,
    st.integers(0, 10**6),
    st.integers(0, 9),
    st.lists(doubts, max_size=3),
    st.lists(revisions, max_size=3),
)


results = st.lists(
    st.builds(
        FileResult, paths, paths, st.sampled_from(FileChange), st.none() | merges, texts, texts, paths, st.just(10)
    ),
    max_size=4,
)


contexts = st.builds(
    lambda path, words, commits: replace(
        CONTEXT,
        engine=words,
        standing=(Standing(path, 1, words),),
        clashes=(Clashing(path, 2, words),),
        quote="$1",
        source_url="https://example.org/a/b",
        commits=tuple(SourceCommit(COMMIT, subject) for subject in commits),
        source_base=OLD,
        commands=("/amts help",),
    ),
    texts,
    texts,
    st.lists(texts, max_size=12),
)
