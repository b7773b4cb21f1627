"""Translation: the grammar is one-to-one, its English and its Chinese are right, and nothing held out is trained on."""

import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from rnn_core import InputError
from rnn_core.tasks.pairs import PAIRS, ChineseTranslationTask, TranslationTask
from rnn_core.tasks.pairs.synchronous import SynchronousGrammar
from rnn_core.tasks.pairs.translation import CHINESE, ENGLISH, SEPARATORS, grammar, words_of
from rnn_core.tasks.pairs.vocabulary import FORM, KIN, NOUNS, NUMBERS, PORTIONS, bases

TO_CHINESE, TO_ENGLISH = TranslationTask(), ChineseTranslationTask()
DRAWN = 20_000
MANY = 0x9E3779B97F4A7C15
SINGULAR_SUBJECTS = {"he", "she", "teacher", "doctor", "who", *KIN}
THIRD = {"reads", "watches", "drinks", "eats", "buys", "writes", "plays", "goes", "likes", "wants", "has", "listens",
         "learns", "sings", "dances", "swims", "works"}  # fmt: skip
BASE = {"read", "watch", "drink", "eat", "buy", "write", "play", "go", "like", "want", "have", "see", "listen", "learn",
        "sing", "dance", "swim", "work"}  # fmt: skip
PLAIN_BASE = BASE - {"read"}  # which is its own past


def hashes(side):
    """A 64-bit number for the text, without blanks, of every sentence of the grammar; the pairs in the same order.

    Texts that are equal have equal numbers, of whatever words they were made. A text is a number in the base MANY, each
    letter a random digit; so that of two texts in a row is made of theirs, for all pairs of phrases at once.
    """
    digits = [int(n) for n in np.random.default_rng(side).integers(2**64, size=2**16, dtype=np.uint64)]

    @cache
    def numbers(piece):  # (phrases, 2) of each phrase, and MANY to the power of its length
        found = []
        for phrase in grammar().phrases(piece):
            value, power = 0, 1
            for letter in "".join(phrase.sides[side]):
                value, power = (value * MANY + digits[ord(letter)]) % 2**64, power * MANY % 2**64
            found.append((value, power))
        return np.array(found, np.uint64)

    def sentences(rule):
        slots = [piece for piece in rule.sides[0] if piece[0] == "<"]
        total = np.zeros([len(numbers(slot)) for slot in slots], np.uint64)
        for piece in rule.sides[side]:
            shape = [-1 if slot == piece else 1 for slot in slots]
            value, power = (column.reshape(shape) for column in numbers(piece).T)
            total = total * power + value
        return total.ravel()

    return np.concatenate([sentences(rule) for rule in grammar().sentences])


@pytest.fixture(scope="module")
def drawn():
    """Sentences as the task draws them, in both languages."""
    rows = grammar().draw(np.random.default_rng(7), DRAWN)
    words = [grammar().words(side) for side in (ENGLISH, CHINESE)]
    return [tuple(tuple(words[side][i] for i in rows[side][n] if i >= 0) for side in (0, 1)) for n in range(DRAWN)]


def test_no_sentence_has_two_translations():
    """Of all that there are, without blanks."""
    english, chinese = hashes(ENGLISH), hashes(CHINESE)
    kinds = [
        1 + int((np.diff(np.sort(each)) != 0).sum()) for each in (english, chinese, np.uint64(3) * english + chinese)
    ]
    assert kinds[0] == kinds[1] == kinds[2] > 1_000_000
    assert TO_CHINESE.input_length == TO_ENGLISH.input_length == 12


def test_drawn_sentences_come_back(drawn):
    for english, chinese in drawn[:2000]:
        assert grammar().translations(english, ENGLISH) == {chinese}
        assert grammar().translations(chinese, CHINESE) == {english}
    for english, chinese in drawn:
        for words, side in ((english, ENGLISH), (chinese, CHINESE)):
            assert words_of(SEPARATORS[side].join(words), side) == list(words)


def test_every_word_is_drawn_often_enough_to_be_learned(drawn):
    """Also the rarest one is met some three hundred times in ten thousand updates."""
    for side in (ENGLISH, CHINESE):
        words, counts = np.unique([word for sides in drawn for word in sides[side]], return_counts=True)
        assert set(words) == set(grammar().words(side)) and 150 < len(words) < 250
        assert counts.min() >= 18, words[counts.argmin()]


