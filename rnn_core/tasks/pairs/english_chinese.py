"""The rules of a small language that is spoken in English and in Chinese (see `translation`).

What one language says with a word's form, the other says with a word of its own or by its place: English has plurals,
he drinks / they drink, am / is / are, drank, do and did, a / an; Chinese has measure words, 了, 会, 没有, 吗, 的, and
puts time and place before the verb. A sentence is one sentence of the other language, and no other's. So "they read
books" is the present, 他们看书, and "they read two books" the past, 他们看了两本书.
"""

from collections.abc import Iterator

from rnn_core.tasks.pairs.synchronous import SENTENCE
from rnn_core.tasks.pairs.vocabulary import (
    ADJECTIVES,
    DENIED,
    GOALS,
    JOBS,
    KIN,
    KINDS,
    MOODS,
    MORE,
    NOUNS,
    NUMBERS,
    OBJECTIVE,
    PLACES,
    POINTERS,
    PORTIONS,
    PREDICATES,
    VERBS,
)


def article(words: str) -> str:
    """The words with their indefinite article.

    >>> article("old car"), article("new car")
    ('an old car', 'a new car')
    """
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


# Activities: verb, Chinese, things, where else than nowhere in particular.
HABITS = (
    ("read", "看", "books, newspapers", "home park school library"),
    ("watch", "看", "television, films", "home"),
    ("drink", "喝", "tea, coffee, milk", "home school park garden restaurant"),
    ("eat", "吃", "apples, cake, noodles, rice, bread", "home school park restaurant"),
    ("buy", "买", "books, apples, flowers, tea, coffee, cake, bread, eggs", "shop"),
    ("write", "写", "letters", "home school library office"),
    ("play", "踢", "football", "park school"),
    ("play", "打", "basketball", "park school"),
    ("play", "弹", "the piano", "home school"),
    ("listen to", "听", "music", "home park garden"),
    ("learn", "学", "Chinese, English", "home school library"),
    ("sing", "唱歌", "", "home school park"),
    ("dance", "跳舞", "", "home park"),
    ("swim", "游泳", "", ""),
    ("work", "工作", "", "home school office restaurant shop"),
)
WALKS = ("school <by> / <by> 去 学校", "the <goal> <by> / <by> 去 <goal>")  # behind “go to”
MEALS = (
    ("drink", "喝", "tea coffee water milk", "home school"),
    ("eat", "吃", "apple cake egg rice noodles bread", "home school"),
)
DEEDS = (  # with a number of things
    *MEALS,
    ("read", "看", "book letter newspaper", "home school"),
    ("watch", "看", "film", "home"),
    ("buy", "买", "book picture car bicycle hat shirt dress umbrella flower table chair apple", "shop"),
    ("write", "写", "letter", "home school office"),
)
SIGHTS = (
    ("see", "看见", "cat dog bird child", "park garden"),
    ("see", "看见", "flower", "garden"),
    ("see", "看见", "car bicycle", "park"),
)
CHOICES = (  # with this or that one, or an interesting one; without a place, for there are twelve words
    ("read", "看", "book letter newspaper", ""),
    ("watch", "看", "film", ""),
    ("buy", "买", "book picture car bicycle hat shirt dress umbrella table chair", ""),
)
ASKED = (  # what is done to it, where
    ("drink", "喝", "home restaurant"),
    ("eat", "吃", "home school restaurant"),
    ("buy", "买", "shop"),
    ("write", "写", "library office"),
)

