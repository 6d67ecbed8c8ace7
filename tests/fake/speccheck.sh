#!/bin/bash
# Compares the fake's table of routes with the vendor's API description:
# names, words and limits of every query parameter must be the same.
# usage: CS_SHARED=DIR speccheck.sh BINARY; status 77 (skipped) without it.
set -eu

binary=$1
spec=${CS_SHARED:-}/specs/confluence-cloud-v2.json
[[ -n "${CS_SHARED:-}" && -r "$spec" ]] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# method, path, parameter, its words in order, the largest value or count
jq -r '
  . as $root
  | def deref: if .["$ref"]
      then (.["$ref"] | ltrimstr("#/") | split("/")) as $p
           | $root | getpath($p)
      else . end;
  .paths | to_entries[]
  | ("/wiki/api/v2" + (.key | gsub("\\{[^}]*\\}"; "{}"))) as $path
  | .value | to_entries[] | select(.key == "get" or .key == "post")
  | (.key | ascii_upcase) as $method
  | ([$method, $path, "", "", ""] | @tsv),
    (.value.parameters[]? | select(.in == "query")
     | (.schema | deref) as $s | (($s.items // {}) | deref) as $i
     | [$method, $path, .name,
        (($s.enum // $i.enum // []) | map(tostring) | sort | join("|")),
        ($s.maximum // $s.maxItems // "" | tostring)] | @tsv)
' "$spec" | sort -u >"$work/spec"

# The fake bounds some counts that the vendor leaves open: texts and versions.
"$binary" --routes | jq -rR '
  split("\t")
  | select(.[1] | startswith("/wiki/api/v2/"))
  | [.[0], (.[1] | gsub("\\{[^}]*\\}"; "{}")), .[2],
     (.[4] | split("|") | sort | join("|")),
     (if .[2] == "version" or .[2] == "label-id" or .[6] == "0"
         or (.[3] == "texts" and .[2] != "keys") then "" else .[6] end)]
  | @tsv' | sort -u >"$work/fake"

# Of the vendor's calls only those the fake has.
awk -F'\t' 'NR == FNR { known[$1 FS $2]; next } ($1 FS $2) in known' \
    "$work/fake" "$work/spec" >"$work/wanted"
diff "$work/wanted" "$work/fake"
printf '%d calls agree\n' "$(awk -F'\t' '$3 == ""' "$work/fake" | wc -l)"

# Of the older interfaces only the paths are compared: the vendor ignores
# parameters there that it does not know.
paths() { # SPEC PREFIX: its paths, every {name} as {}
    jq -r --arg p "$2" '.paths | keys[] | $p + gsub("\\{[^}]*\\}"; "{}")' "$1"
}
{
    paths "$CS_SHARED/specs/confluence-cloud-v1.json" ''
    paths "$CS_SHARED/specs/confluence-dc-10.0.3.json" ''
    printf '%s\n' '/rest/api/content/{}/child/page' \
        '/rest/api/content/{}/descendant/comment' # child/{type}
} | sort -u >"$work/paths"
"$binary" --routes | cut -f2 | grep -E '^(/wiki)?/rest/api/' |
    sed -E 's/\{[^}]*\}/{}/g' | sort -u >"$work/own"
comm -13 "$work/paths" "$work/own" >"$work/unknown"
cat "$work/unknown"
printf '%d older calls agree\n' "$(wc -l <"$work/own")"
[[ ! -s "$work/unknown" ]]