def test_verbs_agree(drawn):
    """A form with -s stands behind a singular subject; am, is and are behind theirs; the base form behind do and to."""
    for sentence, _chinese in drawn:
        english = [word for word in sentence if word not in {"often", "sometimes"}]
        for before, word in pairwise(english):
            if word in THIRD:
                assert before in SINGULAR_SUBJECTS, english
            if word in PLAIN_BASE and before in SINGULAR_SUBJECTS:
                assert {"does", "did", "will"} & set(english), english
            if word == "am":
                assert before == "I", english
            if before in {"am", "is", "are"} and word in {"I", "he", "she", "you", "we", "they"}:
                assert {"I": "am", "he": "is", "she": "is"}.get(word, "are") == before
        for before, word in zip(english, english[2:], strict=False):
            if before in {"like", "likes", "want", "wants"} and english[english.index(before) + 1] == "to":
                assert word in BASE, english


def test_articles_and_plurals(drawn):
    plurals = {plural for plural, *_rest in NOUNS.values()} | {portion[1] for portion in PORTIONS.values()}
    singular = set(NOUNS) | {portion[0] for portion in PORTIONS.values()}
    for english, _chinese in drawn:
        for before, word in pairwise(english):
            if before in {"a", "an"}:
                assert (before == "an") == (word[0] in "aeiou"), english
        for number, word in enumerate(english):
            if word in {"a", "an", "this", "that", *NUMBERS}:
                noun = next((w for w in english[number + 1 :] if w in plurals | singular), None)
                counted = english[number + 1 : number + 3]
                if noun in counted:
                    assert (noun in plurals) == (word in NUMBERS), english


def test_measure_words(drawn):
    measure = {"书": "本", "信": "封", "报纸": "份", "电影": "部", "画": "幅", "猫": "只", "狗": "只", "鸟": "只",
               "孩子": "个", "苹果": "个", "鸡蛋": "个", "花": "朵", "车": "辆", "自行车": "辆", "帽子": "顶",
               "衬衫": "件", "裙子": "条", "雨伞": "把", "椅子": "把", "桌子": "张", "茶": "杯", "咖啡": "杯",
               "水": "杯", "牛奶": "杯", "蛋糕": "块", "面包": "片", "米饭": "碗", "面条": "碗"}  # fmt: skip
    for _english, chinese in drawn:
        for number, word in enumerate(chinese):
            if word in {"一", "两", "三", "四", "几", "这", "那"}:
                noun = next(w for w in chinese[number + 2 :] if w in measure)
                assert chinese[number + 1] == measure[noun], chinese


def test_time_and_place_stand_before_the_chinese_verb(drawn):
    verbs = {"看", "喝", "吃", "买", "写", "踢", "打", "弹", "去", "看见"}
    for english, chinese in drawn:
        if "的" in chinese or not verbs & set(chinese):
            continue
        verb = max(number for number, word in enumerate(chinese) if word in verbs)
        for word in ("在", "昨天", "明天", "每天", "晚上", "星期天"):
            assert word not in chinese or chinese.index(word) < verb
        assert ("吗" in chinese) == (english[0] in {"do", "does", "did", "will", "is", "are"})


@pytest.mark.parametrize(("english", "chinese"), [
    ("She drinks tea at home every morning.", "她每天早上在家喝茶"),
    ("Every morning she drinks tea at home", "每天早上她在家喝茶"),
    ("Does she drink tea at home?", "她在家喝茶吗"),
    ("Did they play football in the park yesterday?", "他们昨天在公园踢足球了吗"),
    ("The book that I bought yesterday is interesting.", "我昨天买的书很有意思"),
    ("Is the book that I bought yesterday interesting?", "我昨天买的书有意思吗"),
    ("Your book is not interesting.", "你的书没有意思"),
    ("My friend's car is not red.", "我朋友的车不是红色的"),
    ("There are three children in the garden.", "花园里有三个孩子"),
    ("We went to school by bus last Sunday.", "我们上个星期天坐公共汽车去学校了"),
    ("He will not buy that hat tomorrow.", "他明天不会买那顶帽子"),
    ("I am tired today.", "我今天很累"),
    ("What did she buy at the shop yesterday?", "她昨天在商店买了什么"),
    ("Where do you play basketball every Sunday?", "你每个星期天在哪儿打篮球"),
    ("When will your son write letters?", "你儿子什么时候会写信"),
    ("Who is in the office now?", "谁现在在办公室"),
    ("How many umbrellas did they buy last Sunday?", "他们上个星期天买了几把雨伞"),
    ("She listens to music with her daughter every evening.", "她每天晚上跟她女儿听音乐"),
    ("He is learning Chinese now.", "他现在正在学中文"),
    ("We often swim.", "我们常常游泳"),
    ("Is this chair cheaper than that table?", "这把椅子比那张桌子便宜吗"),
    ("This dog is not bigger than that cat.", "这只狗没有那只猫大"),
    ("I want to drink tea but he wants to drink coffee.", "我想喝茶但是他想喝咖啡"),
    ("He is a engineer.", None),
    ("I play football with me.", None),
    ("She has a small black cat", None),
    ("She drink tea", None),
    ("They drinks tea", None),
    ("She drinks a car", None),
    ("I am a apple", None),
])  # fmt: skip
def test_by_hand(english, chinese):
    assert TO_CHINESE.answer(english) == chinese
    if chinese:
        back = TO_ENGLISH.answer(chinese + ("？" if chinese.endswith("吗") else "。"))
        assert back.lower() == re.sub("[.?]", "", english).lower()


