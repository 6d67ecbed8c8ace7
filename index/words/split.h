/*
 * split.h - what a word is: a text cut into the tokens of the full-text index.
 *
 * Index, queries, snippets and everything else that speaks of words goes
 * through here, so that all of them mean the same.
 *
 * A run of letters, digits and `_` is cut into parts at `_`, before a capital
 * that follows a small letter, and before the last of several capitals when
 * two small letters follow it; digits stay with the letters before them:
 *
 *     getUserById, get_user_by_id   get user by id     whole: getuserbyid
 *     HTTPServer                    http server        whole: httpserver
 *     URLs, IPv6, sha256, 0x1F      urls, ipv6, sha256, 0x1f
 *
 * Runs that single dots and hyphens join are cut into their parts as well. When
 * there is a digit or a dot in it, the compound has a whole as it is written;
 * with hyphens only and three runs or more, a whole without them:
 *
 *     ORA-00942      ora 00942          whole: ora-00942
 *     node.js        node js            whole: node.js
 *     user-sign-up   user sign up       whole: usersignup
 *     2024-05-01     2024 05 01         wholes: 2024-05-01, 20240501
 *     c++ c# .net    c, c, net          wholes: c++, c#, .net
 *
 * Chinese, Japanese and Korean, Thai, Lao, Khmer and Burmese have no blanks
 * between words, or words that are glued together: a run of one of them (Han
 * and kana are one) gives each two characters that stand side by side, and the
 * last character alone. Other scripts are cut where one changes to another.
 *
 * Tokens are folded: NFKC with case folding; marks are taken from Latin, Greek
 * and Cyrillic letters, and letters with a stroke lose it. Characters that
 * nobody sees (soft hyphens, joiners) are as if they were not there. A
 * backslash before punctuation is Markdown's and is looked through, so that
 * `get\_user` is one word. An apostrophe cuts (`d'abord`: d abord), and an "s"
 * that ends a word behind one is dropped (`user's guide`: user guide). All else
 * separates, invalid bytes too.
 */
#ifndef CS_INDEX_WORDS_SPLIT_H
#define CS_INDEX_WORDS_SPLIT_H

#include "src/cs.h"

/* Bytes of a token. A longer part is cut at a character; a longer whole is
 * left out. */
#define CS_WORD_MAX 128

/* Raised whenever a text may give other tokens than before, or fields other
 * texts, or vectors other bytes: an index made by another version is built
 * anew. */
#define CS_WORDS_VERSION 3

struct cs_word {
    const char *text; /* folded, valid UTF-8, not ended by NUL; borrowed for
                       * the call */
    size_t len;       /* 1 to CS_WORD_MAX */
    size_t at, end;   /* the bytes of the text that it was made from; on
                       * borders of characters */
    bool whole; /* a compound as one: stands at the position of the word before
                 * it, which is its first part */
    bool pair;  /* of a script that is cut into pairs */
};

/* Called for each token in order; false ends the walk. Parts come in the order
 * of the text. Behind the first part of a compound come its wholes. */
typedef bool cs_word_fn(void *payload, const struct cs_word *word);

/* Walk the tokens of a text; any bytes will do. Takes time in proportion to
 * `len` and no memory. False when the walk was ended before its end. */
bool cs_words_split(const char *text, size_t len, cs_word_fn *visit,
                    void *payload);

/* Is a token one of a script that is cut into pairs? By its first character. */
bool cs_word_is_pair(const char *token, size_t len);

#endif
