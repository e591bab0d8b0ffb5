# ruff: noqa: RUF001  (letters that pass for others are what this file is about)
"""A rule finds what it names however that is written, and nothing that merely looks near it."""

import time

import pytest

from generations.checks.matching import BadPattern, Matcher, compile_pattern


def finds(kind: str, entry: str, prompt: str) -> bool:
    matcher = Matcher()
    matcher.add(7, kind, [entry])
    return matcher.hits(prompt) == {7}


@pytest.mark.parametrize(
    "prompt",
    [
        "A portrait of Ada Lovelace at dusk",
        "ADA LOVELACE",
        "ada lovelace’s face",
        "àdä lóvelacé",
        "Ada-Lovelace",
        "Ada_Lovelace",
        "Ada, Lovelace",
        "AdaLovelace",
        "#adalovelace1843",
        "AdaLovelaceStyle",
        "A d a L o v e l a c e",
        "a.d.a.l.o.v.e.l.a.c.e",
        "4da l0ve1ace",
        "Ad\u200ba Love\u00adlace",
        "Ada\ufe0f Lovelace\U000e0100",
        "Аdа Lоvеlасе",
        "Ａｄａ　Ｌｏｖｅｌａｃｅ",
        "𝓐𝓭𝓪 𝕃𝕠𝕧𝕖𝕝𝕒𝕔𝕖",
        "🅰🅳🅰 Ⓛⓞⓥⓔⓛⓐⓒⓔ",
        "ᴀᴅᴀ ʟᴏᴠᴇʟᴀᴄᴇ",
    ],
)
def test_a_name_is_found_however_it_is_dressed_up(prompt: str) -> None:
    assert finds("person", "Ada Lovelace", prompt)


@pytest.mark.parametrize(
    "prompt",
    ["Ada writes of love and lace", "Adaline Lovelace", "Lovelace", "ada love lace", "A boat"],
)
def test_a_name_is_not_found_in_other_words(prompt: str) -> None:
    assert not finds("person", "Ada Lovelace", prompt)


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("Ада Лавлейс", "портрет АДА ЛАВЛЕЙС, масло"),
        ("アダ・ラブレス", "アダラブレスの肖像"),
        ("艾达·洛夫莱斯", "一幅艾达洛夫莱斯的画像"),
        ("에이다 러브레이스", "에이다러브레이스가 걷는다"),
        ("आडा लवलेस", "आडा लवलेस का चित्र"),
        ("آدا لوفليس", "صورة آدَا لُوفليس"),
        ("עדה לאבלייס", "דיוקן עדה לאבלייס"),
        ("Αδα Λαβλέις", "ΑΔΑ ΛΑΒΛΕΙΣ στη θάλασσα"),
        ("Nguyễn Thị", "nguyen thi on a bridge"),
        ("Bjørk Łodź", "Bjork Lodz"),
    ],
)
def test_a_name_is_found_in_its_own_script(name: str, prompt: str) -> None:
    assert finds("person", name, prompt)


@pytest.mark.parametrize(
    ("entry", "prompt", "is_found"),
    [
        ("behead*", "a beheading", True),
        ("behead", "a beheading", False),
        ("blue cheese", "BLUE  cheese", True),
        ("blue chees*", "blue cheeses", True),
        ("the rapist", "a therapist at work", False),
        ("ass", "a glass house", False),
        ("area 51", "Area51 at night", True),
        ("gore", "g0re", True),
        ("gore", "g o r e on the wall", True),
    ],
)
def test_words_are_whole_words_unless_they_end_in_a_star(
    entry: str, prompt: str, is_found: bool
) -> None:
    assert finds("words", entry, prompt) is is_found


def test_a_pattern_is_held_against_the_prompt_and_its_plain_form() -> None:
    assert finds("pattern", r"deep\W*fake", "a DEEP-FAKE")
    assert finds("pattern", r"deep\W*fake", "a dèep fâke")
    assert finds("pattern", "Müller", "der Müller")
    assert not finds("pattern", r"deep\W*fake", "a deep lake")


def test_each_rule_that_a_prompt_meets_is_told() -> None:
    matcher = Matcher()
    matcher.add(1, "words", ["boat"])
    matcher.add(2, "person", ["Ada Lovelace"])
    matcher.add(3, "pattern", ["b.at"])

    assert matcher.hits("A boat") == {1, 3}
    assert matcher.hits("AdaLovelace") == {2}
    assert matcher.hits("A tree") == set()


@pytest.mark.parametrize("pattern", ["(a", r"(a)\1", "(?=a)b", "a{51}", "a{1,1000}", "(?<=a)b"])
def test_what_re2_cannot_bound_is_no_pattern(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "prompt"),
    [("(a+)+$", "a" * 31_999 + "b"), ("(x+x+)+y", "x" * 32_000), ("(.*a){50}b", "xa" * 16_000)],
)
def test_no_pattern_makes_a_long_prompt_take_long(pattern: str, prompt: str) -> None:
    """Of these, Python's own engine would take years."""
    matcher = Matcher()
    matcher.add(1, "pattern", [pattern])
    began = time.process_time()

    assert matcher.hits(prompt) == set()

    assert time.process_time() - began < 1


@pytest.mark.parametrize("sign", ["a", "㌖", "|", "1", "a.", "Aa"])
def test_no_prompt_takes_long_to_be_read_word_by_word(sign: str) -> None:
    matcher = Matcher()
    matcher.add(1, "words", ["gun"])
    prompt = (sign * 32_000)[:32_000]
    began = time.process_time()

    assert matcher.hits(prompt) == set()

    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "marks",
    [
        "\u0345" * 16_000 + "\u0334" * 16_000,
        ("\u094d" * 15 + "\u200d") * 1_000 + ("\u093c" * 15 + "\u200d") * 1_000,
    ],
)
def test_no_marks_in_a_row_take_long_to_be_put_in_order(marks: str) -> None:
    matcher = Matcher()
    matcher.add(1, "person", ["Ada Lovelace"])
    matcher.add(2, "pattern", ["ada"])
    began = time.process_time()

    assert matcher.hits(f"Ada{marks}"[:31_980] + " Ada Lovelace") == {1, 2}

    assert time.process_time() - began < 1


def test_thousands_of_names_cost_a_prompt_no_more_than_a_few() -> None:
    def cost(names: int) -> float:
        matcher = Matcher()
        matcher.add(1, "person", [f"Name{one:05} Surname{one:05}" for one in range(names)])
        matcher.add(2, "person", ["Ada Lovelace"])
        began = time.process_time()
        for _ in range(2000):
            assert matcher.hits("A lighthouse in the rain, dusk, slow push in") == set()
        return time.process_time() - began

    few = min(cost(5) for _ in range(3))

    assert min(cost(5000) for _ in range(3)) < 3 * few
