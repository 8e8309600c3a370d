#ifndef KUID_SYSREQD_SUITES_H
#define KUID_SYSREQD_SUITES_H

#include "../check.h"

extern const struct test server_tests[];        /* one connection */
extern const struct test delivery_tests[];      /* the same in pieces, with faults */
extern const struct test manager_tests[];       /* the pool */
extern const struct test door_tests[];          /* the listening sockets */
extern const struct test peer_tests[];          /* who may come in */
extern const struct test start_tests[];         /* arguments, messages, signals */
extern const struct test look_tests[];          /* the filters, interpreted */

#endif
