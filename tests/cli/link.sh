#!/usr/bin/env bash
# link.sh - the mirror inside a project: what is linked, ignored and left alone.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

start_fake
use_server
project=$BOX/project
mkdir -p "$project/.git/info"

# --- Without a mirror there is nothing to link to.
expect 4 link "$project"
[ ! -e "$project/mirror" ] || fail "a link to nothing"
expect 0 sync

# --- A link under the name of the mirror, and one line for git.
printf '# mine\n*.o' >"$project/.git/info/exclude" # no end of line
chmod 640 "$project/.git/info/exclude"
expect 0 link "$project"
same "$(readlink "$project/mirror")" "$MIRROR" "the link"
same "$(cat "$project/.git/info/exclude")" "$(printf '# mine\n*.o\n/mirror')" \
    "the exclude file"
same "$(stat -c %a "$project/.git/info/exclude")" 640 "its rights"
grep -q '^linked: ' "$BOX/out" || fail "not said"
expect 0 link "$project"
grep -q '^there already: ' "$BOX/out" || fail "not said to be there"
same "$(grep -c mirror "$project/.git/info/exclude")" 1 "lines"

# --- Below the top of the repository, with a name of its own.
mkdir -p "$project/a [b]/c"
expect 0 link --name "wiki*" "$project/a [b]/c"
same "$(readlink "$project/a [b]/c/wiki*")" "$MIRROR" "the link"
grep -qxF '/a \[b]/c/wiki\*' "$project/.git/info/exclude" || fail "no such line"
expect 0 link --unlink --name "wiki*" "$project/a [b]/c"
[ ! -L "$project/a [b]/c/wiki*" ] || fail "the link is still there"
! grep -q wiki "$project/.git/info/exclude" || fail "the line is still there"
grep -qx /mirror "$project/.git/info/exclude" || fail "the other line is gone"

# --- A working tree of its own shares the file of its repository.
mkdir -p "$BOX/tree" "$project/.git/worktrees/tree"
printf 'gitdir: %s\n' "$project/.git/worktrees/tree" >"$BOX/tree/.git"
printf '../..\n' >"$project/.git/worktrees/tree/commondir"
expect 0 link --name shared "$BOX/tree"
grep -qx /shared "$project/.git/info/exclude" || fail "not in the common file"

# --- git itself agrees, where there is one.
if command -v git >/dev/null; then
    mkdir "$BOX/real"
    HOME=$BOX git -C "$BOX/real" init -q
    expect 0 link "$BOX/real"
    same "$(HOME=$BOX git -C "$BOX/real" status --porcelain)" "" "git status"
fi

# --- Outside of a repository, and in the current folder.
mkdir "$BOX/plain"
(cd "$BOX/plain" && env -i "${VARIABLES[@]}" HOME="$HOME_DIR" "$CS" link) \
    >"$BOX/out" || fail "link in the current folder"
same "$(readlink "$BOX/plain/mirror")" "$MIRROR" "the link"
same "$(wc -l <"$BOX/out")" 1 "lines of the answer"

# --- What is there stays there.
mkdir "$BOX/full" "$BOX/full/mirror"
touch "$BOX/full/file"
ln -s /elsewhere "$BOX/full/other"
for name in mirror file other; do
    expect 2 link --name "$name" "$BOX/full"
    expect 2 link --unlink --name "$name" "$BOX/full"
done
same "$(readlink "$BOX/full/other")" /elsewhere "a foreign link"
[ -d "$BOX/full/mirror" ] && [ -f "$BOX/full/file" ] || fail "something is gone"
for name in a/b .. . ''; do
    expect 2 link --name "$name" "$BOX/plain"
done
expect 74 link "$BOX/nowhere"
expect 2 link "$MIRROR/confluence"

# --- Taking it away, twice, and when the mirror is gone.
expect 0 link --unlink "$project"
[ ! -L "$project/mirror" ] || fail "the link is still there"
expect 0 link --unlink "$project"
mv "$MIRROR" "$MIRROR.old"
expect 0 link --unlink "$BOX/plain"
[ ! -L "$BOX/plain/mirror" ] || fail "a link to a mirror that is gone"
finish
