/*
 * xml_repair.h - makes almost-XML well-formed.
 *
 * Private to src/xml.c.
 */
#ifndef CS_SRC_XML_REPAIR_H
#define CS_SRC_XML_REPAIR_H

#include "src/strbuf.h"
#include "src/xml.h"

/* Append to `out` a well-formed form of `source`: every start tag is ended,
 * text that only looks like markup is escaped, forbidden characters are left
 * out, comments, instructions and document types too. What had to be changed
 * beyond that is added to `flaws`. Takes time linear in `len`. */
void cs_xml_repair(struct cs_strbuf *out, const char *source, size_t len,
                   unsigned flaws[CS_XML_FLAWS]);

#endif