# What is judged, by which adjectives, what somebody did to it, whether it has an owner.
JUDGED = (
    ("book", "new old interesting expensive", "bought / 买", True),
    ("book newspaper", "interesting", "read / 看", False),
    ("letter", "interesting", "read / 看,wrote / 写", False),
    ("film", "interesting", "watched / 看", False),
    ("car bicycle hat shirt dress umbrella picture", "new old beautiful expensive cheap", "bought / 买", True),
    ("cat dog table chair", "big small", "bought / 买", True),
    ("cat dog bird", "beautiful", "bought / 买", True),
)
COLOURED = (
    ("car hat cat dog umbrella", "black"),
    ("car bicycle hat dress", "red"),
    ("cat dog shirt", "white"),
    ("bird shirt bicycle", "blue"),
)
COMPARED = (  # with one another
    ("cat dog bird", "bigger,smaller"),
    ("table chair", "bigger,smaller,newer,cheaper"),
    ("car bicycle umbrella", "newer,older,more expensive"),
    ("shirt hat", "newer,cheaper,more expensive"),
    ("book film newspaper", "more interesting"),
    ("dress picture", "more beautiful"),
    ("flower", "more beautiful,bigger,smaller"),
)
COMPARISONS = (
    "2 * this <one.than.{k}> is <more.{k}> than that <other.than.{k}> / "
    "这 <one.than.{k}> 比 那 <other.than.{k}> <more.{k}>",
    "this <one.than.{k}> is not <more.{k}> than that <other.than.{k}> / "
    "这 <one.than.{k}> 没有 那 <other.than.{k}> <more.{k}>",
    "is this <one.than.{k}> <more.{k}> than that <other.than.{k}> / "
    "这 <one.than.{k}> 比 那 <other.than.{k}> <more.{k}> 吗",
)
VERDICTS = (
    "2 * <judged.{k}> is <adjective.{k}> / <judged.{k}> 很 <adjective.{k}>",
    "<judged.{k}> is not <denied.{k}> / <judged.{k}> <denied.{k}>",
    "is <judged.{k}> <adjective.{k}> / <judged.{k}> <adjective.{k}> 吗",
)
COLOURS = (
    "2 * <coloured.{k}> is <colour.{k}> / <coloured.{k}> 是 <colour.{k}> 的",
    "<coloured.{k}> is not <colour.{k}> / <coloured.{k}> 不 是 <colour.{k}> 的",
    "is <coloured.{k}> <colour.{k}> / <coloured.{k}> 是 <colour.{k}> 的 吗",
)

