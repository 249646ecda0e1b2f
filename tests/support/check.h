/* check.h - the one wrapper over cmocka.
 *
 * assert_ok(call(..., &err)) prints the message of a failure. TEST_DATA(name)
 * is a path in the folder of real test material, which a user's checkout does
 * not have: skip_without_data says so and skips. */
#ifndef LEDE_TESTS_SUPPORT_CHECK_H
#define LEDE_TESTS_SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/span.h"
#include "base/status.h"

/* Sanitizers are slow and take memory: promises about either hold without. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CHECK_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CHECK_IS_SANITIZED 1
#endif
#endif
#ifndef CHECK_IS_SANITIZED
#define CHECK_IS_SANITIZED 0
#endif

#define assert_ok(call)                                                        \
    check_status((call), LEDE_OK, &err, #call, __FILE__, __LINE__)
#define assert_status(call, wanted)                                            \
    check_status((call), (wanted), &err, #call, __FILE__, __LINE__)
#define assert_span(span, text)                                                \
    check_span((span), (text), #span, __FILE__, __LINE__)
#define TEST_DATA(name) LEDE_TEST_DATA_DIR "/" name

static inline void check_status(lede_status got, lede_status wanted,
                                const lede_error *err, const char *what,
                                const char *file, int line)
{
    if (got != wanted) {
        print_error("%s\n  gave '%s' (%s), wanted '%s'\n", what,
                    lede_status_name(got), err->message,
                    lede_status_name(wanted));
        _fail(file, line);
    }
}

static inline void check_span(lede_span got, const char *wanted,
                              const char *what, const char *file, int line)
{
    if (!lede_span_is(got, wanted)) {
        print_error("%s\n  is  \"%.*s\"\n  not \"%s\"\n", what, (int)got.len,
                    (const char *)got.bytes, wanted);
        _fail(file, line);
    }
}

static inline void skip_without_data(const char *path)
{
    if (access(path, R_OK) != 0) {
        print_message("skipped: no test material at %s\n", path);
        skip();
    }
}

#endif
