/*
 * cjk.c - pages in Chinese, Japanese and Korean, asked for by pieces of one to
 * four characters; what should be found is what holds the piece.
 */
#include "tests/relevance/random.h"
#include "tests/relevance/set.h"

#include "src/strbuf.h"
#include "src/text.h"

enum { PAGES = 60, PER_LENGTH = 60 };

struct language {
    const char *words[40];
    const char *glue[6]; /* between words */
    const char *stop;    /* ends a sentence */
};

static const struct language languages[] = {
    {{"配置",   "服务器", "数据库", "连接", "超时", "日志", "权限", "用户",
      "备份",   "恢复",   "部署",   "发布", "回滚", "监控", "告警", "网络",
      "缓存",   "队列",   "证书",   "密钥", "轮换", "版本", "测试", "环境",
      "文档",   "团队",   "流程",   "审批", "故障", "排查", "性能", "索引",
      "分布式", "事务",   "一致性", "节点", "集群", "容器", "镜像", "存储"},
     {"的", "和", "在", "与", "需要", "用于"},
     "。"},
    {{"設定",         "サーバー",   "データベース", "接続",
      "タイムアウト", "ログ",       "権限",         "ユーザー",
      "バックアップ", "復元",       "デプロイ",     "リリース",
      "ロールバック", "監視",       "アラート",     "ネットワーク",
      "キャッシュ",   "キュー",     "証明書",       "鍵",
      "更新",         "バージョン", "テスト",       "環境",
      "文書",         "チーム",     "手順",         "承認",
      "障害",         "調査",       "性能",         "索引",
      "分散",         "取引",       "整合性",       "ノード",
      "クラスター",   "コンテナ",   "画像",         "保存"},
     {"の", "と", "を", "に", "は", "から"},
     "です。"},
    {{"설정",     "서버",   "데이터베이스", "연결",     "시간초과", "로그",
      "권한",     "사용자", "백업",         "복구",     "배포",     "출시",
      "되돌리기", "감시",   "경보",         "네트워크", "캐시",     "대기열",
      "인증서",   "열쇠",   "교체",         "판본",     "시험",     "환경",
      "문서",     "모임",   "절차",         "승인",     "장애",     "조사",
      "성능",     "색인",   "분산",         "거래",     "일관성",   "마디",
      "무리",     "그릇",   "그림",         "저장"},
     {"의 ", "과 ", "를 ", "에서 ", " ", "은 "},
     "다. "},
};

static void put_sentence(struct cs_strbuf *out, struct rel_random *random,
                         const struct language *language)
{
    size_t n = 3 + rel_random_below(random, 5);
    for (size_t i = 0; i < n; i++) {
        cs_strbuf_puts(out, REL_PICK(random, language->words));
        if (rel_random_below(random, 12) == 0)
            cs_strbuf_puts(out, "API"); /* stuck to its neighbours */
        if (i + 1 < n)
            cs_strbuf_puts(out, REL_PICK(random, language->glue));
    }
    cs_strbuf_puts(out, language->stop);
}

static void add_page(struct rel_set *set, struct rel_random *random,
                     const struct language *language, size_t number)
{
    struct cs_strbuf text = CS_STRBUF_INIT(1 << 20);
    size_t paragraphs = 2 + rel_random_below(random, 4);
    for (size_t p = 0; p < paragraphs; p++) {
        size_t n = 2 + rel_random_below(random, 4);
        if (p > 0)
            cs_strbuf_printf(&text, "## %s\n\n",
                             REL_PICK(random, language->words));
        for (size_t i = 0; i < n; i++)
            put_sentence(&text, random, language);
        cs_strbuf_puts(&text, "\n\n");
    }
    const char *one = REL_PICK(random, language->words);
    const char *glue = REL_PICK(random, language->glue);
    const char *two = REL_PICK(random, language->words);
    const struct rel_doc doc = {
        .title = rel_set_text(set, "%s%s%s %zu", one, glue, two, number),
        .markdown = rel_set_text(set, "%s", text.data),
        .updated = 1700000000000,
    };
    (void)rel_set_doc(set, &doc);
    cs_strbuf_clear(&text);
}

/* Bytes of the character at `at`; 0 when it parts words. */
static size_t letter(const char *at)
{
    static const char *const marks[] = {"。", "、"};
    unsigned char lead = (unsigned char)*at;
    for (size_t i = 0; i < CS_ARRAY_LEN(marks); i++)
        if (cs_str_starts(at, marks[i]))
            return 0;
    return lead >= 0xe0 && lead < 0xf0 ? 3 : 0; /* all of ours are three */
}

/* A piece of `n` letters from a random place of a random page, or NULL. */
static const char *piece(struct rel_set *set, struct rel_random *random,
                         size_t n)
{
    const char *text =
        set->docs[rel_random_below(random, set->n_docs)].markdown;
    size_t at = rel_random_below(random, strlen(text)), len = 0;
    while (((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    for (size_t i = 0; i < n; i++) {
        size_t more = letter(text + at + len);
        if (more == 0)
            return NULL;
        len += more;
    }
    return rel_set_text(set, "%.*s", (int)len, text + at);
}

static void ask(struct rel_set *set, size_t class, const char *text)
{
    size_t query = rel_set_query(set, class, text);
    for (size_t i = 0; i < set->n_docs; i++)
        if (strstr(set->docs[i].title, text) ||
            strstr(set->docs[i].markdown, text))
            rel_set_gain(set, query, i, 4);
}

void rel_cjk(struct rel_set *set)
{
    static const char *const names[] = {"1 character", "2 characters",
                                        "3 characters", "4 characters"};
    struct rel_random random = {7};
    rel_set_init(set, "cjk");
    for (size_t i = 0; i < CS_ARRAY_LEN(languages) * PAGES; i++)
        add_page(set, &random, &languages[i % CS_ARRAY_LEN(languages)], i);
    for (size_t n = 0; n < CS_ARRAY_LEN(names); n++) {
        size_t class = rel_set_class(set, names[n], true);
        for (size_t done = 0; done < PER_LENGTH;) {
            const char *text = piece(set, &random, n + 1);
            if (!text)
                continue;
            ask(set, class, text);
            done++;
        }
    }
}
