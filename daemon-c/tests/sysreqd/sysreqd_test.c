#include "suites.h"
#include "../../sysreqd/sysreqd.h"

void signal_return(void)
{
}

int main(void)
{
    check_run(server_tests);
    check_run(manager_tests);
    check_run(door_tests);
    check_run(start_tests);
    check_run(look_tests);
    return check_summary();
}