AGREEMENT = tuple(
    dict(zip(("who", "asked", "be", "do", "have", "like", "want", "form"), words.split(), strict=True))
    for words in ("first - am do have like want base", "second second are do have like want base",
                  "third third is does has likes wants third", "plural plural.asked are do have like want base")
)  # fmt: skip
SHARE = {"first": 1, "second": 1, "third": 3, "plural": 2}  # how often each is the subject
PRESENT = (
    "7 * <{who}> <habit.{form}> <every?> / <{who}> <every?> <habit.{form}>",
    "2 * <every> <{who}> <habit.{form}> / <every> <{who}> <habit.{form}>",
    "2 * <{who}> <meal.{form}> <every> / <{who}> <every> <meal.{form}>",
    "1.5 * <{who}> {do} not <habit.base> / <{who}> 不 <habit.base>",
    "1.5 * {do} <{asked}> <habit.base> <every?> / <{asked}> <every?> <habit.base> 吗",
    "1.5 * <{who}> often <habit.{form}> / <{who}> 常常 <habit.{form}>",
    "<{who}> sometimes <habit.{form}> / <{who}> 有时候 <habit.{form}>",
    "2 * <{who}.short> <habit.{form}> with <mate.{who}> <every?> / "
    "<{who}.short> <every?> 跟 <mate.{who}> <habit.{form}>",
    "2 * <{who}> {be} <bare.ing> <now?> / <{who}> <now?> 正在 <bare.ing>",
    "0.5 * {be} <{asked}> <bare.ing> / <{asked}> 正在 <bare.ing> 吗",
    "0.5 * what {be} <{asked}> <what.ing> / <{asked}> 正在 <what.ing>",
    "what {do} <{asked}> <what.base> <every?> / <{asked}> <every?> <what.base>",
    "0.7 * where {do} <{asked}> <bare.base> <every?> / <{asked}> <every?> 在 哪儿 <bare.base>",
    "0.7 * when {do} <{asked}> <habit.base> / <{asked}> 什么时候 <habit.base>",
    "0.5 * where {be} <{asked}> <now?> / <{asked}> <now?> 在 哪儿",
    "<{who}.short> {like} <kind.one> but <likes.{who}> <kind.other> / "
    "<{who}.short> 喜欢 <kind.one> 但是 <likes.{who}> <kind.other>",
    "<{who}.short> {want} to <wish.one> but <wants.{who}> to <wish.other> / "
    "<{who}.short> 想 <wish.one> 但是 <wants.{who}> <wish.other>",
    "<{who}> {like} to <habit.base> / <{who}> 喜欢 <habit.base>",
    "0.5 * <{who}> {do} not like to <habit.base> / <{who}> 不 喜欢 <habit.base>",
    "0.5 * {do} <{asked}> like to <habit.base> / <{asked}> 喜欢 <habit.base> 吗",
    "<{who}> {want} to <plan.base> / <{who}> 想 <plan.base>",
    "0.5 * <{who}> {do} not want to <habit.base> / <{who}> 不 想 <habit.base>",
    "0.5 * {do} <{asked}> want to <plan.base> / <{asked}> 想 <plan.base> 吗",
    "<{who}> {like} <liked> / <{who}> 喜欢 <liked>",
    "0.5 * <{who}> {do} not like <liked> / <{who}> 不 喜欢 <liked>",
    "0.5 * {do} <{asked}> like <liked> / <{asked}> 喜欢 <liked> 吗",
    "<{who}> {have} <owned> / <{who}> 有 <owned>",
    "0.5 * <{who}> {do} not have <lacked> / <{who}> 没有 <lacked>",
    "0.5 * {do} <{asked}> have <lacked> / <{asked}> 有 <lacked> 吗",
    "<{who}> {be} <mood> <today?> / <{who}> <today?> 很 <mood>",
    "0.5 * <{who}> {be} not <mood> <today?> / <{who}> <today?> 不 <mood>",
    "0.5 * {be} <{asked}> <mood> <today?> / <{asked}> <today?> <mood> 吗",
    "<{who}> {be} <place> <now?> / <{who}> <now?> <place>",
    "0.5 * <{who}> {be} not <place> <now?> / <{who}> <now?> 不 <place>",
    "0.5 * {be} <{asked}> <place> <now?> / <{asked}> <now?> <place> 吗",
    "2.5 * <{who}.named> {be} <job.{who}> / <{who}.named> 是 <job.{who}>",
    "0.5 * <{who}.named> {be} not <job.{who}> / <{who}.named> 不 是 <job.{who}>",
    "0.5 * {be} <{asked}.named> <job.{who}> / <{asked}.named> 是 <job.{who}> 吗",
)
OTHER_TIMES = (
    "6 * <anyone> <done.past> <past?> / <anyone> <past?> <done.past>",
    "2 * <past> <anyone> <done.past> / <past> <anyone> <done.past>",
    "3 * <anyone> <habit.past> <past> / <anyone> <past> <habit.past> 了",
    "<past> <anyone> <habit.past> / <past> <anyone> <habit.past> 了",
    "3 * <anyone> did not <either.base> <past?> / <anyone> <past?> 没有 <either.base>",
    "2 * did <anyone.asked> <habit.base> <past?> / <anyone.asked> <past?> <habit.base> 了 吗",
    "2 * did <anyone.asked> <done.asked> <past?> / <anyone.asked> <past?> <done.asked> 吗",
    "5 * <anyone> will <plan.base> <future?> / <anyone> <future?> 会 <plan.base>",
    "2 * <future> <anyone> will <plan.base> / <future> <anyone> 会 <plan.base>",
    "3 * <anyone> will not <either.base> <future?> / <anyone> <future?> 不 会 <either.base>",
    "3 * will <anyone.asked> <plan.base> <future?> / <anyone.asked> <future?> 会 <plan.base> 吗",
    "2 * there <present> / <present>",
    "1.5 * what did <anyone.asked> <what.asked> <past?> / <anyone.asked> <past?> <what.asked>",
    "what will <anyone.asked> <what.base> <future?> / <anyone.asked> <future?> 会 <what.base>",
    "where will <anyone.asked> <bare.base> <future?> / <anyone.asked> <future?> 会 在 哪儿 <bare.base>",
    "when will <anyone.asked> <either.base> / <anyone.asked> 什么时候 会 <either.base>",
    "who <habit.third> <every?> / 谁 <every?> <habit.third>",
    "who <done.past> <past?> / 谁 <past?> <done.past>",
    "who will <plan.base> <future?> / 谁 <future?> 会 <plan.base>",
    "0.5 * who is <place> <now?> / 谁 <now?> <place>",
    "1.5 * how many <bought> did <anyone.asked> buy <past?> / <anyone.asked> <past?> 买 了 几 <bought>",
    "how many <animals> are there <inside> / <inside> 有 几 <animals>",
)
EVERY = ("every day / 每天", "every morning / 每天 早上", "every afternoon / 每天 下午", "every evening / 每天 晚上",
         "every Sunday / 每个 星期天")  # fmt: skip
PAST = ("yesterday / 昨天", "yesterday morning / 昨天 早上", "yesterday afternoon / 昨天 下午",
        "yesterday evening / 昨天 晚上", "last Sunday / 上个 星期天")  # fmt: skip
FUTURE = ("tomorrow / 明天", "tomorrow morning / 明天 早上", "tomorrow afternoon / 明天 下午",
          "tomorrow evening / 明天 晚上", "this evening / 今天 晚上", "next Sunday / 下个 星期天")  # fmt: skip
