/*
 * xml_entities.h - named characters of HTML, which XML does not know.
 */
#ifndef CS_SRC_XML_ENTITIES_H
#define CS_SRC_XML_ENTITIES_H

/* The character that "&name;" stands for, in UTF-8; NULL when there is no
 * such name. Names are case sensitive. */
const char *cs_xml_entity(const char *name);

#endif
