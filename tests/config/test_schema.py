"""A configuration is read, or refused with the line of what is wrong; its JSON Schema says the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.book.project import ADAPTERS, read_config
from bot.config.schema import Config, built_in_engine, json_schema
from bot.engines import BUILT_IN, ENGINES
from bot.engines.amazon.settings import AmazonSettings
from bot.engines.base import EngineSettings
from bot.engines.copy import CopySettings
from bot.engines.memory import MemorySettings
from bot.errors import ConfigError
from bot.forge.local import DryRunForgeSettings, LocalForgeSettings
from bot.forge.registry import FORGES
from config.generate_schema import SCHEMA, schema_text
from tests.support.refused import MINIMAL, refusal
from tests.support.wording import any_of

WITHOUT_SETTINGS = ", ".join(kind for kind in BUILT_IN if built_in_engine(kind, ENGINES))
EXAMPLE = (Path(__file__).parents[2] / "config" / "amts.yaml").read_text(encoding="utf-8")


def test_a_minimal_configuration_gets_the_defaults() -> None:
    config = read_config(MINIMAL)
    assert config.source.branch == "main"
    assert config.source.language == "en"
    assert config.files.include == ("**/*.md",)
    zh = config.languages["zh"]
    assert (zh.language, zh.branch, zh.baseline, zh.origin_suffixes) == ("zh", "main", "origin-file", ("_origin",))
    assert config.engine_of("zh") == MemorySettings(kind="memory")
    assert config.forge == LocalForgeSettings(kind="local", folder=".amts/pull-requests")


def test_the_committed_example_is_valid_and_uses_an_engine_of_its_own() -> None:
    config = read_config(EXAMPLE)
    assert list(config.languages) == ["zh", "es"]
    assert isinstance(config.engine_of("es"), AmazonSettings)


def test_the_committed_example_is_valid_with_all_that_it_has_in_comments() -> None:
    text = re.sub(r"^( *)# (?=[a-z_]+: )", r"\1", EXAMPLE, flags=re.MULTILINE)
    config = read_config(text)
    assert (config.service.cron, list(config.service.windows)) == ("0 */2 * * mon-fri", ["zh"])
    assert (config.languages["zh"].chapters_above, config.languages["zh"].retranslate_below) == (40, 75)


def test_a_configuration_can_not_be_changed() -> None:
    config = read_config(MINIMAL)
    with pytest.raises(ValidationError, match="frozen"):
        config.source.branch = "other"  # type: ignore[misc]  # the point of the test


def test_patterns_of_a_language_add_to_those_of_all() -> None:
    config = read_config(MINIMAL.replace("../zh}", "../zh, include: ['*.rst'], exclude: [drafts]}"))
    files = config.files_of("zh")
    assert (files.include, files.exclude) == (("**/*.md", "*.rst"), ("drafts",))


def test_english_that_is_more_than_90_percent_alike_can_not_be_translated_anew() -> None:
    text = MINIMAL.replace("../zh}", "../zh, retranslate_below: 95}")
    assert refusal(text) == ["amts.yaml:4: languages.zh.retranslate_below: Input should be less than or equal to 90"]


def test_an_entry_of_engines_comes_before_a_built_in_of_its_name() -> None:
    text = MINIMAL + "engines:\n  memory: {kind: copy}\n"
    assert read_config(text).engine_of("zh") == CopySettings(kind="copy")


def test_anchors_and_merge_keys_share_settings() -> None:
    text = """\
version: 1
source: {repo: en}
languages:
  zh: &book
    repo: books
    branch: main
    language: zh
  ja: {<<: *book, language: ja, branch: ja}
