/*
 * version.c - which program this is, and which libraries it runs with.
 */
#include "cli/verb.h"

#include "src/library.h"

#include <cjson/cJSON.h>
#include <confuse.h>
#include <curl/curl.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <utf8proc.h>
#include <zstd.h>

void cs_verb_version(struct cs_strbuf *out)
{
    const curl_version_info_data *curl =
        cs_library_curl(NULL) ? NULL : curl_version_info(CURLVERSION_NOW);
    cs_strbuf_printf(out, "cs %s\n", CS_VERSION);
    cs_strbuf_printf(out, "libcurl %s (%s), SQLite %s, libxml2 %s, ",
                     curl ? curl->version : "is not there",
                     curl && curl->ssl_version ? curl->ssl_version : "no TLS",
                     sqlite3_libversion(), LIBXML_DOTTED_VERSION);
    cs_strbuf_printf(out, "cJSON %s, libconfuse %s, utf8proc %s, zstd %s\n",
                     cJSON_Version(), confuse_version, utf8proc_version(),
                     cs_library_zstd(NULL) ? "is not there"
                                           : ZSTD_versionString());
}
