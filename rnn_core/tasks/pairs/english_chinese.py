"""The rules of a small language that is spoken in English and in Chinese (see `translation`).

What one language says with a word's form, the other says with a word of its own or by its place: English has plurals,
he drinks / they drink, am / is / are, drank, do and did, a / an; Chinese has measure words, 了, 会, 没有, 吗, 的, and
puts time and place before the verb. A sentence is one sentence of the other language, and no other's. So "they read
books" is the present, 他们看书, and "they read two books" the past, 他们看了两本书.
"""

from collections.abc import Iterator

from rnn_core.tasks.pairs.synchronous import SENTENCE

NOUNS = {  # plural, measure word, Chinese, what may stand before it
    "book": ("books", "本", "书", "new old interesting"),
    "letter": ("letters", "封", "信", ""),
    "film": ("films", "部", "电影", "new interesting"),
    "cat": ("cats", "只", "猫", "big small black"),
    "dog": ("dogs", "只", "狗", "big small black"),
    "child": ("children", "个", "孩子", ""),
    "flower": ("flowers", "朵", "花", "beautiful red"),
    "car": ("cars", "辆", "车", "new old red black"),
    "bicycle": ("bicycles", "辆", "自行车", "new old red black"),
    "hat": ("hats", "顶", "帽子", "new beautiful red"),
    "table": ("tables", "张", "桌子", "new old big small"),
    "apple": ("apples", "个", "苹果", "big small red"),
}
ADJECTIVES = {"new": "新", "old": "旧", "big": "大", "small": "小", "interesting": "有意思 的", "beautiful": "漂亮 的",
              "red": "红色 的", "black": "黑色 的"}  # fmt: skip
PREDICATES = {word: chinese.removesuffix(" 的") for word, chinese in ADJECTIVES.items()} | {"expensive": "贵"}
DENIED = {word: f"不 {chinese}" for word, chinese in PREDICATES.items()} | {"interesting": "没有 意思"}
NUMBERS, POINTERS = {"two": "两", "three": "三"}, {"this": "这", "that": "那"}
KINDS = {"tea": "茶", "coffee": "咖啡", "cake": "蛋糕", "television": "电视"} | {
    plural: chinese for plural, _measure, chinese, _adjectives in NOUNS.values()
}
PORTIONS = {"tea": ("cup", "cups", "杯"), "coffee": ("cup", "cups", "杯"), "cake": ("piece", "pieces", "块")}
VERBS = {  # with she, yesterday
    "read": ("reads", "read"), "watch": ("watches", "watched"), "drink": ("drinks", "drank"), "eat": ("eats", "ate"),
    "buy": ("buys", "bought"), "write": ("writes", "wrote"), "see": ("sees", "saw"), "play": ("plays", "played"),
    "go to": ("goes to", "went to"),
}  # fmt: skip
PLACES = {
    "": "/",
    "home": "at home / 在 家",
    "school": "at school / 在 学校",
    "park": "in the park / 在 公园",
    "garden": "in the garden / 在 花园",
    "library": "in the library / 在 图书馆",
    "shop": "at the shop / 在 商店",
}
JOBS = {"teacher": "老师", "student": "学生", "doctor": "医生"}

# Activities: verb, Chinese, things, where else than nowhere in particular.
HABITS = (
    ("read", "看", "books", "home park school library"),
    ("watch", "看", "television films", "home"),
    ("drink", "喝", "tea coffee", "home school park garden"),
    ("eat", "吃", "apples cake", "home school park garden"),
    ("buy", "买", "books apples flowers tea coffee cake", "shop"),
    ("write", "写", "letters", "home school library"),
)
MORE_HABITS = ("play football <outdoors> / <outdoors> 踢 足球", "play basketball <outdoors> / <outdoors> 打 篮球",
               "play the piano <indoors> / <indoors> 弹 钢琴", "go to school <by> / <by> 去 学校",
               "go to the <goal> <by> / <by> 去 <goal>")  # fmt: skip
MEALS = (
    ("drink", "喝", "tea coffee", "home school"),
    ("eat", "吃", "apple cake", "home school"),
)
DEEDS = (  # with a number of things
    *MEALS,
    ("read", "看", "book letter", "home school"),
    ("watch", "看", "film", "home"),
    ("buy", "买", "book car bicycle hat flower table apple", "shop"),
    ("write", "写", "letter", "home school"),
)
SIGHTS = (
    ("see", "看见", "cat dog child", "park garden"),
    ("see", "看见", "flower", "garden"),
    ("see", "看见", "car bicycle", "park"),
)
CHOICES = (  # with this or that one, or an interesting one; without a place, for there are twelve words
    ("read", "看", "book letter", ""),
    ("watch", "看", "film", ""),
    ("buy", "买", "book car bicycle hat table", ""),
)

# What is judged, by which adjectives, what somebody did to it, whether it has an owner.
JUDGED = (
    ("book", "new old interesting expensive", "bought / 买", True),
    ("book", "interesting", "read / 看", False),
    ("letter", "interesting", "read / 看,wrote / 写", False),
    ("film", "interesting", "watched / 看", False),
    ("car bicycle hat table", "new old beautiful expensive", "bought / 买", True),
    ("cat dog table", "big small", "bought / 买", True),
    ("cat dog", "beautiful", "bought / 买", True),
)
COLOURED = (("car hat cat dog", "black"), ("car bicycle hat", "red"))
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
    "<{who}.named> {be} <job.{who}> / <{who}.named> 是 <job.{who}>",
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
)
EVERY = ("every day / 每天", "every morning / 每天 早上", "every evening / 每天 晚上", "every Sunday / 每个 星期天")
PAST = (
    "yesterday / 昨天",
    "yesterday morning / 昨天 早上",
    "yesterday evening / 昨天 晚上",
    "last Sunday / 上个 星期天",
)
FUTURE = ("tomorrow / 明天", "tomorrow morning / 明天 早上", "tomorrow evening / 明天 晚上", "this evening / 今天 晚上",
          "next Sunday / 下个 星期天")  # fmt: skip
