#include "storage/shards.h"

#include "tests/support/check.h"
#include "tests/support/silent.h"

enum { SERVERS = 5, WAIT_MS = 1500 };

static void test_shards__silent_servers_are_waited_for_together(void **state)
{
    silent s;
    lede_shards *shards = NULL;
    lede_error err = {0};
    char name[32 * SERVERS] = "tcp:";

    (void)state;
    silent_start(&s, NULL, SERVERS);
    for (int i = 0; i < SERVERS; i++) {
        size_t len = strlen(name);

        snprintf(name + len, sizeof name - len, "%s127.0.0.1:%u",
                 i == 0 ? "" : ",", (unsigned)s.ports[i]);
    }
    assert_status(lede_shards_open(name, WAIT_MS, &shards, &err), LEDE_IO);
    assert_true(silent_finish(&s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shards__silent_servers_are_waited_for_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