"""
    languages = read_config(text).languages
    assert (languages["ja"].repo, languages["ja"].branch, languages["ja"].language) == ("books", "ja", "ja")


def test_a_wrong_value_that_overrides_a_merged_one_names_its_own_line() -> None:
    text = MINIMAL.replace("{repo: ../zh}", "&book\n    repo: ../zh\n    branch: main\n    language: zh")
    assert refusal(text + "  ja:\n    <<: *book\n    branch: [x]\n") == [
        "amts.yaml:10: languages.ja.branch must be text, not a list"
    ]


@pytest.mark.parametrize("value", ["1.10", "2024", "no", "2026-01-01", "on", "1e3", "007", "12:30"])
def test_words_that_yaml_would_turn_into_other_types_stay_as_written(value: str) -> None:
    text = MINIMAL.replace("../zh}", f"../zh, reviewers: [{value}]}}")
    assert read_config(text).languages["zh"].reviewers == (value,)


def test_norwegian_is_not_false() -> None:
    assert read_config(MINIMAL.replace("zh:", "no:")).languages["no"].language == "no"


def test_an_unknown_key_names_its_line_its_section_and_the_nearest_key() -> None:
    text = MINIMAL.replace("{repo: ../zh}", "\n    repo: ../zh\n    brnach: main")
    assert refusal(text) == ['amts.yaml:6: unknown key "brnach" in languages.zh; did you mean "branch"?']


def test_an_unknown_key_like_no_other_lists_the_keys() -> None:
    keys = "version, source, files, languages, engines, forge, service, network"
    assert refusal(MINIMAL + "zzz: 1\n") == [f'amts.yaml:5: unknown key "zzz"; the keys are {keys}']


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("forge: {kind: local, local: x}", 'unknown key "local" in forge; the keys are kind, folder, co_authors'),
        ("forge: {kind: remote}", f'forge.kind must be {any_of(FORGES)}, not "remote"'),
        ("forge: {folder: x}", 'forge lacks the key "kind"'),
        (
            "engines: {a: {kind: amazon, region: us-east-1, role: 'arn:aws:iam::123456789012:role/a'}}",
            'engines.a lacks the key "bucket"',
        ),
        ("engines: {a: {kind: copy, kid: y}}", 'unknown key "kid" in engines.a; did you mean "kind"?'),
        ("engines: {a: {kind: x}}", f'engines.a.kind must be {any_of(BUILT_IN)}, not "x"'),
        ("engines: {a: 3}", 'engines.a must hold keys and values, not "3"'),
        ("engines: [a]", "engines must hold keys and values, not a list"),
        ("files: {include: '*.md'}", 'files.include must be a list, not "*.md"'),
        ("files: {exclude:}", "files.exclude must be a list, not empty"),
        ("files: {include: [{}]}", "files.include[0] must be text, not keys and values"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(section: str, expected: str) -> None:
    assert refusal(MINIMAL + section + "\n") == [f"amts.yaml:5: {expected}"]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("baseline: infre", 'languages.zh.baseline must be origin-file, lock-file or infer, not "infre"'),
        ("branch: [a]", "languages.zh.branch must be text, not a list"),
        ("branch: a b", "languages.zh.branch is not a branch name that git accepts"),
        ("branch: --upload-pack=x", "languages.zh.branch is not a branch name that git accepts"),
        ("engine: memroy", 'languages.zh.engine: there is no engine "memroy"; did you mean "memory"?'),
        ("engine: x", f'languages.zh.engine: there is no engine "x"; there are {WITHOUT_SETTINGS}'),
        (
            "language: chinese",
            'languages.zh.language must be a code such as zh, pt-BR or zh-Hant, not "chinese"',
        ),
        (
            "paths: {'a/*': b}",
            'languages.zh.paths must have one * on both sides or none; "a/*: b" does not',
        ),
        ("paths: {a.md: c.md, b.md: c.md}", 'languages.zh.paths puts both "a.md" and "b.md" at "c.md"'),
        (
            "paths: {a.md: ../a.md}",
            'languages.zh.paths must stay inside its repository, with slashes between folders; "../a.md" does not',
        ),
        (
            "include: ['!']",
            "languages.zh.include[0] must be a pattern as in .gitignore, such as "
            '"chapters/**/*.md"; "!" matches no file',
        ),
    ],
)
def test_a_wrong_setting_of_a_language_names_its_line(setting: str, expected: str) -> None:
    text = MINIMAL.replace("{repo: ../zh}", f"\n    repo: ../zh\n    {setting}")
    assert refusal(text) == [f"amts.yaml:6: {expected}"]


def test_a_translation_is_not_its_own_source() -> None:
    text = MINIMAL.replace("{repo: ../zh}", "{repo: ../en/}")
    (line,) = refusal(text)
    assert line.startswith("amts.yaml:4: languages.zh.repo: is source.repo, on the same branch; name the repository")
    for elsewhere in ("branch: zh", "paths: {'*': 'zh/*'}"):
        assert read_config(text.replace("../en/}", f"../en/, {elsewhere}}}")).languages["zh"].repo == "../en/"


def test_a_token_in_a_url_is_refused_and_not_repeated() -> None:
    (line,) = refusal(MINIMAL.replace("../zh", "https://bot:s3cret@example.org/zh.git"))
    assert line.startswith("amts.yaml:4: languages.zh.repo must not hold a user name or a token")
    assert "s3cret" not in line


@pytest.mark.parametrize("url", ["git@example.org:book/zh.git", "ssh://git@example.org/zh", "https://example.org/@zh"])
def test_urls_without_a_secret_are_accepted(url: str) -> None:
    assert read_config(MINIMAL.replace("../zh", f'"{url}"')).languages["zh"].repo == url


def test_a_language_name_that_no_branch_can_have_is_refused() -> None:
    (line,) = refusal(MINIMAL.replace("zh: {", '"zh..x": {language: zh, '))
    assert line.startswith('amts.yaml:4: the language name "zh..x" can\'t be part of a branch name')


def test_all_problems_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = "version: 2\nsource: {repo: a, branc: b}\nlanguages:\n  zh:\n    branch: c\nverison: 1\n"
    assert refusal(text) == [
        'amts.yaml:1: version must be 1, not "2"',
        'amts.yaml:2: unknown key "branc" in source; did you mean "branch"?',
        'amts.yaml:4: languages.zh lacks the key "repo"',
        'amts.yaml:6: unknown key "verison"; did you mean "version"?',
    ]


def test_a_key_given_twice_names_both_lines() -> None:
    text = MINIMAL + "files:\n  include: [a]\n  include: [b]\n"
    assert refusal(text) == ['amts.yaml:7: the key "include" in files is already given in line 6']


def test_no_language_is_no_configuration() -> None:
    (line,) = refusal("version: 1\nsource: {repo: a}\nlanguages: {}\n")
    assert line.startswith("amts.yaml:3: languages")


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@`\n\t ,?~<0é"), max_size=60))
@example("? [a]\n: b")
@example("<<: [a]")
@example("languages: {zh: {1: 2}}")
def test_any_text_is_a_configuration_or_a_config_error_with_a_line(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^amts\.yaml:\d+: \S"):
        read_config(text)


@given(st.data())
def test_any_misplaced_value_is_a_config_error_that_names_an_existing_line(data: st.DataObject) -> None:
    tree: Any = yaml.safe_load(EXAMPLE)
    node = tree
    while True:
        key = data.draw(st.sampled_from(sorted(node)))
        if not isinstance(node[key], dict) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(st.sampled_from([None, [[]], {"x": {"y": []}}, "", "-x", -1]))
    text = yaml.safe_dump(tree)
    try:
        read_config(text)
    except ConfigError as error:
        numbers = [int(line.split(":")[1]) for line in str(error).splitlines()]
        assert all(1 <= number <= text.count("\n") for number in numbers)


def test_the_committed_json_schema_is_the_generated_one() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "config/amts.schema.json is out of date; run `python config/generate_schema.py`"
    )


def test_the_json_schema_is_valid_and_accepts_the_example() -> None:
    schema = json_schema(ADAPTERS)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(EXAMPLE), schema)


def test_the_json_schema_refuses_an_unknown_key_and_describes_every_key() -> None:
    schema = json_schema(ADAPTERS)
    tree = yaml.safe_load(EXAMPLE)
    tree["source"]["brnach"] = "main"
    with pytest.raises(jsonschema.ValidationError, match="brnach"):
        jsonschema.validate(tree, schema)
    target = json.loads(json.dumps(schema))["$defs"]["LanguageSettings"]["properties"]
    assert all("description" in described for described in target.values())


def test_a_configuration_can_be_built_in_code_too() -> None:
    forge = DryRunForgeSettings(kind="dry-run")
    data = {"version": 1, "source": {"repo": "a"}, "languages": {"es": {"repo": "b"}}, "forge": forge}
    config = Config[EngineSettings, DryRunForgeSettings].model_validate(data)
    assert config.languages["es"].language == "es"