PEOPLE = {
    "first": ["I / 我"],
    "second": ["you / 你"],
    "third": ["3 * he / 他", "3 * she / 她", "4 * <kin>", "the teacher / 老师", "the doctor / 医生"],
    "plural": ["3 * we / 我们", "<plural.asked>"],
    "plural.asked": ["3 * they / 他们", *(f"the {job}s / {chinese}们" for job, chinese in JOBS.items())],
    "first.named": ["I / 我"],
    "second.named": ["you / 你"],
    "third.named": ["he / 他", "she / 她", "<kin>"],
    "plural.named": ["we / 我们", "they / 他们"],
    "plural.asked.named": ["they / 他们"],
    "anyone": [f"{share} * <{who}>" for who, share in SHARE.items()],
    "anyone.asked": ["<second>", "3 * <third>", "2 * <plural.asked>"],
    "pronoun": ["I / 我", "you / 你", "he / 他", "she / 她", "we / 我们", "they / 他们"],
    "someone": ["2 * <pronoun>", "<kin>"],
    "whose": ["my / 我", "your / 你", "his / 他", "her / 她"],
    "kin": ["<whose> mother / <whose> 妈妈", "<whose> father / <whose> 爸爸", "<whose> friend / <whose> 朋友"],
    "owner": ["2 * <whose> / <whose> 的", "<whose> friend's / <whose> 朋友 的"],
    **{f"job.{who}": [f"a {job} / {chinese}" for job, chinese in JOBS.items()] for who in SHARE},
    "job.plural": [f"{job}s / {chinese}" for job, chinese in JOBS.items()],
    "mood": ["busy / 忙", "tired / 累", "happy / 高兴"],
}  # fmt: skip
CIRCUMSTANCES = {
    "every": EVERY, "every?": ("3 * /", *EVERY), "past": PAST, "past?": ("3 * /", *PAST),
    "future": FUTURE, "future?": ("3 * /", *FUTURE), "today?": ("/", "today / 今天", "now / 现在"),
    "now?": ("/", "now / 现在"), "place": [line for name, line in PLACES.items() if name],
    "outdoors": ("/", PLACES["park"], PLACES["school"]), "indoors": ("/", PLACES["home"], PLACES["school"]),
    "goal": ("park / 公园", "library / 图书馆", "shop / 商店"),
    "by": ("/", "by bus / 坐 公共汽车", "by bicycle / 骑 自行车"),
}  # fmt: skip
OBJECTS = {
    "owned": [f"2 * <some.{noun}>" for noun in ("cat", "dog", "child", "child")]
    + [f"<one.{noun}>" for noun in ("car", "bicycle", "hat")]
    + [f"<fine.{noun}>" for noun in ("cat", "dog", "car", "bicycle", "hat")],
    "lacked": [f"a {noun} / {NOUNS[noun][2]}" for noun in ("cat", "dog", "car", "bicycle", "hat")],
    "liked": [f"{kind} / {KINDS[kind]}" for kind in ("tea", "coffee", "cake", "books", "films", "flowers", "cats",
                                                     "dogs", "apples", "cars", "bicycles", "hats")]
    + [f"<this.{noun}>" for noun in ("book", "film", "cat", "dog", "flower", "car", "bicycle", "hat", "table")]
    + [f"<owner> {noun} / <owner> {NOUNS[noun][2]}" for noun in ("cat", "dog", "car", "hat")],
    "inside": ["in the park / 公园 里", "in the garden / 花园 里"],
    "upon": ["on the table / 桌子 上"],
    "present": [f"<present.{noun}>" for noun in ("cat", "dog", "child", "flower", "table", "book", "letter", "apple",
                                                 "hat")],
}  # fmt: skip


def article(words: str) -> str:
    """The words with their indefinite article.

    >>> article("old car"), article("new car")
    ('an old car', 'a new car')
    """
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


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
        where = "<upon>" if noun in ("book", "letter", "apple", "hat") else "<inside>"
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
            word = {"third": VERBS[verb][0], "past": VERBS[verb][1]}.get(form, verb)
            done = f"{chinese} 了" if form in ("past", "asked") and group != "habit" else chinese
            line = f"{word} {thing} {place} / {place} {done} {thing}"
            found.setdefault(f"{group}.{form}", []).append(line)

    for activity in HABITS:
        add("habit", "base third past", activity, [f"{kind} / {KINDS[kind]}" for kind in activity[2].split()])
    for verb, forms in (("play", VERBS["play"]), ("go to", VERBS["go to"])):
        for line in (line.removeprefix(verb) for line in MORE_HABITS if line.startswith(verb)):
            for form, word in zip(("base", "third", "past"), (verb, *forms), strict=True):
                found[f"habit.{form}"].append(word + line)
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
    add("described", "past asked", ("see", "看见", "", ""), ["<fine.cat>", "<fine.dog>", "<fine.car>", "<fine.flower>"])
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
    return {SENTENCE: sentences} | found