SHORT = {"first": {"I": "我"}, "second": {"you": "你"}, "third": {"he": "他", "she": "她"},
         "plural": {"we": "我们", "they": "他们"}}  # fmt: skip
OWN = {"first": "me us", "second": "you", "third": "him her", "plural": "us them"}  # nobody does it with himself
PEOPLE = {
    "first": ["I / 我"],
    "second": ["you / 你"],
    "third": ["3 * he / 他", "3 * she / 她", "4 * <kin>", "the teacher / 老师", "the doctor / 医生"],
    "plural": ["3 * we / 我们", "<plural.asked>"],
    "plural.asked": ["3 * they / 他们", *(f"the {job}s / {chinese}们" for job, chinese in [*JOBS.items()][:3])],
    "first.named": ["I / 我"],
    "second.named": ["you / 你"],
    "third.named": ["he / 他", "she / 她", "<kin>"],
    "plural.named": ["we / 我们", "they / 他们"],
    "plural.asked.named": ["they / 他们"],
    **{f"{who}.short": [f"{word} / {chinese}" for word, chinese in words.items()] for who, words in SHORT.items()},
    **{
        f"mate.{who}": ["4 * <kin>"]
        + [f"2 * {word} / {chinese}" for word, chinese in OBJECTIVE.items() if word not in own.split()]
        for who, own in OWN.items()
    },
    "anyone": [f"{share} * <{who}>" for who, share in SHARE.items()],
    "anyone.asked": ["<second>", "3 * <third>", "2 * <plural.asked>"],
    "pronoun": ["I / 我", "you / 你", "he / 他", "she / 她", "we / 我们", "they / 他们"],
    "someone": ["2 * <pronoun>", "<kin>"],
    "whose": ["my / 我", "your / 你", "his / 他", "her / 她"],
    "kin": [f"<whose> {word} / <whose> {chinese}" for word, chinese in KIN.items()],
    "owner": ["2 * <whose> / <whose> 的", "<whose> friend's / <whose> 朋友 的"],
    **{f"job.{who}": [f"{article(job)} / {chinese}" for job, chinese in JOBS.items()] for who in SHARE},
    "job.plural": [f"{job}s / {chinese}" for job, chinese in JOBS.items()],
    "mood": [f"{word} / {chinese}" for word, chinese in MOODS.items()],
}  # fmt: skip
CIRCUMSTANCES = {
    "every": EVERY, "every?": ("3 * /", *EVERY), "past": PAST, "past?": ("3 * /", *PAST),
    "future": FUTURE, "future?": ("3 * /", *FUTURE), "today?": ("/", "today / 今天", "now / 现在"),
    "now?": ("/", "now / 现在"), "place": [line for name, line in PLACES.items() if name],
    "goal": [f"{goal} / {chinese}" for goal, chinese in GOALS.items()],
    "by": ("/", "by bus / 坐 公共汽车", "by bicycle / 骑 自行车", "by taxi / 坐 出租车"),
}  # fmt: skip
OBJECTS = {
    "owned": [f"2 * <some.{noun}>" for noun in ("cat", "dog", "child", "child")]
    + [f"<one.{noun}>" for noun in ("car", "bicycle", "hat")]
    + [f"<fine.{noun}>" for noun in ("cat", "dog", "car", "bicycle", "hat")],
    "lacked": [f"{article(noun)} / {NOUNS[noun][2]}" for noun in ("cat", "dog", "car", "bicycle", "hat", "umbrella")],
    "liked": [f"{kind} / {KINDS[kind]}" for kind in ("tea", "coffee", "cake", "books", "films", "flowers", "cats",
                                                     "dogs", "apples", "cars", "bicycles", "hats")]
    + [f"<this.{noun}>" for noun in ("book", "film", "cat", "dog", "bird", "flower", "car", "bicycle", "hat", "dress",
                                     "shirt", "table", "chair", "picture")]
    + [f"<owner> {noun} / <owner> {NOUNS[noun][2]}" for noun in ("cat", "dog", "car", "hat")],
    "kind.one": [f"{kind} / {KINDS[kind]}" for kind in ("tea", "cats", "books", "bread")],
    "kind.other": [f"{kind} / {KINDS[kind]}" for kind in ("coffee", "dogs", "films", "cake", "music")],
    "wish.one": ["drink tea / 喝 茶", "eat noodles / 吃 面条", "read books / 看 书", "learn Chinese / 学 中文"],
    "wish.other": ["drink coffee / 喝 咖啡", "eat rice / 吃 米饭", "watch television / 看 电视", "swim / 游泳"],
    "bought": [f"{NOUNS[noun][0]} / {NOUNS[noun][1]} {NOUNS[noun][2]}" for noun in
               ("book", "picture", "car", "bicycle", "hat", "shirt", "dress", "umbrella", "chair", "apple", "egg")],
    "animals": [f"{NOUNS[noun][0]} / {NOUNS[noun][1]} {NOUNS[noun][2]}" for noun in ("cat", "dog", "bird", "child")],
    "inside": ["in the park / 公园 里", "in the garden / 花园 里"],
    "upon": ["on the table / 桌子 上"],
    "present": [f"<present.{noun}>" for noun in ("cat", "dog", "bird", "child", "flower", "table", "book", "letter",
                                                 "apple", "egg", "hat")],
}  # fmt: skip


