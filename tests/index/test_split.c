/*
 * test_split.c - what a word is: a table of texts and their tokens, and what
 * holds for any bytes.
 */
#include "tests/lib/test.h"

#include "index/words/split.h"
#include "src/text.h"

/* Tokens in order, separated by blanks; "=" before a whole. */
static bool list(void *payload, const struct cs_word *word)
{
    struct cs_strbuf *out = payload;
    if (out->len > 0)
        cs_strbuf_putc(out, ' ');
    if (word->whole)
        cs_strbuf_putc(out, '=');
    cs_strbuf_put(out, word->text, word->len);
    return true;
}

struct row {
    const char *text, *tokens;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(1 << 20);
        assert_true(
            cs_words_split(rows[i].text, strlen(rows[i].text), list, &out));
        if (strcmp(out.data ? out.data : "", rows[i].tokens) != 0)
            fail_msg("\"%s\"\n    gives %s\n      not %s", rows[i].text,
                     out.data ? out.data : "", rows[i].tokens);
    }
}

static void test_plain_words(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"   ", ""},
        {"word", "word"},
        {"Word", "word"},
        {"WORD", "word"},
        {"Two words.", "two words"},
        {"(a, b); c? d!", "a b c d"},
        {"end.", "end"},
        {"wait... what", "wait what"},
        {"foo--bar", "foo bar"},
        {"well-known fact", "well known fact"},
        {"2024", "2024"},
        {"1,234", "1 234"},
        {"1st 2nd", "1st 2nd"},
        {"a/b\\c|d", "a b c d"},
        {"mail@example", "mail example"},
        {"**bold** _slanted_ `code`", "bold slanted code"},
        {"| a | b |\n|---|---|", "a b"},
        {"___ --- ...", ""},
        {"!!!", ""},
        {"x = y + z", "x y z"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
}

static void test_identifiers(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"getUserById", "get =getuserbyid user by id"},
        {"GetUserById", "get =getuserbyid user by id"},
        {"get_user_by_id", "get =getuserbyid user by id"},
        {"GET_USER_BY_ID", "get =getuserbyid user by id"},
        {"get-user-by-id", "get =getuserbyid user by id"},
        {"getuserbyid", "getuserbyid"},
        {"get user by id", "get user by id"},
        {"HTTPServer", "http =httpserver server"},
        {"parseXMLFile", "parse =parsexmlfile xml file"},
        {"__init__", "init"},
        {"_private", "private"},
        {"foo__bar", "foo =foobar bar"},
        {"URLs", "urls"},
        {"getURLsFor", "get =geturlsfor urls for"},
        {"IPv6", "ipv6"},
        {"sha256", "sha256"},
        {"SHA256Sum", "sha256 =sha256sum sum"},
        {"0x1F", "0x1f"},
        {"x86_64", "x86 =x8664 64"},
        {"MP3Player", "mp3 =mp3player player"},
        {"base64Encode", "base64 =base64encode encode"},
        {"user_service.get_id",
         "user =userservice =user_service.get_id service get =getid id"},
        {"UserService.getUserById()",
         "user =userservice =userservice.getuserbyid service get"
         " =getuserbyid user by id"},
        {"a::bC->dE", "a b =bc c d =de e"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
}

static void test_compounds(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"ORA-00942", "ora =ora-00942 00942"},
        {"PROJ-123", "proj =proj-123 123"},
        {"(PROJ-123)", "proj =proj-123 123"},
        {"PROJ\xE2\x80\x91"
         "123",
         "proj =proj-123 123"},
        {"v1.2.3", "v1 =v1.2.3 2 3"},
        {"v1.2.3.", "v1 =v1.2.3 2 3"},
        {"10.0.0.1:8080", "10 =10.0.0.1 0 0 1 8080"},
        {"1.2.3-SNAPSHOT", "1 =1.2.3-snapshot 2 3 snapshot"},
        {"node.js", "node =node.js js"},
        {"Node.js,", "node =node.js js"},
        {"ASP.NET", "asp =asp.net net"},
        {"application.properties",
         "application =application.properties properties"},
        {"org.example.App", "org =org.example.app example app"},
        {"src/main.c", "src main =main.c c"},
        {"2024-05-01", "2024 =2024-05-01 =20240501 05 01"},
        {"k8s-node-pool", "k8s =k8s-node-pool =k8snodepool node pool"},
        {"state-of-the-art", "state =stateoftheart of the art"},
        {"e.g. this", "e =e.g g this"},
        {"c++", "c =c++"},
        {"C++ and C#", "c =c++ and c =c#"},
        {"c++17", "c =c++ 17"},
        {"g++/libstdc++", "g =g++ libstdc =libstdc++"},
        {"F#.", "f =f#"},
        {"c#x", "c x"},
        {"page#", "page"},
        {"1#", "1"},
        {".net", "net =.net"},
        {"a .NET b", "a net =.net b"},
        {"in (.gitignore)", "in gitignore =.gitignore"},
        {".eslintrc.json", "eslintrc =.eslintrc.json json"},
        {"*.java", "java =.java"},
        {"...net", "net"},
        {"a..b", "a b"},
        {".5", "5 =.5"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
}

