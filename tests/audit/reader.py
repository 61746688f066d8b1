#!/usr/bin/env python3
"""A stranger's reader of Outpost's files, written from the three FORMAT.md alone (casebook, bundle, seal).

    reader.py bundle FILE KEY       KEY: a file with an age identity, or - where a passphrase is asked for on the terminal
    reader.py slots FILE USER       the password comes on standard input; needs the PyPI package "cryptography"

Needs age, zstd and ssh-keygen. Says in one line what it found, or what is wrong, and then exits 1.
"""
import hashlib, json, os, re, subprocess, sys, tempfile, unicodedata

class Wrong(Exception):
    pass

def must(holds, why):
    if not holds:
        raise Wrong(why)

def sha(data):
    return hashlib.sha256(data).hexdigest()

class Obj(dict):
    """An object that remembers its keys as they stood, also one that stood twice."""
    def __init__(self, pairs):
        super().__init__(pairs)
        self.pairs = pairs

def spell(value):
    if isinstance(value, Obj):
        return "{" + ",".join(spell(key) + ":" + spell(one) for key, one in value.pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spell, value)) + "]"
    return json.dumps(value, ensure_ascii=False)

def spelled(raw, what):
    """casebook 1.1: the one spelling. What is read must be written the same."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=lambda c: must(False, what), object_pairs_hook=Obj)
        again = spell(value).encode() + b"\n"
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{what}: {type(error).__name__}") from None
    must(again == raw, f"{what}: another spelling")
    return value

# ── casebook 1.3: types ──
def a_string(v): return isinstance(v, str)
def a_name(v): return a_string(v) and 1 <= len(v.encode()) <= 128 and not any(unicodedata.category(c) == "Cc" for c in v)
def a_hex64(v): return a_string(v) and re.fullmatch("[0-9a-f]{64}", v) is not None
def a_bool(v): return isinstance(v, bool)
def a_u32(v): return type(v) is int and 0 <= v < 2**32
def a_u64(v): return type(v) is int and 0 <= v < 2**64
def a_text(v): return isinstance(v, dict) and list(v) == ["text"] and a_hex64(v["text"])
def ids(v): return isinstance(v, list) and all(map(a_hex64, v)) and all(a < b for a, b in zip(v, v[1:]))
def one_of(*words): return lambda v: v in words
def array(of): return lambda v: isinstance(v, list) and all(map(of, v))
def matching(pattern): return lambda v: a_string(v) and re.fullmatch(pattern, v) is not None

def an_instant(v):
    from datetime import datetime
    try:
        return len(v) == 24 and "1970" <= v[:4] and bool(datetime.strptime(v, "%Y-%m-%dT%H:%M:%S.%fZ"))
    except (TypeError, ValueError):
        return False

def an_offset(v):
    return matching("[+-](0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]")(v) and v != "-00:00"

def a_tick(v):
    if not matching("(0|[1-9][0-9]*)[.](0|[1-9][0-9]*)")(v): return False
    ms, counter = map(int, v.split("."))
    return ms <= 253402300800000 and counter < 2**32

STEP = r"(?:[^%/\[\]\x00-\x1f\x7f]|%(?:25|2F|5B|5D|[01][0-9A-F]|7F))+"
an_event = matching(rf"{STEP}\[{STEP}\]")
a_form = matching(rf"{STEP}\[{STEP}\]/{STEP}\[{STEP}\]")

def fields(value, spec, what):
    """An object whose keys are those of a table, in its order; a key that ends in ? may be absent."""
    must(isinstance(value, dict), what)
    left = [key for key, _ in getattr(value, "pairs", value.items())]
    for key, kind in spec:
        key, optional = key.rstrip("?"), key.endswith("?")
        if left and left[0] == key:
            left.pop(0)
            must(kind(value[key]), f"{what}: {key}")
        else:
            must(optional, f"{what}: no {key}, or out of order")
    must(not left, f"{what}: unknown key")

def table(text, **kinds):
    return [(word, kinds.get(word.rstrip("?")) or COMMON[word.rstrip("?")]) for word in text.split()]

# ── casebook 5: acts ──
ROLE = one_of("administrator", "nurse", "investigator", "monitor", "data_manager", "assessor")
RUN = [("log", a_string), ("first", a_u64), ("last", a_u64)]
def a_run(v):
    fields(v, RUN, "logs")
    return True

def a_date(v): return matching("[0-9-]{1,10}")(v)
a_day, a_limit = matching("[0-9-]{10}"), matching("[0-9.-]{1,30}")
COMMON = dict(site=a_string, device=a_name, key=a_string, recipient=a_string, program=a_string, practice=a_bool,
    user=a_string, name=a_string, role=ROLE, reason=a_text, failures=a_u32, subject=a_name, event=an_event, date=a_date,
    bases=ids, form=a_form, group=a_string, repeat=a_string, item=a_string, cells=ids, rule=a_string, comment=a_text,
    operands=ids, question=a_text, query=a_hex64, answer=a_text, version=a_string, file=a_string, effective=a_string,
    approval=a_string, sites=array(a_string), bundle=a_hex64, logs=array(a_run), entries=a_u64, sender=a_string,
    log=a_string, seq=a_u64, head=a_hex64, at=an_instant, subjects=a_u64, code=a_string, place=a_string, text=a_hex64,
    root=a_hex64, stratum=a_u32, strata=a_u32, slots=a_u32, slot=a_u32, number=a_u32, again=a_bool, deviation=a_text,
    why=a_name, rest=a_text, request=a_hex64, arm=a_name, factors=array(a_name), format=a_string, tick=a_tick, against=an_instant,
    lab=a_name, analyte=matching("[A-Z0-9_]{1,16}"), sex=a_name, unit=a_string, low=a_limit, high=a_limit, to=a_name)
COMMON["from"] = a_name

def an_answer(v):
    fields(v, table("group repeat item value? missing? unit? raw? bases reason?", repeat=a_name, raw=a_string,
        value=lambda x: a_text(x) or (a_string(x) and 1 <= len(x.encode()) <= 262144),
        missing=one_of("not_done", "unknown", "not_applicable", "not_asked", "refused")), "answer")
    must(not ("value" in v and "missing" in v), "answer: value and missing")
    must("value" in v or not ("unit" in v or "raw" in v), "answer: unit or raw without a value")
    must(not ("raw" in v and a_text(v["value"])), "answer: raw beside a commitment")
    must("value" in v or "missing" in v or v["bases"], "answer: an empty cell emptied")
    return True

def answers(v):
    if not (isinstance(v, list) and 1 <= len(v) <= 256 and all(map(an_answer, v))): return False
    return len({(i["group"], i["repeat"], i["item"]) for i in v}) == len(v)

def a_lost_slot(v):
    fields(v, table("subject stratum slot same_person", same_person=a_bool), "lost")
    return True

def lost_slots(v): return array(a_lost_slot)(v) and v != []

S, _ = True, False
ACTS = {
    "device.enrolled": (_, table("site device key recipient program practice", site=a_name)),
    "device.approved": (_, table("site device key recipient", site=a_name)),
    "device.revoked": (_, table("device reason", device=a_string)),
    "log.settled": (_, table("device seq kept head reason rest? lost? unread?", kept=one_of("held", "later"),
        lost=lost_slots, unread=lambda v: ids(v) and v != [])),
    "user.added": (_, table("user name role key? must_change?", user=a_name, must_change=lambda v: v is True)),
    "user.role_changed": (_, table("user role")),
    "user.closed": (_, table("user reason?")),
    "session.opened": (_, table("user", user=a_name)),
    "session.refused": (_, table("user? failures")),
    "subject.registered": (S, table("subject site")),
    "event.dated": (S, table("subject event date? bases reason?")),
    "event.added": (S, table("subject event")),
    "event.missed": (S, table("subject event reason bases")),
    "subject.migrated": (S, table("subject from to reason bases")),
    "items.set": (S, table("subject form items", items=answers)),
    "row.added": (S, table("subject form group repeat bases", repeat=a_name)),
    "row.removed": (S, table("subject form group repeat reason bases cells")),
    "form.completed": (S, table("subject form bases")),
    "form.reopened": (S, table("subject form reason bases")),
    "form.not_done": (S, table("subject form reason bases")),
    "finding.confirmed": (S, table("subject form group repeat item rule comment operands")),
    "query.raised": (S, table("subject form group repeat item question")),
    "query.answered": (S, table("subject query answer bases")),
    "query.closed": (S, table("subject query comment? bases")),
    "query.reopened": (S, table("subject query reason bases")),
    "study.published": (_, table("version file effective approval sites")),
    "study.activated": (_, table("version file")),
    "bundle.exported": (_, table("bundle file logs entries")),
    "bundle.imported": (_, table("bundle sender logs entries")),
    "receipt.accepted": (_, table("bundle log seq head at")),
    "data.exported": (_, table("format subjects file?", file=a_hex64)),
    "clock.suspected": (_, table("why tick against", why=one_of("backwards", "off_center"))),
    "alarm.raised": (_, table("code place")),
    "text.redacted": (None, table("subject? text reason")),
    "lab.range_set": (_, table("lab analyte sex? from? to? unit? low? high? bases", **{"from": a_day, "to": a_day})),
    "allocation.published": (_, table("root strata slots")),
    "allocation.requested": (S, table("subject root stratum factors number")),
    "allocation.released": (_, table("device subject stratum slot number code again deviation?", code=a_name)),
    "allocation.refused": (_, table("code device? why", code=a_name, device=a_string)),
    "allocation.revealed": (S, table("subject request stratum slot arm")),
    "user.password_changed": (_, table("user how key?", user=a_name, how=one_of("own", "administrator", "recovery"))),
    "recovery.sealed": (_, table("set codes sealed", set=a_u64, codes=a_u32, sealed=matching("([0-9a-f]{2}){1,16384}"))),
    "recovery.released": (_, table("device set code reason user?", device=a_name, set=a_u64, code=a_u32, user=a_name)),
    "recovery.used": (_, table("set code user", set=a_u64, code=a_u32, user=a_name)),
    "backup.written": (_, table("seq head")),
    "vault.restored": (_, table("seq head said_by?", said_by=a_name)),
}
HEAD = [("v", lambda v: v == 1 and type(v) is int), ("study", a_name), ("log", a_name), ("seq", lambda v: a_u64(v) and v >= 1),
    ("prev", a_hex64), ("at", an_instant), ("tz", an_offset), ("tick", a_tick), ("by", a_name)]

def entry(line):
    """casebook 1: one entry; gives its head, its act with what it says, and its id."""
    must(len(line) <= 1 << 20, "line: longer than 1 MiB")
    said = spelled(line, "line")
    must(isinstance(said, Obj), "line: no object")
    at = next((at for at, (key, _) in enumerate(said.pairs) if key == "act"), None)
    must(at is not None and said.pairs[at][1] in ACTS, "line: an unknown act")
    # What follows the name is the act's, also where it has the name of a key of the head.
    head, name, own = Obj(said.pairs[:at]), said.pairs[at][1], Obj(said.pairs[at + 1:])
    subject, spec = ACTS[name]
    if subject is None:
        subject = "subject" in own
    fields(head, HEAD + [("mdv", a_name)] * subject, name)
    fields(own, spec, name)
    must((head["seq"] == 1) == (head["prev"] == "0" * 64), "line: seq and prev")
    if name == "lab.range_set":
        must("low" in own or "high" in own or own["bases"], "lab.range_set: nothing is withdrawn")
    return head, name, own, sha(line)

def free_text(line):
    """casebook 4: one text; gives its commitment."""
    row = spelled(line, "text")
    fields(row, [("commit", a_hex64), ("salt", matching("([0-9a-f]{2}){16,64}")), ("text", a_string)], "text")
    must(sha(bytes.fromhex(row["salt"]) + row["text"].encode()) == row["commit"], "text: does not fit its commitment")
    return row["commit"]

# ── bundle 1: the file ──
def header(name, size):
    b = bytearray(512)
    b[0:len(name)] = name.encode()
    b[100:108], b[108:116], b[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    b[124:136], b[136:148], b[148:156] = b"%011o\0" % size, b"0" * 11 + b"\0", b" " * 8
    b[156:157], b[257:265], b[329:337], b[337:345] = b"0", b"ustar\0" + b"00", b"0000000\0", b"0000000\0"
    b[148:156] = b"%06o\0 " % sum(b)
    return bytes(b)

def members(archive, names):
    found, at = [], 0
    for name in names:
        size = re.fullmatch(rb"[0-7]{11}", archive[at + 124:at + 135])
        must(size, f"{name}: no header")
        size = int(size[0], 8)
        must(archive[at:at + 512] == header(name, size), f"{name}: header")
        content, pad = archive[at + 512:at + 512 + size], -size % 512
        must(len(content) == size and archive[at + 512 + size:at + 512 + size + pad] == bytes(pad), f"{name}: truncated")
        found.append(content)
        at += 512 + size + pad
    must(archive[at:] == bytes(1024), "the archive's end")
    return found

# ── bundle 2: the envelope ──
def a_label(v): return a_string(v) and 1 <= len(v.encode()) <= 200 and not any(unicodedata.category(c) == "Cc" for c in v)
def or_null(kind): return lambda v: v is None or kind(v)
def record(what, *spec):
    def check(v):
        fields(v, spec, what)
        return True
    return check
a_key, an_age = matching("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}"), matching("age1[a-z0-9]{58}")
ENVELOPE = [("format", one_of("outpost-bundle")), ("version", lambda v: v == 1 and type(v) is int),
    ("purpose", one_of("data", "reply", "kit", "practice")), ("practice_of?", one_of("data", "reply", "kit")), ("study", a_label),
    ("sender", record("sender", ("site", a_label), ("log", a_label), ("key", a_key), ("age", an_age))),
    ("recipients", array(record("recipient", ("name", a_label), ("age", lambda v: v == "passphrase" or an_age(v))))),
    ("at", an_instant),
    ("logs", array(record("run", ("log", a_label), ("first", a_u64), ("last", a_u64), ("prev", a_hex64), ("head", a_hex64)))),
    ("checkpoint", or_null(record("checkpoint", ("log", a_label), ("epoch", a_u64), ("seq", a_u64), ("head", a_hex64),
        ("state", a_hex64), ("receipt", or_null(a_hex64))))),
    ("has", array(record("has", ("log", a_label), ("seq", a_u64), ("head", a_hex64)))), ("entries", a_u64), ("texts", a_u64),
    ("blobs", array(record("blob", ("name", a_label), ("sha256", a_hex64), ("size", a_u64)))),
    ("readme_sha256", a_hex64), ("sender_pub_sha256", a_hex64), ("payload_sha256", a_hex64), ("payload_size", a_u64),
    ("plain_sha256", a_hex64), ("plain_size", a_u64)]

def unique(values): return len(set(values)) == len(values)

def envelope(raw):
    e = spelled(raw, "envelope")
    fields(e, ENVELOPE, "envelope")
    kind = e.get("practice_of", e["purpose"])
    must((e["purpose"] == "practice") == ("practice_of" in e), "envelope: practice_of")
    secret = [to["age"] for to in e["recipients"]]
    must(secret and (secret == ["passphrase"] or "passphrase" not in secret), "envelope: recipients")
    for run in e["logs"]:
        must(1 <= run["first"] <= run["last"] < 2**64 - 1 and (run["first"] == 1) == (run["prev"] == "0" * 64), "envelope: run")
        must(kind != "data" or run["log"] == e["sender"]["log"], "envelope: another's log")
    must(sum(run["last"] - run["first"] + 1 for run in e["logs"]) == e["entries"], "envelope: entries")
    for key, by in [("logs", "log"), ("has", "log"), ("blobs", "sha256")]:
        must(unique([one[by] for one in e[key]]), f"envelope: {key}")
    must(all(blob["size"] <= 64 << 20 for blob in e["blobs"]), "envelope: blob")
    must(e["checkpoint"] is None or e["checkpoint"]["log"] == e["sender"]["log"], "envelope: checkpoint")
    must(e["plain_size"] <= min(4 << 30, 200 * e["payload_size"]), "envelope: a bomb")
    return e

def signed(folder, message, signature, key, namespace):
    """bundle 3: by OpenSSH, which forgives other spellings of the armour; the key is taken at its word here."""
    body = b"".join(signature.split(b"\n")[1:-2])
    lines = [body[at:at + 70] + b"\n" for at in range(0, len(body), 70)]
    armour = b"-----BEGIN SSH SIGNATURE-----\n" + b"".join(lines) + b"-----END SSH SIGNATURE-----\n"
    must(armour == signature and len(signature) <= 1024, f"signature: armour, {namespace}")
    for name, content in [("signers", b"x " + key.encode() + b"\n"), ("sig", signature)]:
        with open(os.path.join(folder, name), "wb") as file: file.write(content)
    command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "x", "-n", namespace, "-s", "sig"]
    must(subprocess.run(command, cwd=folder, input=message, capture_output=True).returncode == 0, f"signature: {namespace}")

def bundle(path, key):
    with open(path, "rb") as file: archive = file.read()
    must(len(archive) <= 512 << 20, "larger than 512 MiB")
    readme, statement, signature, sender, payload = members(
        archive, ["README.txt", "envelope.json", "envelope.json.sig", "sender.pub", "payload.tar.zst.age"])
    e = envelope(statement)
    must(sender.decode() == e["sender"]["key"] + "\n", "sender.pub")
    for name, content in [("readme", readme), ("sender_pub", sender), ("payload", payload)]:
        must(sha(content) == e[name + "_sha256"], f"{name}: digest")
    must(len(payload) == e["payload_size"], "payload: size")
    with tempfile.TemporaryDirectory() as folder:
        signed(folder, statement, signature, e["sender"]["key"], "outpost-bundle")
        with open(os.path.join(folder, "payload"), "wb") as file: file.write(payload)
        options = [] if key == "-" else ["-i", os.path.abspath(key)]
        age = subprocess.run(["age", "-d", *options, "payload"], cwd=folder, stdout=subprocess.PIPE)
        must(age.returncode == 0, "payload: cannot be decrypted")
        zstd = subprocess.run(["zstd", "-dqc", "--memory=8MiB"], input=age.stdout, capture_output=True)
        must(zstd.returncode == 0, "payload: cannot be decompressed")
        plain = zstd.stdout
        must(sha(plain) == e["plain_sha256"] and len(plain) == e["plain_size"], "payload: plain digest")
        names = ["entries.ndjson", "texts.ndjson"] + ["blobs/" + blob["sha256"] for blob in e["blobs"]]
        entries, texts, *blobs = members(plain, names)
        acts = chain(e, entries)
        held = [free_text(line) for line in lines_of(texts)]
        must(len(held) == e["texts"], "texts: count")
        content = {blob["name"]: data for blob, data in zip(e["blobs"], blobs)}
        for blob, data in zip(e["blobs"], blobs):
            must(sha(data) == blob["sha256"] and len(data) == blob["size"], f"blob {blob['name']}")
        receipts = [receipt(folder, name, data, content) for name, data in content.items()
                    if name.startswith("receipt-") and name.endswith(".json")]
        lists = [slot_list(folder, e, data, content) for name, data in content.items() if name == "slots.ndjson"]
    print(f"OK bundle {sha(statement)[:16]}: {e['purpose']}, {e['entries']} entries of {len(acts)} acts, {e['texts']} texts, "
          f"{len(blobs)} blobs, {len(receipts)} receipts, {sum(lists)} slots")

def lines_of(content):
    must(content == b"" or content.endswith(b"\n"), "lines: the last has no newline")
    return [line + b"\n" for line in content.split(b"\n")[:-1]]

def chain(e, entries):
    """bundle 4: the runs, one after another."""
    lines, acts = iter(lines_of(entries)), set()
    for run in e["logs"]:
        prev = run["prev"]
        for seq in range(run["first"], run["last"] + 1):
            line = next(lines, None)
            must(line, "entries: missing")
            head, act, _, own = entry(line)
            must([head[k] for k in ("study", "log", "seq", "prev")] == [e["study"], run["log"], seq, prev], f"chain broken at {seq}")
            acts.add(act)
            prev = own
        must(prev == run["head"], "chain: not the head that was signed")
    must(next(lines, None) is None, "entries: more than announced")
    return acts

RECEIPT = [("format", one_of("outpost-receipt")), ("version", one_of(1)), ("study", a_label), ("center", a_key), ("practice", a_bool),
    ("bundle", a_hex64), ("log", a_label), ("seq", a_u64), ("head", a_hex64), ("at", an_instant)]

def receipt(folder, name, data, blobs):
    said = spelled(data, "receipt")
    fields(said, RECEIPT, "receipt")
    must(name == f"receipt-{sha(data)[:16]}.json", "receipt: name")
    signed(folder, data, blobs[name + ".sig"], said["center"], "outpost-receipt")
    return said

def slot_list(folder, e, data, blobs):
    """bundle 7; gives how many slots there are."""
    first, *rest = [spelled(line, "slots") for line in lines_of(data)]
    fields(first, [("format", one_of("outpost-slots")), ("version", one_of(1)), ("study", a_label), ("strata", array(a_string)),
        ("slots", a_u32)], "slots")
    places = [(stratum, slot) for stratum in range(len(first["strata"])) for slot in range(1, first["slots"] + 1)]
    for slot in rest:
        fields(slot, [("stratum", a_u32), ("slot", a_u32), ("key", a_hex64), ("sealed", matching("[0-9a-f]{96}"))], "slot")
    must([(slot["stratum"], slot["slot"]) for slot in rest] == places, "slots: places")
    signed(folder, data, blobs["slots.ndjson.sig"], e["sender"]["key"], "outpost-allocation")
    return len(rest)

# ── seal ──
def slots(path, user, password):
    import hmac
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    with open(path, "rb") as file: raw = file.read()
    said = json.loads(raw)
    pretty = lambda value: (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
    must(len(raw) <= 1 << 20 and pretty(said) == raw, "slots: another spelling")
    has = lambda key, form: [(key, form)] if key in said else []
    fields(said, [("format", one_of("outpost-keyslots")), ("version", one_of(1, 2)), ("study", a_string), ("device", a_string),
        ("revision", a_u64), ("slots", lambda v: isinstance(v, list)), *has("recovery", lambda v: isinstance(v, dict)), ("mac", a_hex64)], "slots")
    must(said["version"] == (2 if "recovery" in said or any("tag" in slot for slot in said["slots"]) else 1), "slots: version")
    slot = next((slot for slot in said["slots"] if slot["user"] == user), None)
    must(slot, "no such user")
    form, hexed = 2 if "tag" in slot else 1, matching("([0-9a-f]{2})*")
    fields(slot, [("user", a_string), ("cost", record("cost", ("memory_kib", a_u32), ("passes", a_u32), ("lanes", a_u32))),
        ("salt", matching("[0-9a-f]{32}")), ("nonce", matching("[0-9a-f]{24}")), ("sealed", hexed), ("recipient", an_age),
        ("key", hexed), *([("tag", a_hex64)] if form == 2 else [])], "slot")
    cost, salt = slot["cost"], bytes.fromhex(slot["salt"])
    must(65536 <= cost["memory_kib"] <= 1 << 20 and 3 <= cost["passes"] <= 64 and 1 <= cost["lanes"] <= 16, "cost out of bounds")
    k = Argon2id(salt=salt, length=32, iterations=cost["passes"], lanes=cost["lanes"], memory_cost=cost["memory_kib"]).derive(password)
    numbers = b"".join(n.to_bytes(4, "big") for n in (form, cost["memory_kib"], cost["passes"], cost["lanes"]))
    joined = lambda *parts: b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    derived = lambda key, label: HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(key)
    study, device = said["study"].encode(), said["device"].encode()
    try:
        plain = ChaCha20Poly1305(k).decrypt(bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["sealed"]),
            joined(b"outpost-keyslots", study, device, user.encode(), numbers, salt))
    except Exception:
        raise Wrong("wrong password") from None
    wrap, identity = plain[32:32 * form], plain[32 * form:]
    must(identity.startswith(b"AGE-SECRET-KEY-1"), "slot: no identity")
    if form == 2:
        boxed = joined(study, device, b"user", user.encode(), slot["key"].encode())
        must(hmac.new(derived(wrap, b"outpost keyslots box v2"), boxed, "sha256").hexdigest() == slot["tag"], "slot: the key was exchanged")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "id"), "wb") as file: file.write(identity + b"\n")
        age = subprocess.run(["age", "-d", "-i", "id"], cwd=folder, input=bytes.fromhex(slot["key"]), stdout=subprocess.PIPE)
    must(age.returncode == 0 and len(age.stdout) == 32 * form, "slot: key")
    mac = hmac.new(derived(age.stdout[:32], b"outpost keyslots mac v1"), pretty({**said, "mac": ""}), "sha256").hexdigest()
    must(mac == said["mac"], "slots: the file was altered")
    print(f"OK slots of {len(said['slots'])} people, revision {said['revision']}: {user}'s opens the database's key")

if __name__ == "__main__":
    try:
        match sys.argv[1:]:
            case ["bundle", path, key]: bundle(path, key)
            case ["slots", path, user]: slots(path, user, sys.stdin.buffer.readline().rstrip(b"\n"))
            case _: sys.exit(__doc__)
    except Wrong as wrong:
        sys.exit(f"REFUSED: {wrong}")