def weighed(line: str, factor: float) -> str:
    """The rule with its weight multiplied."""
    weight, _star, rest = line.rpartition(" * ")
    return f"{float(weight or 1) * factor:g} * {rest}"


def _things() -> Iterator[tuple[str, list[str]]]:
    """some.x: a number of them, one.x and more.x; fine.x: with an adjective; plain.x, this.x: a certain one."""
    for noun, (plural, measure, chinese, adjectives) in NOUNS.items():
        described = [
            (f"{word} {noun}", f"{word} {plural}", f"{ADJECTIVES[word]} {chinese}") for word in adjectives.split()
        ]
        yield f"one.{noun}", [f"{article(noun)} / 一 {measure} {chinese}"]
        yield f"more.{noun}", [f"{n} {plural} / {m} {measure} {chinese}" for n, m in NUMBERS.items()]
        yield f"some.{noun}", [f"<one.{noun}>", f"<more.{noun}>"]
        fine = [f"2 * {article(one)} / 一 {measure} {said}" for one, _more, said in described]
        fine += [f"{n} {more} / {m} {measure} {said}" for n, m in NUMBERS.items() for _one, more, said in described]
        yield f"fine.{noun}", fine
        yield f"plain.{noun}", [f"{n} {noun} / {m} {measure} {chinese}" for n, m in POINTERS.items()]
        this = [f"{n} {one} / {m} {measure} {said}" for n, m in POINTERS.items() for one, _more, said in described]
        yield f"this.{noun}", [f"{len(this) + 1} * <plain.{noun}>", *this]
        where = "<upon>" if noun in ("book", "letter", "apple", "egg", "hat") else "<inside>"
        yield f"present.{noun}", [f"{be} <{some}.{noun}> {where} / {where} 有 <{some}.{noun}>"
                                  for be, some in (("is", "one"), ("are", "more"))]  # fmt: skip
    for kind, (portion, portions, measure) in PORTIONS.items():
        more = [f"{n} {portions} of {kind} / {m} {measure} {KINDS[kind]}" for n, m in NUMBERS.items()]
        yield f"some.{kind}", [f"2 * a {portion} of {kind} / 一 {measure} {KINDS[kind]}", *more]


