/*
 * What tests may do to the site while it is served. Each handler reads a JSON
 * body and answers {"id":...,"version":...} or a 400; README.md documents
 * them with a curl line each. All run under the write lock.
 */
#ifndef FAKE_CONTROL_H
#define FAKE_CONTROL_H

#include "tests/fake/http.h"

void fk_control_edit(struct fk_request *req);
void fk_control_move(struct fk_request *req);
void fk_control_delete(struct fk_request *req);
void fk_control_restore(struct fk_request *req);
void fk_control_create(struct fk_request *req);
void fk_control_label(struct fk_request *req);
void fk_control_rename_user(struct fk_request *req);
void fk_control_hide(struct fk_request *req);
void fk_control_poison(struct fk_request *req);
void fk_control_attach(struct fk_request *req);
void fk_control_comment(struct fk_request *req);

#endif
