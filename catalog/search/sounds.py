"""How Chinese words sound: pinyin without tones, its first letters, and pinyin as many say it."""

from functools import lru_cache

CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))
"""Sounds that accents and keyboards mix up; each pair becomes one."""


@lru_cache(maxsize=20_000)
def syllables(word: str) -> tuple[str, ...]:
    """The pinyin of each character as it is said in this word: 银行 is yin hang, 行李 xing li."""
    from pypinyin import lazy_pinyin  # its tables take a while to load; only searches need them

    return tuple(lazy_pinyin(word))


def sounds(word: str) -> str:
    """草莓 is caomei."""
    return "".join(syllables(word))


def initials(word: str) -> str:
    """草莓 is cm."""
    return "".join(syllable[0] for syllable in syllables(word))


def blurred(letters: str) -> str:
    """Pinyin with the confused sounds made one: jianpan and jiangpan are alike."""
    for one, other in CONFUSED:
        letters = letters.replace(one, other)
    return letters