/* Markdown puts a backslash before what would mean something. */
static void test_escapes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"get\\_user\\_by\\_id", "get =getuserbyid user by id"},
        {"\\_\\_init\\_\\_", "init"},
        {"PROJ\\-123", "proj =proj-123 123"},
        {"1\\. one", "1 one"},
        {"v1\\.2", "v1 =v1.2 2"},
        {"C\\#", "c =c#"},
        {"C\\+\\+", "c =c++"},
        {"a\\*b", "a b"},
        {"\\.net", "net =.net"},
        {"user\\'s", "user"},
        {"C:\\temp\\new", "c temp new"},
        {"a\\\\\\_b", "a b"},
        {"end\\", "end"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
}

static void test_apostrophes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"user's guide", "user guide"},
        {"user\xE2\x80\x99s guide", "user guide"},
        {"USER'S", "user"},
        {"d'abord", "d abord"},
        {"l\xE2\x80\x99\xC3\xA9t\xC3\xA9", "l ete"},
        {"don't", "don t"},
        {"'s'", "s"},
        {"it's_x", "it s =sx x"},
        {"users' 's", "users s"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
}

static void test_folding(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Caf\u00E9", "cafe"},
        {"Cafe\u0301", "cafe"},
        {"\u00C9COLE", "ecole"},
        {"E\u0301COLE", "ecole"},
        {"Stra\u00DFe STRASSE", "strasse strasse"},
        {"\u1E9E", "ss"},
        {"\u0130stanbul \u0131stanbul ISTANBUL", "istanbul istanbul istanbul"},
        {"\u0141\u00F3d\u017A \u00D8re \u00C6on", "lodz ore aeon"},
        {"\uFF26\uFF35\uFF2C\uFF2C\uFF11", "full1"},
        {"\uFF27\uFF45\uFF54\uFF35\uFF53\uFF45\uFF52", "get =getuser user"},
        {"\uFB01le", "file"},
        {"m\u00B2", "m2"},
        {"\u03A3\u0399\u03A3\u03A5\u03A6\u039F\u03A3"
         " \u03C3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2",
         "\u03C3\u03B9\u03C3\u03C5\u03C6\u03BF\u03C3"
         " \u03C3\u03B9\u03C3\u03C5\u03C6\u03BF\u03C3"},
        {"\u0401\u041B\u041A\u0410 \u0435\u043B\u043A\u0430",
         "\u0435\u043B\u043A\u0430 \u0435\u043B\u043A\u0430"},
        /* nobody sees a soft hyphen, or joiners */
        {"con\u00ADflu\u200Bence", "confluence"},
        {"\uFEFFstart", "start"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
    static const struct row camel[] = {
        {"\u00DCber\u00DCbung", "uber =uberubung ubung"},
        {"U\u0308berU\u0308bung", "uber =uberubung ubung"},
        {"HTTP\u00C9cole", "http =httpecole ecole"},
        {"HTTPE\u0301cole", "http =httpecole ecole"},
    };
    check_rows(camel, CS_ARRAY_LEN(camel));
}

static void test_pairs(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"\u65E5", "\u65E5"},
        {"\u65E5\u672C", "\u65E5\u672C \u672C"},
        {"\u65E5\u672C\u8A9E", "\u65E5\u672C \u672C\u8A9E \u8A9E"},
        /* Han and kana are one */
        {"\u98DF\u3079\u308B", "\u98DF\u3079 \u3079\u308B \u308B"},
        /* voicing marks: apart, composed, half width */
        {"\u30AB\u3099\u30B9", "\u30AC\u30B9 \u30B9"},
        {"\u30AC\u30B9", "\u30AC\u30B9 \u30B9"},
        {"\uFF76\uFF9E\uFF7D", "\u30AC\u30B9 \u30B9"},
        /* Korean: syllables, and their letters */
        {"\uD55C\uAD6D\uC5B4", "\uD55C\uAD6D \uAD6D\uC5B4 \uC5B4"},
        {"\u1112\u1161\u11AB\u1100\u116E\u11A8", "\uD55C\uAD6D \uAD6D"},
        /* Latin letters and digits in between */
        {"API\u8A2D\u8A08", "api \u8A2D\u8A08 \u8A08"},
        {"\u8A2D\u8A08API", "\u8A2D\u8A08 \u8A08 api"},
        {"\u7B2C3\u7AE0", "\u7B2C 3 \u7AE0"},
        {"\u8A2D\u8A08.net", "\u8A2D\u8A08 \u8A08 net"},
        {"v2.\u8A2D", "v2 \u8A2D"},
        {"\uC11C\uC6B82024", "\uC11C\uC6B8 \uC6B8 2024"},
        {"\u6771\u4EAC\u3001\u5927\u962A",
         "\u6771\u4EAC \u4EAC \u5927\u962A \u962A"},
        /* a vowel sign stays with its letter */
        {"\u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35",
         "\u0E2A\u0E27\u0E31 \u0E27\u0E31\u0E2A \u0E2A\u0E14\u0E35"
         " \u0E14\u0E35"},
        {"\u0EA5\u0EB2\u0EA7", "\u0EA5\u0EB2 \u0EB2\u0EA7 \u0EA7"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
}

static void test_other_scripts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"SQL\u0437\u0430\u043F\u0440\u043E\u0441",
         "sql \u0437\u0430\u043F\u0440\u043E\u0441"},
        {"\u043C\u043E\u0439\u041A\u043E\u0434",
         "\u043C\u043E\u0438 =\u043C\u043E\u0438\u043A\u043E\u0434"
         " \u043A\u043E\u0434"},
        /* Arabic and Devanagari keep their signs */
        {"\u0645\u0631\u062D\u0628\u0627 \u0628\u0643",
         "\u0645\u0631\u062D\u0628\u0627 \u0628\u0643"},
        {"\u0939\u093F\u0928\u094D\u0926\u0940",
         "\u0939\u093F\u0928\u094D\u0926\u0940"},
        {"\u0915\u093C \u0958", "\u0915\u093C \u0915\u093C"},
        {"\u05E9\u05DC\u05D5\u05DD", "\u05E9\u05DC\u05D5\u05DD"},
        {"\U0001F680deploy\U0001F680", "deploy"},
        {"1\uFE0F\u20E3 done \u2705", "1 done"},
        {"a\u00A0b\u2014c\u2026d", "a b c d"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
}

