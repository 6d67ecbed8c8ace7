/*
 * inject_vfs.h - a layer between SQLite and its files that can fail.
 */
#ifndef CS_TESTS_FAULT_INJECT_VFS_H
#define CS_TESTS_FAULT_INJECT_VFS_H

/* Make it what every database is opened with. */
void inject_vfs_register(void);

#endif
