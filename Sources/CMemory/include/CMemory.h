#ifndef CMEMORY_H
#define CMEMORY_H

// Nothing to call: linked into a program, this target replaces `malloc` and its like in all of it,
// so that memory that is not there is an error like others. See CMemory.c.

#endif
