/* Texts that nobody wrote: what recogniser and linker hold of memory stays
 * bounded, and twice the text takes about twice the time. */
#include "tests/support/check.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names/link.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

enum {
    MEGABYTE = 1 << 20,
#ifdef HAS_SANITIZER
    SIZE = 2 * MEGABYTE,
#else
    SIZE = 32 * MEGABYTE,
#endif
    /* recognize.h: 16 MB; as much again for the entities of so many mentions,
     * and what is remembered of their names. */
    MOST_HELD = 96 * MEGABYTE
};

static lede_name_model *model;
static lede_gazetteer *gazetteer;

static int open_all(void **state)
{
    lede_error err = {0};

    (void)state;
    assert_ok(lede_name_model_open(LEDE_SOURCE_DIR "/names/model/names.model",
                                   &model, &err));
    assert_ok(lede_gazetteer_open(
        LEDE_SOURCE_DIR "/names/gazetteer/places.table", &gazetteer, &err));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    lede_name_model_free(model);
    lede_gazetteer_close(gazetteer);
    return 0;
}

static size_t in_use(void)
{
#ifdef HAS_SANITIZER
    return __sanitizer_get_current_allocated_bytes();
#else
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
#endif
}

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Reads and links the text with fresh ones; the CPU seconds that took. */
static double read_once(lede_span text, size_t *held)
{
    lede_name_text one = {text, LEDE_NAME_TEXT_OPENING};
    size_t before = in_use();
    lede_recognizer *recognizer = lede_recognizer_new(model);
    lede_linker *linker = lede_linker_new(gazetteer);
    const lede_mention *mentions;
    const lede_entity *entities;
    const uint32_t *entity_of;
    size_t mention_count, count;
    lede_error err = {0};
    double start = cpu_seconds();
    double spent;

    assert_non_null(recognizer);
    assert_non_null(linker);
    assert_ok(lede_recognizer_read(recognizer, &one, 1, &mentions,
                                   &mention_count, &err));
    assert_ok(lede_linker_link(linker, &one, 1, mentions, mention_count, NULL,
                               &entities, &count, &entity_of, &err));
    spent = cpu_seconds() - start;
    *held = in_use() - before;
    lede_linker_free(linker);
    lede_recognizer_free(recognizer);
    return spent;
}

static void check_text(char *text)
{
    size_t held = 0;
    double half, whole;

    half = read_once(lede_span_of(text, SIZE / 2), &held);
    whole = read_once(lede_span_of(text, SIZE), &held);
    if (held > MOST_HELD) {
        fail_msg("%zu bytes are held", held);
    }
    /* Other programs run beside it: only growth by squares is told so. */
    if (whole > 3 * half + 0.5) {
        fail_msg("half takes %.2f s, the whole %.2f s", half, whole);
    }
}

static void fill(char *text, const char *unit)
{
    size_t len = strlen(unit);
    size_t i;

    for (i = 0; i < SIZE; i++) {
        text[i] = unit[i % len];
    }
}

static char *new_text(void)
{
    char *text = malloc(SIZE);

    assert_non_null(text);
    return text;
}

static void test_hostile__nothing_but_capitals(void **state)
{
    char *text = new_text();

    (void)state;
    fill(text, "PARIS MR SMITH OF LONDON JOHN ");
    check_text(text);
    fill(text, "A B C ");
    check_text(text);
    fill(text, "Smith ");
    check_text(text);
    free(text);
}

static void test_hostile__one_word(void **state)
{
    char *text = new_text();

    (void)state;
    fill(text, "Aa");
    check_text(text);
    fill(text, "A.");
    check_text(text);
    fill(text, "O'");
    check_text(text);
    fill(text, "X-");
    check_text(text);
    free(text);
}

static void test_hostile__no_utf8(void **state)
{
    char *text = new_text();
    uint64_t random = 88172645463325252u;
    size_t i;

    (void)state;
    for (i = 0; i < SIZE; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        text[i] = (char)(random >> 24);
    }
    check_text(text);
    fill(text, "\xF0\x90\xFF\xC3 Ab\xED\xA0\x80 ");
    check_text(text);
    free(text);
}

/* Names that are all different: of people, and of places that are none. */
static void test_hostile__a_million_names(void **state)
{
    char *text = new_text();
    size_t at = 0;
    unsigned n = 0;

    (void)state;
    while (at + 64 < SIZE) {
        at += (size_t)snprintf(
            text + at, 64, "John %c%c%c%c%s, in %c%c%c%cville. ",
            'A' + (char)(n % 26), 'a' + (char)(n / 26 % 26),
            'a' + (char)(n / 676 % 26), 'a' + (char)(n / 17576 % 26),
            n % 3 == 0 ? "son" : "", 'A' + (char)(n % 26),
            'a' + (char)(n / 26 % 26), 'a' + (char)(n / 676 % 26), 'o');
        n++;
    }
    memset(text + at, ' ', SIZE - at);
    check_text(text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile__nothing_but_capitals),
        cmocka_unit_test(test_hostile__one_word),
        cmocka_unit_test(test_hostile__no_utf8),
        cmocka_unit_test(test_hostile__a_million_names),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
