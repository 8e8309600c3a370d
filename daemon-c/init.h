#ifndef KUID_INIT_H
#define KUID_INIT_H

#include <sys/types.h>

/* Serves as PID 1 until the daemon ends; returns the code to exit with.  Needs
   all signals blocked since before the daemon was forked. */
int init_serve(pid_t daemon);

#endif
