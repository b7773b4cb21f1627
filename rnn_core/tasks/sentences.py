"""Short reviews, good or bad: the words of a small grammar in English and in Chinese, and sentences written by hand.

A clause praises or blames, and a negation turns it round. Of clauses that disagree one counts: after "but" the next
one, before and after "although" the other one.
"""

import re
from typing import NamedTuple

END_MARKS = re.compile(r"[\s.,;:!?\"'“”‘’，。；：！？、…]+")


class Clause(NamedTuple):
    """One way to say something good or bad: slots to be filled from left to right; "+" is the word that judges."""

    slots: tuple[str, ...]
    good: str
    bad: str
    negated: tuple[tuple[str, bool], ...]  # what may fill the slot "~", and whether it turns the meaning round


class Grammar(NamedTuple):
    """One language's clauses and the words that join them; words of a list are divided by "/"."""

    separator: str  # between two symbols: none where the symbols are characters
    clauses: tuple[Clause, ...]
    also: str
    but: str
    although: str
    opening: str  # before the first of two clauses, of which the second counts
    after_opening: str  # between them
    written: str  # sentences by hand: "+" or "-", then the sentence

    def symbols(self, text: str) -> list[str]:
        """The symbols of a sentence as a person types it: words, or characters where words are not divided.

        >>> GRAMMARS["en"].symbols("The food wasn't bad!"), GRAMMARS["zh_CN"].symbols("房间不好。")
        (['the', 'food', 'was', 'not', 'bad'], ['房', '间', '不', '好'])
        """
        text = text.lower()
        if not self.separator:
            return list(END_MARKS.sub("", text))
        return END_MARKS.sub(" ", re.sub(r"n['’]t\b", " not", text)).split()

    def sentences(self) -> list[tuple[str, bool]]:
        """(sentence, whether it is good) of those written by hand."""
        lines = [line.strip() for line in self.written.strip().splitlines()]
        return [(line[1:].strip(), line[0] == "+") for line in lines]


THINGS = "food/coffee/room/hotel/staff/service/film/story/music/ending/price/view"
# A third of the clauses is negated: a negation is news, and words alone tell something, if not enough.
ADVERBS = (*4 * (("", False),), ("not", True), ("never", True))
ENGLISH = Grammar(
    separator=" ",
    clauses=(
        Clause(
            ("the", THINGS, "was/is/seemed", "~", "/very/really/so", "+"),
            good="good/great/nice/lovely/perfect/wonderful",
            bad="bad/awful/poor/terrible/horrible/disappointing",
            negated=ADVERBS,
        ),
        Clause(("the", "room/hotel", "was/is", "~", "/very/so", "+"), "clean/quiet", "dirty/noisy", ADVERBS),
        Clause(("the", "staff/service", "was/is", "~", "/very/so", "+"), "friendly/kind", "rude/unkind", ADVERBS),
        Clause(("the", "film/story/ending", "was/is", "~", "/very/so", "+"), "funny/clever", "boring/dull", ADVERBS),
        Clause(("the", "food/coffee", "was/is", "~", "/very/so", "+"), "fresh/tasty", "stale/cold", ADVERBS),
        Clause(
            ("i/we", "~", "+", "the", THINGS),
            good="liked/loved/enjoyed/like/love/enjoy",
            bad="hated/disliked/regretted/hate/dislike/regret",
            negated=(*4 * (("", False),), ("never", True), ("did not", True)),
        ),
    ),
    also="and",
    but="but/yet",
    although="although/though",
    opening="although/though",
    after_opening="",
    written="""
        + The food was great.
        - The room was not clean.
        + The film was not bad.
        - The staff was never friendly.
        + I did not hate the ending.
        - I never liked the music.
        + The room was noisy but the staff was kind.
        - The staff was kind but the room was noisy.
        + Although the price was awful, we loved the view.
        - Although we loved the view, the price was awful.
        - We enjoyed the coffee, but the service was really rude.
        + We did not enjoy the coffee, but the service was really good.
        - The story was so boring, though the music was nice.
        + The music was nice, though the story was so boring.
        + The hotel was not very quiet, yet I liked the room.
        - The hotel was very quiet, yet I did not like the room.
        + Though the coffee was cold, the food was never bad.
        - Though the coffee was never cold, the food was bad.
        - The film is not good and the ending is terrible.
        + The film is not bad and the ending is wonderful.
    """,
)

CHINESE_THINGS = "房间/饭菜/服务/电影/音乐/故事/价格/风景/早餐/老板"
CHINESE_ADVERBS = (*2 * (("", False), ("很", False), ("真", False), ("非常", False)), ("不", True), ("很不", True),
                   ("一点也不", True), ("并不", True))  # fmt: skip
CHINESE = Grammar(
    separator="",
    clauses=(
        Clause((CHINESE_THINGS, "~", "+"), "好/棒/理想/出色", "差/糟/糟糕/恶劣", CHINESE_ADVERBS),
        Clause(("房间", "~", "+"), "干净/安静/舒服", "脏/吵/阴暗", CHINESE_ADVERBS),
        Clause(("饭菜/早餐", "~", "+"), "好吃/新鲜", "难吃/油腻", CHINESE_ADVERBS),
        Clause(("服务/老板", "~", "+"), "热情/周到", "冷淡/粗鲁", CHINESE_ADVERBS),
        Clause(("电影/音乐/故事", "~", "+"), "精彩/有趣", "无聊/乏味", CHINESE_ADVERBS),
        Clause(
            ("我/我们", "~", "+", CHINESE_THINGS),
            good="喜欢/欣赏/爱",
            bad="讨厌/嫌弃/恨",
            negated=(*2 * (("", False), ("很", False), ("真", False)), ("不", True), ("并不", True), ("从不", True)),
        ),
    ),
    also="而且",
    but="但/但是/可是",
    although="尽管",
    opening="虽然/尽管",
    after_opening="但/但是/可是",
    written="""
        + 饭菜很好吃。
        - 房间不干净。
        + 电影并不无聊。
        - 老板一点也不热情。
        + 我不讨厌音乐。
        - 我们从不喜欢早餐。
        + 房间很脏，但老板很热情。
        - 老板很热情，但房间很脏。
        + 虽然价格糟糕，但是我喜欢风景。
        - 虽然我喜欢风景，但是价格糟糕。
        - 早餐真好吃，可是服务很冷淡。
        + 早餐不好吃，可是服务不冷淡。
        - 故事很无聊，尽管音乐很精彩。
        + 音乐很精彩，尽管故事很无聊。
        + 尽管房间很吵，但我们很喜欢服务。
        - 尽管我们喜欢服务，但房间很吵。
        + 电影并不差，而且音乐很有趣。
        - 电影并不好，而且音乐很糟糕。
    """,
)
GRAMMARS = {"en": ENGLISH, "zh_CN": CHINESE}
