/*
 * adopt.c - files of ours that the rows have forgotten.
 *
 * After the loss of an index the mirror is full of files that no row knows. One
 * that stands at its document's path and names it is taken over; its hash is
 * set to one that no bytes have, so that the file counts as edited unless it
 * has just the bytes that are to be written.
 */
#include "index/store/claim.h"
#include "index/store/internal.h"

static const unsigned char unknown_hash[CS_HASH_SIZE];

enum cs_status cs_claim_adopt(struct cs_store *store, int64_t document,
                              const char *path, int64_t *ret_own,
                              struct cs_error *err)
{
    struct cs_claim claim;
    int64_t own = 0;
    enum cs_status status = cs_claim_read(store->dir, path, &claim, err);
    if (status || !claim.id[0])
        return status;
    status =
        cs_db_int(store->db, &own, err,
                  "SELECT 1 FROM document d JOIN source s ON s.id = d.source"
                  " WHERE d.id = ? AND d.vendor_id = ? AND s.name = ?",
                  "iss", document, claim.id, claim.source);
    if (!status && own)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET file_path = ?, file_hash = ?"
                           " WHERE id = ?",
                           "sbi", path, unknown_hash, sizeof(unknown_hash),
                           document);
    if (!status)
        *ret_own = own;
    return status;
}