def _activities() -> dict[str, list[str]]:
    """What is done, with each form of its verb: base, third (she), past, asked (behind did).

    In the last two, 了 stands behind the Chinese verb; a habit has it at its end, where the sentence puts it.
    """
    found: dict[str, list[str]] = {}

    def add(group: str, forms: str, activity: tuple[str, str, str, str], things: list[str]) -> None:
        verb, chinese, _things, places = activity
        number = len(found)
        thing, place = f"<thing.{number}>", f"<where.{number}>"
        found[thing[1:-1]] = things
        found[place[1:-1]] = [PLACES[name] for name in ("", *places.split())]
        for form in forms.split():
            word = dict(zip(("third", "past", "ing"), VERBS[verb], strict=True)).get(form, verb)
            done = f"{chinese} 了" if form in ("past", "asked") and group != "habit" else chinese
            line = f"{word} {thing} {place} / {place} {done} {thing}"
            found.setdefault(f"{group}.{form}", []).append(line)

    for activity in HABITS:
        things = [f"{kind} / {KINDS[kind]}" for kind in activity[2].split(", ")]
        add("habit", "base third past", activity, things)
        add("bare", "base ing", (*activity[:3], ""), things)
    for form, word in zip(("base", "third", "past"), ("go to", *VERBS["go to"]), strict=False):
        found[f"habit.{form}"] += [f"{word} {line}" for line in WALKS]
    for verb, chinese, places in ASKED:
        add("what", "base asked", (verb, chinese, "", places), ["/ 什么"])
        add("what", "ing", (verb, chinese, "", ""), ["/ 什么"])
    for activity in MEALS:
        add("meal", "base third", activity, [f"<some.{thing}>" for thing in activity[2].split()])
    for activity in DEEDS:
        add("deed", "base past asked", activity, [f"<some.{thing}>" for thing in activity[2].split()])
    for activity in SIGHTS:
        add("sight", "past asked", activity, [f"<some.{thing}>" for thing in activity[2].split()])
    for activity in CHOICES:
        things = activity[2].split()
        add("choice", "base past asked", activity, [f"<this.{thing}>" for thing in things])
        described = [f"<fine.{thing}>" for thing in things if NOUNS[thing][-1]]
        add("described", "base past asked", activity, described)
    add("described", "past asked", ("see", "看见", "", ""), ["<fine.cat>", "<fine.dog>", "<fine.bird>", "<fine.car>"])
    for form in ("past", "asked"):
        found[f"done.{form}"] = [f"2 * <deed.{form}>", f"<sight.{form}>", f"<choice.{form}>", f"<described.{form}>"]
    found["plan.base"] = ["2 * <habit.base>", "<deed.base>", "<choice.base>", "<described.base>"]
    found["either.base"] = ["2 * <habit.base>", "<choice.base>"]
    return found


def rules() -> dict[str, list[str]]:
    """The whole grammar, for `SynchronousGrammar`."""
    slots = (PEOPLE | CIRCUMSTANCES | OBJECTS).items()
    found = {name: list(lines) for name, lines in slots} | dict(_things()) | _activities()
    sentences = [
        weighed(line.format(**words), SHARE[words["who"]])
        for words in AGREEMENT
        for line in PRESENT
        if words["who"] != "first" or "{asked}" not in line  # nobody asks what he does himself
    ]
    sentences += [weighed(line, 4) for line in OTHER_TIMES]
    for k, (nouns, adjectives, deeds, owned) in enumerate(JUDGED):
        names, done = nouns.split(), deeds.split(",")
        found[f"adjective.{k}"] = [f"{word} / {PREDICATES[word]}" for word in adjectives.split()]
        found[f"denied.{k}"] = [f"{word} / {DENIED[word]}" for word in adjectives.split()]
        found[f"noun.{k}"] = [f"{noun} / {NOUNS[noun][2]}" for noun in names]
        found[f"done.{k}"] = done
        that = "the <noun.{k}> that <{who}> <done.{k}> <past?> / <{who}> <past?> <done.{k}> 的 <noun.{k}>"
        others = [that.format(who="someone", k=k), *([f"<owner> <noun.{k}>"] if owned else [])]
        found[f"judged.{k}"] = [*(f"<plain.{noun}>" for noun in names), *(weighed(line, len(names)) for line in others)]
        found["liked"].append(that.format(who="pronoun", k=k))
        sentences += [weighed(line.format(k=k), 0.5 * (1 + len(names))) for line in VERDICTS]
    for k, (nouns, colours) in enumerate(COLOURED):
        names = nouns.split()
        found[f"colour.{k}"] = [f"{word} / {PREDICATES[word]}" for word in colours.split()]
        found[f"coloured.{k}"] = [f"<plain.{noun}>" for noun in names]
        found[f"coloured.{k}"] += [f"<owner> {noun} / <owner> {NOUNS[noun][2]}" for noun in names]
        sentences += [weighed(line.format(k=k), 2) for line in COLOURS]
    for k, (nouns, grades) in enumerate(COMPARED):
        for side in ("one", "other"):
            found[f"{side}.than.{k}"] = [f"{noun} / {NOUNS[noun][1]} {NOUNS[noun][2]}" for noun in nouns.split()]
        found[f"more.{k}"] = [f"{grade} / {MORE[grade]}" for grade in grades.split(",")]
        sentences += [weighed(line.format(k=k), 1.5) for line in COMPARISONS]
    for who in SHORT:
        rivals = {word: chinese for other in SHORT if other != who for word, chinese in SHORT[other].items()}
        for wish, chinese in (("like", "喜欢"), ("want", "想")):
            found[f"{wish}s.{who}"] = [
                f"{word} {wish}{'s' * (word in SHORT['third'])} / {said} {chinese}" for word, said in rivals.items()
            ]
    return {SENTENCE: sentences} | found