static void test_invalid_bytes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a\xFF"
         "b",
         "a b"},
        {"\xC3", ""},
        {"x\xC3", "x"},
        {"\xE6\x97"
         "a",
         "a"},
        {"\xED\xA0\x80z", "z"},
        {"\x80word\x80", "word"},
    };
    check_rows(rows, CS_ARRAY_LEN(rows));
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    assert_true(cs_words_split("a\0b", 3, list, &out));
    assert_string_equal(out.data, "a b");
}

/* ---- what holds for any bytes ---- */

struct seen {
    const char *text;
    size_t len, n, at, end;
    uint64_t sum; /* of all tokens, in order, places left out */
};

static bool look(void *payload, const struct cs_word *word)
{
    struct seen *seen = payload;
    assert_true(word->len >= 1 && word->len <= CS_WORD_MAX);
    assert_true(cs_text_valid(word->text, word->len));
    assert_true(word->at < word->end && word->end <= seen->len);
    assert_true(cs_text_valid(seen->text + word->at, word->end - word->at));
    if (word->whole) {
        assert_true(seen->n > 0 && word->at <= seen->at);
        assert_true(word->end >= seen->end);
    } else {
        assert_true(seen->n == 0 || word->at > seen->at || word->pair);
        assert_true(word->end >= seen->end);
        assert_true(word->pair || word->at >= seen->end);
        seen->at = word->at;
        seen->end = word->end;
    }
    for (size_t i = 0; i < word->len; i++)
        seen->sum = (seen->sum ^ (unsigned char)word->text[i]) * 1099511628211U;
    seen->sum = (seen->sum ^ (word->whole ? 256U : 257U)) * 1099511628211U;
    seen->n++;
    return true;
}

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Text of what matters here, in any order. */
static size_t random_text(uint64_t *state, char *out, size_t max)
{
    static const char *const pieces[] = {
        "a",      "B",       "cd",     "Ef",     "GH",     "1",
        "23",     "_",       "\\_",    ".",      "-",      "\\",
        "'",      "s",       "+",      "#",      " ",      "\n",
        "\u00E9", "e\u0301", "\u00C9", "\u0301", "\u200B", "\u00AD",
        "\u65E5", "\u3042",  "\u3099", "\uAC00", "\u1112", "\u1161",
        "\u0E01", "\u0E31",  "\u0E33", "\u0416", "\u03A3", "\u0915",
        "\u094D", "\uFB01",  "\uFDFA", "\u0149", "\uFF11", "\u00BD",
        "\u2019", "\u2011",  "\xFF",   "\xC3",   "\x80",   "\U0001F680",
    };
    size_t len = 0, n = random_next(state) % 40;
    for (size_t i = 0; i < n; i++) {
        const char *piece = pieces[random_next(state) % CS_ARRAY_LEN(pieces)];
        if (len + strlen(piece) >= max)
            break;
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

static struct seen split(const char *text, size_t len)
{
    struct seen seen = {.text = text, .len = len, .sum = 14695981039346656037U};
    assert_true(cs_words_split(text, len, look, &seen));
    return seen;
}

/* A text on two lines has the tokens of both of them. */
static void test_any_bytes(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252U;
    for (size_t round = 0; round < 20000; round++) {
        char text[512];
        size_t first = random_text(&seed, text, 200);
        text[first] = '\n';
        size_t second = random_text(&seed, text + first + 1, 200);
        struct seen one = split(text, first);
        struct seen two = split(text + first + 1, second);
        struct seen all = split(text, first + 1 + second);
        assert_int_equal(one.n + two.n, all.n);
        struct seen same = {
            .text = text + first + 1, .len = second, .sum = one.sum};
        assert_true(cs_words_split(same.text, same.len, look, &same));
        assert_true(same.sum == all.sum);
    }
}

static bool count_to_three(void *payload, const struct cs_word *word)
{
    (void)word;
    return ++*(int *)payload < 3;
}

static void test_ends_when_told(void **state)
{
    (void)state;
    static const char *const texts[] = {"a b c d", "getUserById", "PROJ-123-4",
                                        "\u65E5\u672C\u8A9E\u6587",
                                        "\u65E5\u672C\u8A9E"};
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++) {
        int n = 0;
        assert_false(
            cs_words_split(texts[i], strlen(texts[i]), count_to_three, &n));
        assert_int_equal(n, 3);
    }
}

/* A megabyte of the same, without a blank. */
static void check_endless(const char *piece, size_t least, size_t most)
{
    size_t len = 1 << 20, step = strlen(piece);
    char *text = malloc(len + step);
    assert_non_null(text);
    size_t at = 0;
    for (; at < len; at += step)
        memcpy(text + at, piece, step);
    size_t n = split(text, at).n;
    free(text);
    if (n < least || n > most)
        fail_msg("%s: %zu tokens", piece, n);
}

static void test_no_blanks(void **state)
{
    (void)state;
    check_endless("a", 1, 1);
    check_endless("\u0436", 1, 1);
    check_endless("aB", 1 << 19, (1 << 19) + 1);
    check_endless("a.", 1 << 19, (1 << 19) + 1);
    check_endless("ab_", 1 << 18, 1 << 19);
    check_endless("a-1", 1 << 18, 1 << 20);
    check_endless("\u65E5", (1 << 20) / 3, (1 << 20) / 3 + 2);
    check_endless("\u0301", 0, 0);
    check_endless("_", 0, 0);
    check_endless("\\", 0, 0);
    check_endless("e\u0301", 1, 1);
}

static void test_long_words(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'x', sizeof(text));
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    assert_true(cs_words_split(text, sizeof(text), list, &out));
    assert_int_equal(out.len, CS_WORD_MAX);
    /* no whole is cut short */
    text[100] = '-';
    text[200] = '1';
    cs_strbuf_reset(&out);
    assert_true(cs_words_split(text, 250, list, &out));
    assert_null(strchr(out.data, '='));
    /* a cut is between characters */
    for (size_t i = 0; i + 1 < sizeof(text); i += 2)
        memcpy(text + i, "\u0436", 2);
    text[0] = 'x';
    text[1] = ' ';
    cs_strbuf_reset(&out);
    assert_true(cs_words_split(text, sizeof(text), list, &out));
    assert_int_equal(out.len, 2 + CS_WORD_MAX);
    assert_true(cs_text_valid(out.data, out.len));
}

static void test_pairs_are_known(void **state)
{
    (void)state;
    assert_true(cs_word_is_pair("\u65E5\u672C", 6));
    assert_true(cs_word_is_pair("\uAC00", 3));
    assert_true(cs_word_is_pair("\u0E01", 3));
    assert_false(cs_word_is_pair("word", 4));
    assert_false(cs_word_is_pair("\u0436", 2));
    assert_false(cs_word_is_pair("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_words),
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_compounds),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_apostrophes),
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_other_scripts),
        cmocka_unit_test(test_invalid_bytes),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_ends_when_told),
        cmocka_unit_test(test_no_blanks),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_pairs_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
