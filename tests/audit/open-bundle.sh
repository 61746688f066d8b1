#!/bin/bash
# Checks and opens an Outpost bundle with public programs alone: GNU tar, ssh-keygen, sha256sum, age, zstd, jq, Python 3.
# Usage: open-bundle.sh BUNDLE AGE_IDENTITY ALLOWED_SIGNERS SENDER [DAY]    Prints OK, or what is wrong. DAY (YYYYMMDD): the receipt's; a key replaced since counts only with it.
set -uo pipefail; export LC_ALL=C TZ=UTC
no() { echo "REFUSED: $*" >&2; exit 1; }
{ [ $# = 4 ] || [ $# = 5 ]; } && [ -f "$1" ] && [ -f "$2" ] && [ -f "$3" ] || no "usage: $0 BUNDLE AGE_IDENTITY ALLOWED_SIGNERS SENDER [DAY]"
key=$(realpath "$2") signers=$(realpath "$3") sender=$4 day=${5:+-Overify-time=${5}0001} work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT || no "no room"
[ "$(stat -Lc %s "$1")" -le 536870912 ] && cp "$1" "$work/bundle" && cd "$work" || no "larger than 512 MiB"
# unpack FILE MEMBER…: unpacks only if the listing shows these plain files in this order, and packing them again gives FILE.
unpack() { local file=$1 size have; shift; size=$(stat -c %s "$file")
  have=$(tar --numeric-owner -tvf "$file" 2>/dev/null | awk '{print substr($1,1,1) $6 $7; n += 512 + int(($3+511)/512)*512} END {print n+1024}')
  [ "$(sed '$d' <<<"$have")" = "$(printf -- '-%s\n' "$@")" ] || no "$file: truncated, or not these members in this order: $*"
  [ "$size" -ge "${have##*$'\n'}" ] || no "$file: truncated"; [ "$size" -eq "${have##*$'\n'}" ] || no "$file: trailing bytes"
  tar -xf "$file" "$@" 2>/dev/null && tar --format=ustar --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=0644 -b1 -cf - "$@" | cmp -s - "$file" ||
    no "$file: tar headers or padding altered"; }
sums() { bad=$(jq -r "$1" envelope.json | sha256sum -c --quiet 2>/dev/null) || no "digest differs: $bad"; }
unpack bundle README.txt envelope.json envelope.json.sig sender.pub payload.tar.zst.age
by=$(ssh-keygen -Y verify -f "$signers" -I "$sender" -n outpost-bundle ${day:+"$day"} -s envelope.json.sig <envelope.json 2>&1) || no "signature: $by"
[ -n "$day" ] || ! grep -F "$(cut -d' ' -f2 sender.pub)" "$signers" | grep -q "^$sender .*valid-before=" || no "signature: a key that its device has replaced since; name the receipt's day"
[ "${by##* }" = "$(ssh-keygen -lf sender.pub 2>/dev/null | cut -d' ' -f2)" ] || no "sender.pub: not the key that signed"
{ echo -----BEGIN SSH SIGNATURE-----; sed '1d;$d' envelope.json.sig | base64 -d | base64 -w70; echo -----END SSH SIGNATURE-----; } 2>/dev/null |
  cmp -s - envelope.json.sig || no "signature: armour altered"
jq -c . envelope.json | cmp -s - envelope.json && jq -e --arg sender "$sender" '.format == "outpost-bundle" and .version == 1 and .sender.log == $sender
  and all(.blobs[]; .sha256 | test("^[0-9a-f]{64}$")) and .plain_size <= 4294967296 and .plain_size <= 200 * .payload_size' envelope.json >/dev/null || no "envelope: another sender, spelling or version, or a bomb"
sums '"\(.readme_sha256)  README.txt", "\(.sender_pub_sha256)  sender.pub", "\(.payload_sha256)  payload.tar.zst.age"'; plain=$(jq .plain_size envelope.json)
age -d -i "$key" payload.tar.zst.age 2>why | zstd -dq --memory=8MiB 2>>why | head -c $((plain + 1)) >payload.tar; failed=$?
[ "$(stat -c %s payload.tar)" -le "$plain" ] && [ $failed = 0 ] || no "payload: decompression bomb, or cannot be opened: $(head -1 why)"
mapfile -t blobs < <(jq -r '.blobs[] | "blobs/" + .sha256' envelope.json); unpack payload.tar entries.ndjson texts.ndjson "${blobs[@]}"
sums '"\(.plain_sha256)  payload.tar", (.blobs[] | "\(.sha256)  blobs/\(.sha256)")'
python3 -I -c 'import hashlib, json, sys; sha = lambda b: hashlib.sha256(b).hexdigest(); no = lambda why: sys.exit("REFUSED: " + why)
e = json.load(open("envelope.json")); runs = iter(e["logs"]); n = left = 0; prev = "none"
for n, line in enumerate(open("entries.ndjson", "rb"), 1):  # each "prev" is the SHA-256 of the line before, with its newline
    if not left: run = next(runs, None) or no("entry %d is not announced" % n); seq, prev, left = run["first"], run["prev"], run["last"] - run["first"] + 1
    o = json.loads(line, object_pairs_hook=lambda p: dict(p[::-1])); [o[k] for k in ("study", "log", "seq", "prev")] == [e["study"], run["log"], seq, prev] or no("chain broken at %s %d" % (run["log"], seq))
    prev, seq, left = sha(line), seq + 1, left - 1; left or prev == run["head"] or no("chain broken at %s %d: not the signed head" % (run["log"], run["last"]))
if left or next(runs, None) or n != e["entries"]: no("chain broken: entries are missing at the end")
texts = [json.loads(line) for line in open("texts.ndjson", "rb")]; len(texts) == e["texts"] or no("texts added or removed")
all(sha(bytes.fromhex(t["salt"]) + t["text"].encode()) == t["commit"] for t in texts) or no("a text does not fit its commitment")
print("OK %d entries, head %s" % (n, prev))'
