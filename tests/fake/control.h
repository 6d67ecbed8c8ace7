/*
 * What tests may do to the site while it is served. Each handler reads a JSON
 * body and answers {"id":...,"version":...} or a 400; README.md documents
 * them with a curl line each. All run under the write lock.
 */
#ifndef FAKE_CONTROL_H
#define FAKE_CONTROL_H

#include "tests/fake/http.h"
#include "tests/fake/order.h"

void fk_control_edit(struct fk_request *req);
void fk_control_move(struct fk_request *req);
void fk_control_delete(struct fk_request *req);
void fk_control_restore(struct fk_request *req);
void fk_control_create(struct fk_request *req);
void fk_control_label(struct fk_request *req);
void fk_control_rename_user(struct fk_request *req);
void fk_control_hide(struct fk_request *req);
void fk_control_restrict(struct fk_request *req);
void fk_control_space(struct fk_request *req);
void fk_control_set(struct fk_request *req);
void fk_control_swap(struct fk_request *req);
void fk_control_truth(struct fk_request *req);
void fk_control_random(struct fk_request *req);
void fk_control_random_faults(struct fk_request *req);

/* Delete the attachment or comment of this id: to the trash, or for ever with
 * `purge`. False when it is neither. Answers of a comment go up one step. */
bool fk_control_delete_leaf(struct fk_request *req, const cJSON *o);

/* Begin the next version of a thing that keeps no old ones. */
void fk_control_next_version(struct fk_item *item, const cJSON *o);

/* Fill in a new item from an order. */
void fk_control_fill(struct fk_site *site, struct fk_item *item,
                     const cJSON *o);

/* Answer {"id":...,"version":...}, or a 400 that says why not. */
void fk_control_done(struct fk_request *req, const struct fk_item *item);
void fk_control_refuse(struct fk_request *req, const char *why);

/* Drop content for ever, with its files and comments. */
void fk_control_purge(struct fk_site *site, struct fk_content *c);
void fk_control_poison(struct fk_request *req);
void fk_control_attach(struct fk_request *req);
void fk_control_comment(struct fk_request *req);

#endif
