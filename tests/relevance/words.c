/*
 * words.c - vocabulary and filling.
 */
#include "tests/relevance/words.h"

#include "src/strbuf.h"

const struct rel_action rel_actions[30] = {
    {"rotate", "rotating", "rotation"},
    {"deploy", "deploying", "deployment"},
    {"restore", "restoring", "restoration"},
    {"migrate", "migrating", "migration"},
    {"configure", "configuring", "configuration"},
    {"monitor", "monitoring", "monitoring"},
    {"replicate", "replicating", "replication"},
    {"validate", "validating", "validation"},
    {"provision", "provisioning", "provisioning"},
    {"decommission", "decommissioning", "decommissioning"},
    {"archive", "archiving", "archival"},
    {"authenticate", "authenticating", "authentication"},
    {"encrypt", "encrypting", "encryption"},
    {"compress", "compressing", "compression"},
    {"schedule", "scheduling", "schedule"},
    {"review", "reviewing", "review"},
    {"test", "testing", "tests"},
    {"upgrade", "upgrading", "upgrade"},
    {"install", "installing", "installation"},
    {"debug", "debugging", "debugging"},
    {"partition", "partitioning", "partitions"},
    {"throttle", "throttling", "throttling"},
    {"audit", "auditing", "audits"},
    {"estimate", "estimating", "estimates"},
    {"onboard", "onboarding", "onboarding"},
    {"escalate", "escalating", "escalation"},
    {"simulate", "simulating", "simulation"},
    {"invalidate", "invalidating", "invalidation"},
    {"reconcile", "reconciling", "reconciliation"},
    {"benchmark", "benchmarking", "benchmarks"},
};

const char *const rel_services[32] = {
    "billing",      "checkout",  "catalog",    "inventory", "shipping",
    "payroll",      "ledger",    "invoice",    "customer",  "warehouse",
    "marketing",    "telemetry", "identity",   "messaging", "scheduler",
    "reporting",    "pricing",   "discount",   "refund",    "loyalty",
    "analytics",    "support",   "compliance", "document",  "translation",
    "newsletter",   "booking",   "forecast",   "insurance", "mortgage",
    "subscription", "voucher"};

const char *const rel_parts[30] = {
    "gateway",  "database",  "queue",    "dashboard", "cache",     "pipeline",
    "broker",   "scanner",   "cluster",  "registry",  "webhook",   "backend",
    "frontend", "importer",  "exporter", "firewall",  "proxy",     "indexer",
    "crawler",  "parser",    "emulator", "sandbox",   "connector", "bucket",
    "replica",  "namespace", "mailbox",  "terminal",  "collector", "balancer"};

const char *const rel_things[60] = {
    "request",  "response", "threshold", "timeout",  "certificate", "token",
    "password", "account",  "meeting",   "decision", "owner",       "deadline",
    "customer", "report",   "incident",  "outage",   "change",      "release",
    "branch",   "commit",   "record",    "table",    "column",      "backup",
    "snapshot", "metric",   "alert",     "log",      "trace",       "budget",
    "contract", "vendor",   "office",    "laptop",   "network",     "server",
    "disk",     "memory",   "process",   "thread",   "message",     "event",
    "consumer", "producer", "batch",     "window",   "region",      "zone",
    "endpoint", "route",    "policy",    "role",     "group",       "session",
    "version",  "schema",   "manifest",  "template", "parameter",   "variable"};

const char *const rel_traits[40] = {
    "old",      "new",      "slow",      "fast",      "large",    "small",
    "broken",   "missing",  "shared",    "private",   "public",   "internal",
    "external", "manual",   "automatic", "temporary", "stable",   "expired",
    "pending",  "failed",   "weekly",    "daily",     "monthly",  "regional",
    "global",   "empty",    "full",      "duplicate", "stale",    "invalid",
    "optional", "required", "remote",    "local",     "parallel", "single",
    "critical", "minor",    "hidden",    "unused"};

const char *rel_made_up(struct rel_set *set, struct rel_random *random)
{
    static const char *const heads[] = {
        "bra", "cal", "dor", "fen",  "gril", "hum", "jas", "kel", "lum", "mor",
        "nav", "ost", "pra", "quil", "rin",  "sol", "tav", "ulm", "vel", "zan"};
    static const char *const tails[] = {"dex",  "fax",  "gor",  "line", "mora",
                                        "nix",  "pane", "quor", "rill", "stad",
                                        "tron", "vane", "wick", "zeb"};
    static const char *const middles[] = {"a",  "e",  "i",  "o",  "u",
                                          "ar", "el", "in", "or", "un"};
    const char *head = REL_PICK(random, heads);
    const char *middle = REL_PICK(random, middles);
    return rel_set_text(set, "%s%s%s", head, middle, REL_PICK(random, tails));
}

void rel_put_filler(struct cs_strbuf *out, struct rel_random *random)
{
    /* Each %s is a trait or a thing, in turn. */
    static const char *const forms[] = {
        "The %s %s is kept apart from any %s %s. ",
        "We look at the %s %s before a %s %s is handed over. ",
        "When there is a %s %s, somebody checks the %s %s. ",
        "It takes about an hour until the %s %s reaches the %s %s. ",
        "Ask in the channel if the %s %s does not match the %s %s. ",
        "In the past a %s %s has caused a %s %s. ",
        "Nobody should change the %s %s without a %s %s. ",
        "All teams agreed that a %s %s needs a %s %s. ",
        "See also what was said about the %s %s and the %s %s. ",
        "This holds for every %s %s, but not for the %s %s. ",
    };
    const char *form = REL_PICK(random, forms);
    size_t n = 0;
    for (; *form; form++) {
        if (form[0] == '%') {
            cs_strbuf_puts(out, n % 2 ? REL_PICK(random, rel_things)
                                      : REL_PICK(random, rel_traits));
            n++;
            form++;
        } else {
            cs_strbuf_putc(out, *form);
        }
    }
}
