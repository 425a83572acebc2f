"""The words of explanations and letters, one file a language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("en",)
TEMPLATES = files("registry.matching").joinpath("templates")


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language by section and name; names in braces are filled in."""

    language: str
    sections: Mapping[str, Mapping[str, str]]

    def say(self, section: str, name: str, **values: object) -> str:
        """The sentence with its values; raises KeyError when the language has no such sentence."""
        return self.sections[section][name].format(**values)

    def count(self, noun: str, number: int) -> str:
        """A number with its noun: "1 week", "3 weeks"."""
        return self.say("counts", f"{noun}_{'one' if number == 1 else 'many'}", n=number)

    def has(self, section: str, name: str) -> bool:
        """Whether the language has the sentence."""
        return name in self.sections[section]


@cache
def texts(language: str = "en") -> Texts:
    """The words of a language; raises ValueError for a language that nobody has written yet."""
    if language not in LANGUAGES:
        raise ValueError(f"no words in {language!r}; there are: {', '.join(LANGUAGES)}")
    document = tomllib.loads(TEMPLATES.joinpath(f"texts.{language}.toml").read_text(encoding="utf-8"))
    return Texts(language, document)
