/*
 * library_xml.c - the functions of libxml2 that are used, loaded when needed.
 */
#include "src/library.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#define FUNCTIONS(X)                                                           \
    X(xmlCtxtReadMemory)                                                       \
    X(xmlFreeDoc)                                                              \
    X(xmlFreeParserCtxt)                                                       \
    X(xmlNewParserCtxt)                                                        \
    X(xmlSetGenericErrorFunc)                                                  \
    X(xmlStopParser)

#define POINTER(name) __typeof__(name) *name;
#define SLOT(name)    {#name, &real.name},

/* Filled once, by cs_library_xml(). */
static struct {
    FUNCTIONS(POINTER)
    bool loaded;
} real;

enum cs_status cs_library_xml(struct cs_error *err)
{
    const struct cs_library_slot slots[] = {FUNCTIONS(SLOT)};
    return cs_library_load(CS_LIBRARY_XML, slots, CS_ARRAY_LEN(slots),
                           &real.loaded, err);
}

xmlParserCtxt *xmlNewParserCtxt(void)
{
    return real.xmlNewParserCtxt();
}

void xmlFreeParserCtxt(xmlParserCtxt *ctxt)
{
    real.xmlFreeParserCtxt(ctxt);
}

void xmlFreeDoc(xmlDoc *doc)
{
    real.xmlFreeDoc(doc);
}

void xmlStopParser(xmlParserCtxt *ctxt)
{
    real.xmlStopParser(ctxt);
}

void xmlSetGenericErrorFunc(void *ctx, xmlGenericErrorFunc handler)
{
    real.xmlSetGenericErrorFunc(ctx, handler);
}

xmlDoc *xmlCtxtReadMemory(xmlParserCtxt *ctxt, const char *data, int size,
                          const char *url, const char *encoding, int options)
{
    return real.xmlCtxtReadMemory(ctxt, data, size, url, encoding, options);
}
