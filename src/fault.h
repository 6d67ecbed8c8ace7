/*
 * fault.h - places where a test makes the world fail.
 *
 * Every operation on the file system passes a fault point. In a build with
 * CS_FAULTS the environment says which of them fails and how:
 *
 *     CS_FAULT=17:ENOSPC   the 17th point fails with that errno
 *     CS_FAULT=17:kill     the process dies there, as by kill -9
 *     CS_FAULT=report      the number of points passed goes to stderr at exit
 *
 * In other builds the macro is the constant 0 and leaves no code behind.
 */
#ifndef CS_SRC_FAULT_H
#define CS_SRC_FAULT_H

#ifdef CS_FAULTS
/* The errno with which the operation `point` must fail now, or 0. */
int cs_fault(const char *point);
#define CS_FAULT(point) cs_fault(point)
#else
#define CS_FAULT(point) 0
#endif

#endif
