"""Ways to damage a checkpoint: in its bytes, in its header, in its settings."""

import copy
import hashlib
import json
import random
import struct

JUNK = (
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    0.5,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\ud800",
    [],
    [0],
    {},
    {"a": 1},
)


def parts(data: bytes) -> tuple[dict, bytes]:
    """The header as JSON, and the numbers behind it."""
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def joined(header: dict | str, numbers: bytes) -> bytes:
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    return struct.pack("<Q", len(text)) + text + numbers


def sealed(header: dict, numbers: bytes) -> bytes:
    """The same as a liar would join them: the digest of settings and numbers made right again."""
    header = copy.deepcopy(header)
    try:
        key, about = about_of(header)
        about.pop("sha256")
        settings = json.dumps(about, sort_keys=True).encode()
        about["sha256"] = hashlib.sha256(settings + numbers).hexdigest()
        header["__metadata__"][key] = json.dumps(about)
    except (AttributeError, KeyError, TypeError, ValueError):
        pass  # too damaged to have a digest
    return joined(header, numbers)


def about_of(header: dict) -> tuple[str, dict]:
    """The metadata's key and the settings stored under it."""
    ((key, text),) = header["__metadata__"].items()
    return key, json.loads(text)


def with_about(data: bytes, change) -> bytes:
    """The file with its settings changed in place by change(settings), and sealed again."""
    header, numbers = parts(data)
    key, about = about_of(header)
    change(about)
    header["__metadata__"][key] = json.dumps(about)
    return sealed(header, numbers)


def altered(data: bytes, rng: random.Random) -> bytes:
    """The file with some of its numbers replaced, and sealed again."""
    header, numbers = parts(data)
    out = bytearray(numbers)
    for _ in range(rng.choice((1, 1, 2, 30))):
        at = rng.randrange(len(out) // 4) * 4
        out[at : at + 4] = rng.choice(
            (rng.randbytes(4), struct.pack("<f", rng.choice((0.0, -0.0, 1e-40, -3e38, 1e38))))
        )
    return sealed(header, bytes(out))


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The file after one to three accidents: bytes changed, cut out, put in, repeated; half of them in the header."""
    out = bytearray(data)
    header = 8 + struct.unpack("<Q", data[:8])[0]
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(header if rng.random() < 0.5 else len(out)) if out else 0
        size = rng.choice((1, 1, 2, 8, 64))
        accident = rng.randrange(7)
        if accident == 0 and out:
            out[min(at, len(out) - 1)] ^= 1 << rng.randrange(8)
        elif accident == 1:
            out[at : at + size] = rng.randbytes(size)
        elif accident == 2:
            del out[at : at + size]
        elif accident == 3:
            out[at:at] = rng.randbytes(size)
        elif accident == 4:
            out[at:at] = out[max(0, at - size) : at]
        elif accident == 5:
            out[at : at + 1] = rng.choice(
                (b"0", b"9", b"-", b'"', b"[", b"{", b"}", b",", b"e", b".", b"null", b"1e999")
            )
        else:
            del out[at:]
    return bytes(out)


def rearranged(data: bytes, rng: random.Random) -> bytes:
    """The file with one to three places of its header or settings dropped, copied, or replaced by junk."""
    header, numbers = parts(data)
    key, about = about_of(header)
    header["__metadata__"][key] = about
    for _ in range(rng.choice((1, 1, 2, 3))):
        places = list(entries(header))
        holder, name = rng.choice(places)
        change = rng.randrange(4)
        if change == 0:
            del holder[name]
        elif change == 1 and isinstance(holder, dict):
            holder[rng.choice(("new", "weight_ho", "__metadata__", "task.text", "state.cell"))] = holder[name]
        elif change == 2:
            other, its_name = rng.choice(places)
            holder[name] = copy.deepcopy(other[its_name])
        else:
            holder[name] = copy.deepcopy(rng.choice(JUNK))
    metadata = header.get("__metadata__")
    if isinstance(metadata, dict) and isinstance(metadata.get(key), dict):
        metadata[key] = json.dumps(metadata[key])
    return sealed(header, numbers)


def entries(tree):
    """(holder, key or index) of every place in nested dicts and lists."""
    for name, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        yield tree, name
        if isinstance(value, dict | list):
            yield from entries(value)
