# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# size.sh - the bytes of an index beside those of the text in it.
. "$(dirname "$0")/../lib.sh"

corpus
text=$(text_bytes)
database=$(sqlite3 -readonly -batch "$index" "SELECT
    page_count * page_size - (SELECT sum(length(source)) FROM body)
    FROM pragma_page_count, pragma_page_size")
row "database of $documents documents, MB" \
    "$(calc "$database / 1e6" 0)" "text: $(calc "$text / 1e6" 0)" \
    "$(calc "$database / $text")" "<= 1.75"
"$top/tests/bench/size" "$mirror" >>"$details"
echo >>"$details"