@pytest.mark.parametrize("text", ["她喝了一本茶", "她在家喝茶每天早上", "他们看书两本", "一辆书", ""])
def test_what_is_no_chinese_has_no_answer(text):
    assert TO_ENGLISH.answer(text) is None


def content(english):
    """What a sentence speaks of: its words but those of time and form, each in its base, as a set."""
    base = bases()
    return tuple(sorted(base.get(word, word) for word in english.split() if base.get(word, word) not in FORM))


def test_a_combination_is_held_out_in_both_directions_and_forms_or_in_none():
    held_out, trained = [], []
    for name, seed in (("translation", 3), ("translation_zh", 4)):
        task = PAIRS[name](batch_size=64, seed=seed)
        sentences = []
        for pairs in (task.held_out(), *(task.block(index, seed) for index in range(4))):
            x, targets = (a.reshape(-1, *a.shape[-2:]).swapaxes(0, 1).reshape(len(a[0]) if a.ndim == 3 else len(a), -1)
                          for a in (pairs.x, pairs.targets))  # fmt: skip
            texts = [(task.written(x[:, b]), task.decode(targets[:, b])) for b in range(x.shape[1])]
            sentences.append({content(pair[name == "translation_zh"]) for pair in texts})
        held_out.append(sentences[0])
        trained.append(set().union(*sentences[1:]))
    assert min(map(len, trained)) > 2000 and min(map(len, held_out)) > 100
    assert not (held_out[0] | held_out[1]) & (trained[0] | trained[1])
    assert content("did he drink two cups of tea yesterday") == content("he is drinking two cups of tea")


@pytest.mark.parametrize(("task", "text", "unknown"), [
    (TO_CHINESE, "She drinks whisky and wine", "'whisky', 'and', 'wine'"),
    (TO_ENGLISH, "她喝威士忌", "'威', '士', '忌'"),
])  # fmt: skip
def test_unknown_words_are_named(task, text, unknown):
    with pytest.raises(InputError, match=re.escape(f"[{unknown}]")):
        task.encode(text)


def test_typed_as_people_type():
    read = TO_CHINESE.written(TO_CHINESE.encode("  IS MY FRIEND’S hat red?")[:, 0])
    assert read == "is my friend's hat red"
    assert np.array_equal(TO_ENGLISH.encode("我朋友的 帽子是红色的吗？"), TO_ENGLISH.encode("我朋友的帽子是红色的吗"))
    assert TO_CHINESE.decode([*range(3), len(TO_CHINESE.letters) - 1, 5]) == "".join(TO_CHINESE.letters[:3])
    assert TO_ENGLISH.decode(range(3)) == " ".join(TO_ENGLISH.letters[:3])


def test_a_grammar_draws_by_weight():
    lines = {"sentence": ["3 * the <thing> / <thing> 那", "no / 不"], "thing": ["cup / 杯子", "3 * big cat / 大 猫"]}
    small = SynchronousGrammar(lines)
    first, second = small.draw(np.random.default_rng(0), 16_000)
    said = [" ".join(small.words(0)[i] for i in row if i >= 0) for row in first]
    shares = {text: said.count(text) / len(said) for text in set(said)}
    assert shares == pytest.approx({"no": 1 / 4, "the cup": 3 / 16, "the big cat": 9 / 16}, abs=0.02)
    assert ["".join(small.words(1)[i] for i in row if i >= 0) for row in second[:3]] == [
        {"no": "不", "the cup": "杯子那", "the big cat": "大猫那"}[text] for text in said[:3]]  # fmt: skip
