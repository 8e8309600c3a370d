#include "suites.h"
#include "../../sysreqd/sysreqd.h"

/* In the program it is assembly. */
void signal_return(void)
{
}

int main(void)
{
    check_run(server_tests);
    check_run(delivery_tests);
    check_run(manager_tests);
    check_run(door_tests);
    check_run(peer_tests);
    check_run(start_tests);
    check_run(look_tests);
    return check_summary();
}
