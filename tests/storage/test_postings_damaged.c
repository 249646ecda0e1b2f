/* Posting lists with bits flipped, and cut short: whatever is read of them, it
 * is within bounds. */
#include "tests/storage/lists.h"

#include "storage/postings_bits.h"

/* Of a damaged block any place may be told, but none past its end. */
static void find_all(const lede_postings *list, uint32_t b, uint32_t n)
{
    lede_postings_block block;
    uint32_t place;

    if (!lede_postings_block_open(list, b, &block) ||
        lede_postings_skip(list) == list->one) {
        return;
    }
    for (uint32_t i = 0; i < 300 && block.first + i <= block.last; i++) {
        assert_true(
            !lede_postings_block_find(&block, block.first + i, &place) ||
            place <= n);
        assert_true(!lede_postings_block_find(&block, block.last - i, &place) ||
                    place <= n);
    }
}

/* Reads everything that can be read; anything may be found wrong. */
static void read_all(const lede_postings *list)
{
    static bool wanted[LEDE_MAX_FORMS];
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    bool with[LEDE_BLOCK_POSTINGS];
    lede_form *forms = check_alloc(list->form_count, sizeof *forms);
    lede_position_reader reader;
    lede_arena arena = {0};
    lede_span words;
    uint32_t first;
    uint32_t b;
    uint32_t i;

    lede_position_reader_init(&reader, list);
    (void)lede_postings_forms(list, lede_span_text("stemmed"), &arena, forms,
                              NULL);
    for (b = 0; b < list->block_count; b++) {
        uint32_t n = lede_postings_block_size(list, b);
        bool has_field;
        uint32_t count;

        if (lede_postings_entries(list, b, entries)) {
            for (i = 0; i < n; i++) {
                assert_true(entries[i] < list->segment.entries);
                assert_true(i == 0 || entries[i] > entries[i - 1]);
            }
        }
        (void)lede_postings_frequencies(list, b, frequencies);
        (void)lede_postings_fields(list, b, fields);
        (void)lede_postings_with_forms(list, b, wanted, with);
        (void)lede_postings_bits(list, b, &first, &words);
        (void)lede_postings_has_fields(list, b, 1, &has_field);
        find_all(list, b, n);
        for (i = 0; i < n; i++) {
            (void)lede_postings_frequency_at(list, b, i, &count);
            (void)lede_position_reader_get(&reader, b, i, &count, NULL);
        }
    }
    lede_position_reader_done(&reader);
    lede_arena_done(&arena);
    free(forms);
}

static void flip_everything(const plain_list *plain, random_source *r)
{
    kept_chunks *kept = check_alloc(1, sizeof *kept);
    lede_buf bytes = {0};
    lede_postings_segment segment = {plain->segment_entries, plain->lengths};
    lede_position_source source = {give_chunk, kept, 0};
    lede_postings list;
    lede_span tight;
    size_t i;

    encode_list(plain, &bytes, kept);
    tight = tight_copy(lede_buf_span(&bytes));
    for (i = 0; i < tight.len + kept->bytes.len; i++) {
        uint8_t *at = i < tight.len ? (uint8_t *)(uintptr_t)tight.bytes + i
                                    : kept->bytes.bytes + (i - tight.len);
        uint8_t bit = (uint8_t)(1u << random_below(r, 8));

        *at ^= bit;
        if (lede_postings_open(tight, &segment, &source, &list, NULL) ==
            LEDE_OK) {
            read_all(&list);
        }
        *at ^= bit;
    }
    for (i = 0; i < tight.len; i += 1 + i / 16) {
        lede_span cut = tight_copy(lede_span_part(tight, 0, i));

        if (lede_postings_open(cut, &segment, &source, &list, NULL) ==
            LEDE_OK) {
            read_all(&list);
        }
        free((void *)(uintptr_t)cut.bytes);
    }
    free((void *)(uintptr_t)tight.bytes);
    lede_buf_done(&bytes);
    lede_buf_done(&kept->bytes);
    free(kept);
}

static void test_postings_damaged__flipped_bits_stay_within_bounds(void **state)
{
    static const uint32_t sizes[] = {1, 5, 8, 20, 140, 300};
    static const uint32_t forms[] = {0, 1, 3, 40};
    random_source r = {99};
    unsigned i;

    (void)state;
    for (i = 0; i < 24; i++) {
        list_shape shape = {.n = sizes[i % 6],
                            .segment_entries = sizes[i % 6] * (1 + i % 5),
                            .form_count = forms[i / 6],
                            .has_positions = i % 7 != 6,
                            .is_natural = i % 2 == 0,
                            .frequency_bits = 12,
                            .position_bits = 9,
                            .count_bits = 2,
                            .field_masks = i % 3};
        plain_list plain = make_list(&r, &shape);

        lede_simd_force(lede_simd_is_supported((lede_simd)(i % 3))
                            ? (lede_simd)(i % 3)
                            : LEDE_SIMD_SCALAR);
        flip_everything(&plain, &r);
        plain_list_done(&plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_postings_damaged__flipped_bits_stay_within_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
