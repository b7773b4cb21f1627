"""Words of the small language that is spoken in English and in Chinese (see `english_chinese`)."""

NOUNS = {  # plural, measure word, Chinese, what may stand before it
    "book": ("books", "本", "书", "new old interesting"),
    "letter": ("letters", "封", "信", ""),
    "newspaper": ("newspapers", "份", "报纸", "new old"),
    "film": ("films", "部", "电影", "new interesting"),
    "picture": ("pictures", "幅", "画", "new old beautiful"),
    "cat": ("cats", "只", "猫", "big small black white"),
    "dog": ("dogs", "只", "狗", "big small black white"),
    "bird": ("birds", "只", "鸟", "small beautiful blue"),
    "child": ("children", "个", "孩子", ""),
    "flower": ("flowers", "朵", "花", "beautiful red white"),
    "car": ("cars", "辆", "车", "new old red black"),
    "bicycle": ("bicycles", "辆", "自行车", "new old red blue"),
    "hat": ("hats", "顶", "帽子", "new beautiful red"),
    "shirt": ("shirts", "件", "衬衫", "new old white blue"),
    "dress": ("dresses", "条", "裙子", "new beautiful red"),
    "umbrella": ("umbrellas", "把", "雨伞", "new old black"),
    "table": ("tables", "张", "桌子", "new old big small"),
    "chair": ("chairs", "把", "椅子", "new old big small"),
    "apple": ("apples", "个", "苹果", "big small red"),
    "egg": ("eggs", "个", "鸡蛋", "big small"),
}
ADJECTIVES = {"new": "新", "old": "旧", "big": "大", "small": "小", "interesting": "有意思 的", "beautiful": "漂亮 的",
              "red": "红色 的", "black": "黑色 的", "white": "白色 的", "blue": "蓝色 的"}  # fmt: skip
PREDICATES = {word: chinese.removesuffix(" 的") for word, chinese in ADJECTIVES.items()}
PREDICATES |= {"expensive": "贵", "cheap": "便宜"}
DENIED = {word: f"不 {chinese}" for word, chinese in PREDICATES.items()} | {"interesting": "没有 意思"}
MORE = {"newer": "新", "older": "旧", "bigger": "大", "smaller": "小", "cheaper": "便宜", "more expensive": "贵",
        "more interesting": "有意思", "more beautiful": "漂亮"}  # fmt: skip
NUMBERS, POINTERS = {"two": "两", "three": "三", "four": "四"}, {"this": "这", "that": "那"}
KINDS = {
    "tea": "茶", "coffee": "咖啡", "water": "水", "milk": "牛奶", "cake": "蛋糕", "bread": "面包", "rice": "米饭",
    "noodles": "面条", "television": "电视", "music": "音乐", "Chinese": "中文", "English": "英语", "football": "足球",
    "basketball": "篮球", "the piano": "钢琴", "": "",
} | {plural: chinese for plural, _measure, chinese, _adjectives in NOUNS.values()}  # fmt: skip
PORTIONS = {"tea": ("cup", "cups", "杯"), "coffee": ("cup", "cups", "杯"), "water": ("glass", "glasses", "杯"),
            "milk": ("glass", "glasses", "杯"), "cake": ("piece", "pieces", "块"), "bread": ("piece", "pieces", "片"),
            "rice": ("bowl", "bowls", "碗"), "noodles": ("bowl", "bowls", "碗")}  # fmt: skip
VERBS = {  # with she, yesterday, now
    "read": ("reads", "read", "reading"),
    "watch": ("watches", "watched", "watching"),
    "drink": ("drinks", "drank", "drinking"),
    "eat": ("eats", "ate", "eating"),
    "buy": ("buys", "bought", "buying"),
    "write": ("writes", "wrote", "writing"),
    "see": ("sees", "saw", "seeing"),
    "play": ("plays", "played", "playing"),
    "listen to": ("listens to", "listened to", "listening to"),
    "learn": ("learns", "learned", "learning"),
    "sing": ("sings", "sang", "singing"),
    "dance": ("dances", "danced", "dancing"),
    "swim": ("swims", "swam", "swimming"),
    "work": ("works", "worked", "working"),
    "go to": ("goes to", "went to", "going to"),
}
PLACES = {
    "": "/",
    "home": "at home / 在 家",
    "school": "at school / 在 学校",
    "park": "in the park / 在 公园",
    "garden": "in the garden / 在 花园",
    "library": "in the library / 在 图书馆",
    "shop": "at the shop / 在 商店",
    "restaurant": "in the restaurant / 在 饭馆",
    "office": "in the office / 在 办公室",
}
GOALS = {
    "park": "公园",
    "library": "图书馆",
    "shop": "商店",
    "restaurant": "饭馆",
    "hospital": "医院",
    "station": "车站",
}
JOBS = {"teacher": "老师", "student": "学生", "doctor": "医生", "nurse": "护士", "driver": "司机", "engineer": "工程师"}
KIN = {"mother": "妈妈", "father": "爸爸", "friend": "朋友", "son": "儿子", "daughter": "女儿"}
MOODS = {"busy": "忙", "tired": "累", "happy": "高兴", "hungry": "饿"}
OBJECTIVE = {"me": "我", "you": "你", "him": "他", "her": "她", "us": "我们", "them": "他们"}

# English words that say when, how and in which form something is said, and not what.
FORM = frozenset({
    "am", "is", "are", "do", "does", "did", "not", "will", "to", "there", "a", "an", "the", "this", "that", "of", "at",
    "in", "on", "by", "every", "last", "next", "today", "now", "yesterday", "tomorrow", "day", "morning", "afternoon",
    "evening", "Sunday", "often", "sometimes", "than", "more", "what", "where", "when", "who", "how", "many",
})  # fmt: skip


def bases() -> dict[str, str]:
    """The base of each form of a noun, a verb or an adjective, in English.

    >>> [bases()[word] for word in ("children", "went", "bigger", "us")]
    ['child', 'go', 'big', 'we']
    """
    verbs = {form.split()[0]: verb.split()[0] for verb, forms in VERBS.items() for form in forms}
    nouns = {plural: noun for noun, (plural, *_rest) in NOUNS.items()} | {f"{job}s": job for job in JOBS}
    portions = {more: one for one, more, _measure in PORTIONS.values()}
    grades = {"newer": "new", "older": "old", "bigger": "big", "smaller": "small", "cheaper": "cheap"}
    people = {"me": "I", "him": "he", "us": "we", "them": "they", "friend's": "friend"}
    return verbs | nouns | portions | grades | people | {"likes": "like", "wants": "want", "has": "have"}
